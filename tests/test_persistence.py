import json
import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encoders.tiny import make_model
from tests.fakes import WordEncoder
from zstext import ModelError, PersistenceError, ZeroShotClassifier
from zstext.folder import CONFIG, FORMAT_VERSION, read_arrays, read_config, write

TEXTS = ["The striker scored twice.", "Parliament passed the budget.", "zzz"]


def arrays_of(folder):
    [path] = folder.glob("*.safetensors")
    return path


@pytest.fixture
def saved(encoder, tmp_path):
    clf = ZeroShotClassifier(
        {"sports": "games", 'a "b", {c}=😀': None, "سياسة": ["law", "votes"]},
        encoder=encoder,
        templates=["{}", "About {}."],
        threshold=0.2,
        long="max",
    ).fit()
    clf.save(tmp_path / "deep" / "clf")
    return clf, tmp_path / "deep" / "clf"


def test_loaded_it_answers_the_same(saved):
    clf, folder = saved
    assert sorted(os.listdir(folder)) == [arrays_of(folder).name, CONFIG]
    again = ZeroShotClassifier.load(folder)
    assert again.labels_ == clf.labels_
    assert again.classes_.tolist() == clf.classes_.tolist()
    assert (again.threshold, again.long, again.multi_label) == (0.2, "max", False)
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-6)
    assert again.predict(TEXTS).tolist() == clf.predict(TEXTS).tolist()
    assert again.with_labels(["new"]).classes_.tolist()[-1] == "new"


def test_it_can_be_saved_over_and_saved_again(saved, tmp_path):
    _, folder = saved
    again = ZeroShotClassifier.load(folder)
    before = (folder / CONFIG).read_bytes()
    again.save(folder)
    assert (folder / CONFIG).read_bytes() == before
    ZeroShotClassifier.load(folder)


def test_multi_label(encoder, tmp_path):
    clf = ZeroShotClassifier(["sports"], encoder=encoder, multi_label=True).fit()
    clf.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-6)


def test_a_model_of_the_users_own(tmp_path, monkeypatch):
    model = make_model(tmp_path, prompts={"query": "query: "})
    monkeypatch.chdir(tmp_path)
    clf = ZeroShotClassifier(["cats", "dogs"], encoder="model").fit()
    clf.save(tmp_path / "clf")
    monkeypatch.chdir("/")
    again = ZeroShotClassifier.load(tmp_path / "clf")
    texts = ["cats purr", "dogs bark"]
    np.testing.assert_allclose(again.predict_proba(texts), clf.predict_proba(texts), atol=1e-6)
    settings_file = model / "config_sentence_transformers.json"
    settings_file.write_text(settings_file.read_text().replace("query: ", "passage: "))
    with pytest.raises(ModelError, match=r"was saved with another .*use the same model files"):
        ZeroShotClassifier.load(tmp_path / "clf")


def test_a_folder_of_a_version_with_known_categories(tmp_path, monkeypatch):
    """It moved class embeddings: those that were saved are taken, and the option is passed over."""
    clf = ZeroShotClassifier(["red car", "green tree"], encoder=WordEncoder()).fit()
    clf.save(tmp_path)
    config = read_config(tmp_path)
    arrays = read_arrays(tmp_path, config)
    config["options"]["known_categories"] = True
    arrays["class_embeddings"] = arrays["class_embeddings"][::-1]
    write(tmp_path, config | {"format_version": 3}, arrays)
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *args, **options: WordEncoder())
    again = ZeroShotClassifier.load(tmp_path)
    texts = ["a red car", "a green tree"]
    assert again.predict(texts).tolist() == clf.predict(texts).tolist()[::-1]
    assert again.with_labels(["blue sky"]).predict(texts).tolist() == clf.predict(texts).tolist()


def test_nothing_executable_is_written(saved):
    _, folder = saved
    config = json.loads((folder / CONFIG).read_text())
    assert config["format_version"] == FORMAT_VERSION
    assert config["labels"][1] == {
        "name": 'a "b", {c}=😀',
        "descriptions": [],
        "seen": False,
    }
    header = arrays_of(folder).read_bytes()
    assert header[8:9] == b"{"  # safetensors


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    clf = ZeroShotClassifier(["red car", "green tree"], encoder=WordEncoder()).fit()
    clf.save(folder)
    return folder


@pytest.fixture
def put_back(folder):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    yield folder
    for path, data in before.items():
        path.write_bytes(data)


def edited(folder, **changes):
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**config, **changes}))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: (f / CONFIG).unlink(), "holds no saved classifier: no config.json"),
        (lambda f: arrays_of(f).unlink(), r"arrays-\w+\.safetensors cannot be read .*; save again"),
        (lambda f: (f / CONFIG).write_text("{"), "config.json is damaged"),
        (lambda f: (f / CONFIG).write_text(""), "config.json is damaged"),
        (lambda f: (f / CONFIG).write_bytes(b"\xff\xfe{}"), "config.json is damaged"),
        (lambda f: (f / CONFIG).write_text("[" * 100_000), "config.json is damaged"),
        (lambda f: (f / CONFIG).write_text("[]"), "is not the configuration of a saved"),
        (lambda f: (f / CONFIG).write_text('{"model_type": "bert"}'), "is not the configuration"),
        (lambda f: os.truncate(arrays_of(f), 100), r"arrays-\w+\.safetensors is damaged"),
        (lambda f: os.truncate(arrays_of(f), 0), r"arrays-\w+\.safetensors is damaged"),
        (lambda f: edited(f, threshold=0.9), "config.json is damaged or was edited"),
        (lambda f: edited(f, labels=[]), "config.json is damaged or was edited"),
        (
            lambda f: edited(f, format_version=FORMAT_VERSION + 1, zstext_version="9.0"),
            f"was written by zstext 9.0 in format {FORMAT_VERSION + 1}; .* up to format "
            f"{FORMAT_VERSION}: upgrade",
        ),
    ],
)
def test_damage(put_back, spoil, message):
    spoil(put_back)
    with pytest.raises(PersistenceError, match=message):
        ZeroShotClassifier.load(put_back)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(st.data())
def test_any_changed_byte_is_told(folder, data):
    path = data.draw(st.sampled_from([folder / CONFIG, arrays_of(folder)]))
    before = path.read_bytes()
    position = data.draw(st.integers(0, len(before) - 1))
    other = data.draw(st.integers(1, 255))
    after = bytearray(before)
    after[position] ^= other
    try:
        path.write_bytes(after)
        if path.name == CONFIG and _same_json(before, bytes(after)):
            return  # white space
        with pytest.raises(PersistenceError):
            ZeroShotClassifier.load(folder)
    finally:
        path.write_bytes(before)


def _same_json(one, other):
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return False


def test_a_folder_that_is_none(tmp_path):
    for where in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(PersistenceError, match="holds no saved classifier"):
            ZeroShotClassifier.load(where)


def test_a_hub_encoder_that_is_not_here(put_back):
    with pytest.raises(ModelError, match="'words' is not on this machine"):
        ZeroShotClassifier.load(put_back)
