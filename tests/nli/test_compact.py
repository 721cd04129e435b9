import pytest
from transformers import pipeline as hugging_face_pipeline

from zstext import ModelError, ZeroShotClassifier
from zstext.encoders.minilm import minilm_dir
from zstext.nli import COMPACT_MODEL, compact, load_entailer

TEXTS = ["I loved every minute of it.", "Nobody should bother with this.", "The train leaves at 9."]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """The compact model as a Hugging Face checkpoint."""
    from transformers import AutoTokenizer

    folder = tmp_path_factory.mktemp("compact")
    compact.load().save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm_dir()).save_pretrained(folder)
    return folder


def test_it_is_small():
    assert sum(p.numel() for p in compact.load().parameters()) < 25e6
    assert (compact.directory() / compact.WEIGHTS).stat().st_size < 50e6


@pytest.mark.parametrize("multi_label", [False, True])
def test_scores_equal_those_of_the_hugging_face_pipeline(checkpoint, multi_label):
    theirs = hugging_face_pipeline("zero-shot-classification", str(checkpoint), device="cpu")
    labels = ["positive", "negative", "about trains"]
    clf = ZeroShotClassifier(labels, backend="nli", multi_label=multi_label).fit()
    for text, row in zip(TEXTS, clf.predict_proba(TEXTS), strict=True):
        expected = theirs(
            text, labels, multi_label=multi_label, hypothesis_template="This text is about {}."
        )
        ours = dict(zip(labels, row, strict=True))
        for label, score in zip(expected["labels"], expected["scores"], strict=True):
            assert ours[label] == pytest.approx(score, abs=1e-5)


def test_it_knows_what_follows():
    premise = "A man is playing a guitar on a stage."
    logits = (
        load_entailer()
        .entail([premise], ["A man makes music.", "Nobody is on the stage.", "A man is playing."])
        .logits[0]
    )
    follows = logits[:, 0] > logits[:, 1]
    assert follows.tolist() == [True, False, True]


def test_it_tells_praise_from_complaint():
    clf = ZeroShotClassifier(["positive", "negative"], backend="nli").fit()
    assert clf.predict(TEXTS[:2]).tolist() == ["positive", "negative"]


def test_its_name():
    assert load_entailer().name == load_entailer(COMPACT_MODEL).name == COMPACT_MODEL


def test_damaged_weights(tmp_path, monkeypatch):
    (tmp_path / compact.WEIGHTS).write_bytes(b"\0" * 20)
    monkeypatch.setattr(compact, "directory", lambda: tmp_path)
    with pytest.raises(ModelError, match="missing or damaged .*; reinstall zstext"):
        load_entailer()
