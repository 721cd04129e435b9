import hashlib

import numpy as np
import pandas as pd
import pytest

from tests.fakes import VectorEncoder, WordEncoder
from zstext import InputError, LabelError, ZeroShotClassifier, evaluate
from zstext.metrics import seen_unseen

COLOURS = ["red", "green", "blue"]


def fake(labels=COLOURS, **options):
    return ZeroShotClassifier(labels, encoder=WordEncoder(), templates="{}", **options)


def bags(label, n, seed=0):
    """Texts with the word of their label, and noise."""
    rng = np.random.default_rng([seed, len(label)])
    return [f"{label} w{rng.integers(40)} w{rng.integers(40)}" for _ in range(n)]


@pytest.fixture(scope="module")
def fitted():
    """Six seen classes, two unseen ones."""
    seen, unseen = ["a1", "b22", "c333", "d4444", "e55555", "f666666"], ["u1", "v22"]
    texts = [t for label in seen for t in bags(label, 8)]
    y = [label for label in seen for _ in range(8)]
    return fake(seen + unseen).fit(texts, y)


def test_by_hand():
    """Two of three right; the macro-F1 of recalls 1, 1, 0 and precisions 1, 1/2, - is 5/9."""
    result = evaluate(fake().fit(), ["red", "green", "green"], ["red", "green", "blue"])
    assert result.accuracy == pytest.approx(2 / 3)
    assert result.macro_f1 == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert result.confusion.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert result.generalized is None
    assert result.selective.answered.all()
    assert result.selective.out_of_scope_auroc is None


def test_probabilities_by_hand():
    """Cosines 1 and 0 at temperature T: p = e^(1/T) / (e^(1/T) + 1)."""
    table = {"x": [1, 0], "y": [0, 1], "red": [1, 0], "green": [0, 1]}
    clf = fake(["red", "green"])
    clf.encoder = VectorEncoder(table)
    with pytest.MonkeyPatch.context() as patch:
        from zstext.calibration import ScoreScale

        patch.setattr("zstext.backends.scale_for", lambda _: ScoreScale(1.0, 0.5, 1.0))
        clf.fit()
    p = np.e / (np.e + 1)
    result = evaluate(clf, ["x", "y", "x"], ["red", "green", "green"])
    assert result.accuracy == pytest.approx(2 / 3)
    assert result.items.confidence == pytest.approx([p, p, p])
    assert result.brier == pytest.approx((2 * 2 * (1 - p) ** 2 + 2 * p**2) / 3)
    assert result.reliability.ece == pytest.approx(abs(p - 2 / 3))
    assert result.selective.curve.area == pytest.approx(1 / 3)


def test_it_is_what_the_classifier_answers(fitted):
    texts = bags("a1", 5, 1) + bags("u1", 5, 1)
    y = ["a1"] * 5 + ["u1"] * 5
    result = evaluate(fitted, texts, y)
    np.testing.assert_allclose(result.items.proba, fitted.predict_proba(texts))
    assert result.accuracy == pytest.approx(fitted.score(texts, y))
    np.testing.assert_allclose(result.items.features, fitted.features(texts))
    assert evaluate(fitted, texts, y, scatter=False).items.features is None


def test_seen_and_unseen(fitted):
    texts = [t for label in fitted.classes_ for t in bags(str(label), 4, 3)]
    y = np.repeat(fitted.classes_, 4)
    result = evaluate(fitted, texts, y)
    hit = fitted.predict(texts) == y
    S = np.mean([hit[y == c].mean() for c in fitted.classes_[:6]])
    U = np.mean([hit[y == c].mean() for c in fitted.classes_[6:]])
    point = result.generalized.point
    assert pytest.approx((S, U)) == (point.S, point.U)
    assert pytest.approx(2 * S * U / (S + U)) == point.H
    assert result.generalized.gamma == fitted.calibrator_.seen.gamma
    assert result.generalized.seen_mask.tolist() == [True] * 6 + [False] * 2
    # The curve is that of the scores without the penalty.
    scores, true = fitted.decision_function(texts), np.repeat(np.arange(8), 4)
    at_zero = seen_unseen(true, scores.argmax(axis=1), fitted.seen_mask_)
    assert result.generalized.curve.harmonic_at([0.0])[0] == pytest.approx(at_zero.H)
    assert {"S", "U", "H", "AUSUC"} <= {name for name, *_ in result.summary()}


def test_a_gate_has_no_gamma():
    seen = ["a1", "b22", "c333", "d4444", "e55555"]
    texts = [t for label in seen for t in bags(label, 6)]
    clf = fake([*seen, "u1"], gate=True).fit(texts, np.repeat(seen, 6))
    result = evaluate(clf, [*texts, "u1 w3"], [*np.repeat(seen, 6), "u1"])
    assert result.generalized.gamma is None
    assert 0 <= result.generalized.point.H <= 1


def test_rows_of_one_kind_have_no_curve(fitted):
    result = evaluate(fitted, ["a1", "b22"], ["a1", "b22"])
    assert result.generalized.curve is None
    assert np.isnan(result.generalized.point.U)
    assert np.isnan(result.generalized.point.H)
    assert result.to_dict()["generalized"]["H"] is None


def test_all_seen_is_nothing_generalized():
    clf = fake().fit(["red x", "green x", "blue x"], COLOURS)
    assert evaluate(clf, COLOURS, COLOURS).generalized is None


@pytest.mark.parametrize("nothing", [None, -1, float("nan"), pd.NA], ids=repr)
def test_rows_of_no_class(nothing):
    texts, y = ["red", "green", "w1 w2 w3", "red"], ["red", "green", nothing, "blue"]
    result = evaluate(fake().fit(), texts, y)
    assert result.accuracy == pytest.approx(2 / 3)  # of the three that belong to a class
    assert result.items.in_scope.tolist() == [True, True, False, True]
    # Confidences: three equal ones, and less for the words that are no colour.
    assert result.selective.out_of_scope_auroc == 1.0
    assert result.selective.curve.risk[-1] == pytest.approx(2 / 4)
    assert result.selective.precision == pytest.approx(2 / 4)


def test_rows_that_cannot_be_classified():
    result = evaluate(fake().fit(), ["red", None, "", 5], ["red", "green", "blue", "red"])
    assert result.accuracy == pytest.approx(1 / 4)
    assert result.items.classified.tolist() == [True, False, False, False]
    assert result.selective.coverage == pytest.approx(1 / 4)


def test_abstention_counts_in_coverage_and_not_in_accuracy():
    clf = fake().fit()
    texts, y = ["red", "green", "w1 w2 w3"], ["red", "green", "blue"]
    p = clf.predict_proba(texts).max(axis=1)
    clf.threshold = float(p[:2].min() + p[2]) / 2
    result = evaluate(clf, texts, y)
    assert result.selective.answered.tolist() == [True, True, False]
    assert result.selective.precision == 1.0
    clf.threshold = None
    assert evaluate(clf, texts, y).accuracy == result.accuracy


@pytest.mark.parametrize("kind", [list, tuple, set, np.array, frozenset], ids=lambda k: k.__name__)
def test_multi_label(kind):
    """Decisions at 0.5 with p = sigmoid: the words of the labels, and those alone."""
    clf = fake(multi_label=True, threshold=0.5).fit()
    texts = ["red", "red green", "blue", "w1 w2"]
    y = [kind(["red"]), kind(["red", "green"]), "blue", kind([])]
    result = evaluate(clf, texts, y)
    assert result.items.y_true.tolist() == [
        [True, False, False], [True, True, False], [False, False, True], [False] * 3
    ]  # fmt: skip
    decided = clf.predict_proba(texts) >= 0.5
    right = (decided & result.items.y_true).sum()
    expected = 2 * right / (decided.sum() + 4)
    assert result.multi.micro_f1 == pytest.approx(expected)
    assert result.multi.mean_average_precision == pytest.approx(1.0)
    assert result.multi.threshold == 0.5
    assert (result.confusion, result.selective) == (None, None)


def test_multi_label_threshold_and_nothing():
    clf = fake(multi_label=True).fit()
    y = [["red"], None, float("nan"), -1]
    result = evaluate(clf, ["red", "w1", "w2", "w3"], y)
    assert result.multi.threshold == 0.5
    assert result.items.y_true.sum() == 1
    with pytest.raises(LabelError, match=r"'rad', .*did you mean 'red'"):
        evaluate(clf, ["red"], [["rad"]])


def test_what_cannot_be_measured(fitted):
    with pytest.raises(LabelError, match=r"'b222', which is not .*did you mean 'b22'"):
        evaluate(fitted, ["x"], ["b222"])
    with pytest.raises(InputError, match="2 documents, but 1 labels"):
        evaluate(fitted, ["x", "y"], ["a1"])
    with pytest.raises(InputError):
        evaluate(fitted, ["x"], [None])
    with pytest.raises(InputError):
        evaluate(fitted, [], [])
    with pytest.raises(InputError, match=r"write \[text\] for one"):
        evaluate(fitted, "x", ["a1"])


def test_documents_of_pandas(fitted):
    X = pd.Series(["a1 w1", "b22 w2"], index=[5, 5])
    y = pd.Series(["a1", "b22"], index=[9, 8])
    assert evaluate(fitted, X, y).accuracy == evaluate(fitted, list(X), list(y)).accuracy


def test_where_it_comes_from(fitted):
    result = evaluate(fitted, ["a1"], ["a1"])
    origin = result.provenance
    text = repr(result.to_dict())
    assert "words-1" in text
    assert hashlib.sha256(b'["a1", "a1"]').hexdigest() in repr(origin)
    other = evaluate(fitted, ["a1 x"], ["a1"]).provenance
    assert repr(other) != repr(origin)
    assert repr(evaluate(fitted, ["a1"], ["a1"]).provenance["models"]) == repr(origin["models"])


def test_measuring_changes_nothing(fitted):
    before = fitted.predict_proba(["a1 w1", "u1 w1"])
    evaluate(fitted, ["a1", "u1"], ["u1", "a1"])
    np.testing.assert_array_equal(fitted.predict_proba(["a1 w1", "u1 w1"]), before)
    assert not fitted.calibrated_
