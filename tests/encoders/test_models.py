import time

import pytest
from huggingface_hub import constants

from zstext import ModelError, load_encoder
from zstext.encoders import own
from zstext.encoders.minilm import NAME, minilm_dir
from zstext.encoders.models import fingerprint, model_dir, name_of


def test_the_models_that_come_with_zstext():
    assert model_dir(None) == model_dir(own.NAME) == own.directory()
    assert model_dir(NAME) == minilm_dir()


@pytest.mark.parametrize("weights", ["pytorch_model.bin", "model.pt", "sub/model.pkl", "a.ckpt"])
def test_pickled_weights_are_refused(tmp_path, weights):
    (tmp_path / "model.safetensors").touch()
    path = tmp_path / "module" / weights
    path.parent.mkdir(parents=True)
    path.touch()
    with pytest.raises(ModelError, match="pickled weights are never loaded; convert the model"):
        load_encoder(tmp_path)


def test_pickled_files_beside_safetensors_are_left_alone(tmp_path):
    for name in ("model.safetensors", "pytorch_model.bin", "training_args.bin", "optimizer.pt"):
        (tmp_path / name).touch()
    assert model_dir(tmp_path) == tmp_path


def test_a_folder_without_weights(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"holds no model: no \.safetensors file in it"):
        load_encoder(tmp_path)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(ModelError, match="nowhere is not a model directory"):
        model_dir(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="is not a model directory"):
        model_dir("./nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="file is not a model directory"):
        model_dir(tmp_path / "file")


def test_a_hub_id_that_is_not_here_fails_at_once():
    assert constants.ENDPOINT == "http://127.0.0.1:9"
    start = time.monotonic()
    with pytest.raises(ModelError, match="not on this machine and the model hub.* or name none"):
        load_encoder("sentence-transformers/all-mpnet-base-v2")
    assert time.monotonic() - start < 3
    with pytest.raises(ModelError, match=r"reached \(did you mean 'zstext-encoder'\?\); connect"):
        load_encoder("zstext-encodr")


@pytest.mark.parametrize("name", ["a/b/c", "not a model", "--"])
def test_what_can_be_no_hub_id(name):
    with pytest.raises(ModelError, match="is neither a directory nor a hub id"):
        model_dir(name)


def snapshot(cache, *files, revision="abc123"):
    """What the hub library leaves on the disk for owner/name."""
    repository = cache / "models--owner--name"
    folder = repository / "snapshots" / revision
    folder.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    for name in files:
        (folder / name).write_text("{}")
    return folder


def test_a_hub_model_that_is_here_needs_no_network(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    folder = snapshot(tmp_path, "modules.json", "model.safetensors")
    assert model_dir("owner/name") == folder


def test_a_download_that_broke_off_is_taken_up_again(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    snapshot(tmp_path, "modules.json")
    with pytest.raises(ModelError, match="not on this machine and the model hub cannot be reached"):
        model_dir("owner/name")


def test_names_lead_to_the_same_folder_from_anywhere(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert name_of("model") == name_of("~/model") == str(tmp_path / "model")
    assert name_of("owner/name") == "owner/name"
    assert name_of(None) == name_of(own.NAME) == own.NAME
    assert name_of(NAME) == NAME


def test_the_fingerprint_is_that_of_weights_and_settings(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        return fingerprint(tmp_path)

    first = write(model_safetensors="w", config_json="c")
    assert write(README_md="a note") == first
    assert write(model_safetensors="v") != first
    assert write(model_safetensors="w") == first
    assert write(vocab_txt="v") != first
