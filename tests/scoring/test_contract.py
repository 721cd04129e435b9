"""What holds for every backend, with the real models."""

import math
import pickle

import numpy as np
import pytest
from sklearn.base import clone

from tests.nli.checkpoints import make_checkpoint
from zstext import OptionError, Reason, ZeroShotClassifier, load_entailer, pipeline

LABELS = ["sports", "politics", "cooking", "music"]
TEXTS = [
    "The striker scored twice in the last minute.",
    "Parliament passed the budget after a long debate.",
    "Stir the onions until they are golden.",
    "The orchestra played the second movement too fast.",
    "What a match! The goalkeeper saved three penalties.",
    "The minister resigned.",
]
BACKENDS = ["encoder", "nli", "cascade", "auto"]


@pytest.fixture(scope="module")
def entailer():
    return load_entailer(device="cpu")


@pytest.fixture(params=BACKENDS)
def make(request, encoder, entailer):
    """Return what makes a classifier of the backend."""

    def make(labels=LABELS, **options):
        return ZeroShotClassifier(
            labels, backend=request.param, encoder=encoder, entailer=entailer, **options
        )

    return make


def test_it_tags(make):
    answers = make().fit().predict(TEXTS).tolist()
    assert answers[:5] == ["sports", "politics", "cooking", "music", "sports"]


def test_probabilities(make):
    proba = make().fit().predict_proba(TEXTS)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert (proba >= 0).all()
    each = make(multi_label=True).fit().predict_proba(TEXTS)
    assert ((each > 0) & (each < 1)).all()


def test_a_document_is_scored_alike_in_any_company(make):
    clf = make().fit()
    together = clf.predict_proba(TEXTS)
    backwards = clf.predict_proba(TEXTS[::-1])[::-1]
    np.testing.assert_allclose(backwards, together, atol=1e-5)
    for text, expected in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(clf.predict_proba([text])[0], expected, atol=1e-5)


def test_the_order_of_labels_is_the_order_of_columns(make):
    order = [2, 0, 3, 1]
    proba = make([LABELS[i] for i in order]).fit().predict_proba(TEXTS)
    np.testing.assert_allclose(proba, make().fit().predict_proba(TEXTS)[:, order], atol=1e-5)


def test_one_result_a_row(make):
    rows = ["", TEXTS[0], None, 3, TEXTS[1], "\ud800 match", float("nan")]
    answers = make().fit().classify(rows)
    assert [a.reason for a in answers] == [
        Reason.EMPTY, None, Reason.MISSING, Reason.NOT_TEXT, None, None, Reason.MISSING,
    ]  # fmt: skip
    assert [a.label for a in answers if a.reason is None][:2] == ["sports", "politics"]
    assert make().fit().classify([]) == []


def test_long_documents(make):
    long = "The goalkeeper saved a penalty in the second half. " * 120
    for how in ("mean", "max"):
        (answer,) = make(long=how).fit().classify([long])
        assert answer.windows > 1
        assert not answer.truncated
        assert answer.label == "sports"
    (cut,) = make(long="truncate").fit().classify([long])
    assert (cut.windows, cut.truncated) == (1, True)


def test_how_many_documents_at_once(make):
    """As many as make 4,096 passes, at most 1,024."""
    expected = {"encoder": 1024, "nli": 1024, "cascade": 819, "auto": 819}
    clf = make().fit()
    assert clf.documents_at_once == expected[clf.backend]
    many = make([f"label {i}" for i in range(40)]).fit()
    expected |= {"nli": 102, "cascade": 682, "auto": 682}
    assert many.documents_at_once == expected[clf.backend]


def test_windows_are_those_of_the_model_that_needs_more(encoder, entailer, tmp_path):
    """The encoder reads 256 tokens at once, and this entailment model, a small one, 128."""
    small = load_entailer(make_checkpoint("bert", tmp_path / "m"), device="cpu")
    options = {"encoder": encoder, "entailer": small}
    text = "The goalkeeper saved a penalty in the second half. " * 12
    windows = {}
    for backend in ("encoder", "nli", "auto"):
        clf = ZeroShotClassifier(LABELS, backend=backend, **options).fit()
        windows[backend] = clf.classify([text])[0].windows
    assert windows["encoder"] < windows["nli"] == windows["auto"]


def test_descriptions_count(make):
    plain = make(["one", "two"]).fit().predict_proba(TEXTS[:1])[0]
    described = make({"one": "football and other games", "two": "cooking and food"}).fit()
    assert described.predict_proba(TEXTS[:1])[0, 0] > plain[0]


def test_calibration(make):
    clf = make().fit()
    assert not clf.classify(TEXTS[:1])[0].calibrated
    y = ["sports", "politics", "cooking", "music", "sports", "politics"]
    before = clf.predict(TEXTS)
    clf.calibrate(TEXTS, y, target_precision=0.5)
    assert clf.classify(TEXTS[:1])[0].calibrated
    assert clf.predict(TEXTS).tolist() == before.tolist()
    assert math.isclose(clf.predict_proba(TEXTS[:1]).sum(), 1)


def test_what_is_saved_answers_alike(make, tmp_path, monkeypatch, encoder, entailer):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *a, **k: encoder)
    monkeypatch.setattr("zstext.persistence.load_entailer", lambda *a, **k: entailer)
    clf = make({"sports": "games", "politics": None, "music": "songs"}, threshold=0.2).fit()
    clf.calibrate(TEXTS[:2], ["sports", "politics"])
    clf.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    assert again.backend == clf.backend
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-6)
    assert again.classify(TEXTS) == clf.classify(TEXTS)


def test_more_labels_than_a_few(make, tmp_path, monkeypatch, encoder, entailer):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *a, **k: encoder)
    monkeypatch.setattr("zstext.persistence.load_entailer", lambda *a, **k: entailer)
    kinds = ("old", "new", "big", "small", "odd", "plain", "red", "blue", "first", "last")
    names = [*LABELS, *(f"{kind} {thing}" for kind in kinds for thing in LABELS)]
    more = make(names[:5]).fit().with_labels(names[5:])
    expected = make(names).fit().predict_proba(TEXTS)
    np.testing.assert_allclose(more.predict_proba(TEXTS), expected, atol=1e-5)
    more.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    np.testing.assert_allclose(again.predict_proba(TEXTS), expected, atol=1e-5)


def test_more_labels(make):
    more = make(LABELS[:2]).fit().with_labels(LABELS[2:])
    np.testing.assert_allclose(
        more.predict_proba(TEXTS), make().fit().predict_proba(TEXTS), atol=1e-5
    )


def test_clones_and_pickles(make):
    clf = clone(make(threshold=0.3)).fit()
    again = pickle.loads(pickle.dumps(clf))
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-6)


def test_the_pipeline(encoder, entailer):
    for model, label in ((encoder, "sports"), (entailer, "sports")):
        assert pipeline(model)(TEXTS[0], LABELS)["labels"][0] == label


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backend": "nlp"}, r"encoder, nli, cascade, auto|did you mean 'nli'"),
        ({"shortlist": 3}, "a shortlist is for the cascade"),
        ({"backend": "cascade", "shortlist": 0}, "at least 1 label, got 0"),
        ({"backend": "nli", "entailer": 7}, "entailer must be a model or an entailer, got 7"),
        ({"backend": "nli", "semantics": "x.csv"}, "the nli backend reads names"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises(OptionError, match=message):
        ZeroShotClassifier(LABELS, **options).fit()


def test_auto_learns_with_the_encoder(encoder):
    clf = ZeroShotClassifier(LABELS, backend="auto", encoder=encoder, entailer="never loaded")
    assert (
        clf.fit(TEXTS[:2], ["sports", "politics"]).seen_mask_.tolist() == [True] * 2 + [False] * 2
    )


def test_entailment_has_no_features(entailer):
    clf = ZeroShotClassifier(LABELS, backend="nli", entailer=entailer).fit()
    with pytest.raises(OptionError, match="the nli backend has no features"):
        clf.features(TEXTS)
