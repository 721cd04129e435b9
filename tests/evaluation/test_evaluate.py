import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import OptionError
from zstext.evaluation import evaluate_scores

LABELS = ["a", "b", "c"]
# Five items of classes a, a, b, b and of no class. Answers: a, b, b, none (not classified), c.
PROBA = np.array(
    [[0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1], [np.nan] * 3, [0.0, 0.5, 0.5 + 1e-9]]
)
TRUE = np.array([0, 0, 1, 1, -1])


def test_single_label_by_hand():
    e = evaluate_scores(PROBA, TRUE, LABELS)
    assert e.items.y_pred.tolist() == [0, 1, 1, -1, 2]
    assert e.accuracy == 2 / 4  # the item of no class does not count, the unclassified one does
    assert e.classes.precision.tolist() == [1, 1 / 2, 0]
    assert e.classes.recall.tolist() == [1 / 2, 1 / 2, 0]
    assert e.classes.f1 == pytest.approx([2 / 3, 1 / 2, 0])
    assert e.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)  # c has no items
    assert e.untested == ("c",)
    assert e.confusion.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_calibration_leaves_out_what_has_no_class_or_no_label():
    e = evaluate_scores(PROBA, TRUE, LABELS)
    assert e.reliability.count.sum() == 3
    assert e.reliability.ece == pytest.approx((0.2 + 0.6 + 0.3) / 3)  # three bins of one
    squared = [0.2**2 + 0.1**2 * 2, 0.7**2 + 0.6**2 + 0.1**2, 0.2**2 + 0.3**2 + 0.1**2]
    assert e.brier == pytest.approx(sum(squared) / 3)


def test_risk_counts_items_of_no_class_and_without_a_label_as_wrong():
    s = evaluate_scores(PROBA, TRUE, LABELS).selective
    # surest first: a right (.8), b right (.7), b wrong (.6), no class (.5), not classified (0)
    assert s.curve.risk == pytest.approx([0, 0, 1 / 3, 2 / 4, 3 / 5])
    assert s.curve.area == pytest.approx((1 / 3 + 1 / 2 + 3 / 5) / 5)
    assert (s.coverage, s.precision) == (4 / 5, 2 / 4)
    assert s.out_of_scope_auroc == 3 / 4  # .8, .7, .6 are above .5, and 0 is below


def test_abstention_is_coverage_and_precision_of_the_answers():
    e = evaluate_scores(PROBA, TRUE, LABELS, answered=np.array([1, 0, 1, 1, 1], bool))
    assert e.selective.answered.tolist() == [True, False, True, False, True]
    assert (e.selective.coverage, e.selective.precision) == (3 / 5, 2 / 3)
    assert e.accuracy == 2 / 4
    nobody = evaluate_scores(PROBA, TRUE, LABELS, answered=np.zeros(5, bool))
    assert nobody.selective.coverage == 0
    assert np.isnan(nobody.selective.precision)


def test_generalized_by_hand():
    scores = np.array([[3.0, 0, 2.0], [1.0, 0, 2.0], [0, 2.0, 1.0], [0, 0, 0.0], [2.0, 0, 1.0]])
    y = np.array([0, 0, 1, 1, 2])
    proba = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    seen = np.array([True, True, False])
    e = evaluate_scores(proba, y, LABELS, scores=scores, seen_mask=seen, gamma=0.0)
    g = e.generalized
    # a: 1 of 2 right, b: 1 of 2 (a tie goes to a), c: 0 of 1
    assert (g.point.S, g.point.U, g.point.H) == (1 / 2, 0, 0)
    # margins of seen over unseen: 1, -1, 1, 0, 1
    assert g.curve.flips.tolist() == [-1, 0, 1]
    assert g.curve.S.tolist() == [0.75, 0.5, 0.5, 0]
    assert g.curve.U.tolist() == [0, 0, 0, 1]
    assert g.curve.ausuc == 0.5 * 1 / 2


def test_an_item_without_scores_is_wrong_all_along_the_curve():
    rng = np.random.default_rng(0)
    scores, y = rng.normal(size=(40, 6)), rng.integers(0, 6, 40)
    seen = np.arange(6) < 3
    proba = np.full((40, 6), 1 / 6)
    missing = rng.random(40) < 0.2
    wrong = scores.copy()
    for i in np.flatnonzero(missing):  # never right: the best of each kind is another class
        wrong[i] = 0.0
        wrong[i, (y[i] + 1) % 3], wrong[i, 3 + (y[i] + 1) % 3] = 9.0, 9.0
    scores[missing], proba[missing] = np.nan, np.nan
    curve = evaluate_scores(proba, y, list("abcdef"), scores=scores, seen_mask=seen)
    expected = evaluate_scores(
        np.full((40, 6), 1 / 6), y, list("abcdef"), scores=wrong, seen_mask=seen
    )
    assert curve.generalized.curve.ausuc == pytest.approx(expected.generalized.curve.ausuc)
    assert curve.generalized.curve.H.max() == pytest.approx(expected.generalized.curve.H.max())


def test_without_items_of_both_kinds_there_is_no_curve():
    proba = np.array([[0.9, 0.1], [0.2, 0.8]])
    e = evaluate_scores(proba, [0, 0], list("ab"), scores=proba, seen_mask=np.array([True, False]))
    assert e.generalized.curve is None
    assert e.generalized.point.S == 1 / 2
    assert np.isnan(e.generalized.point.U)


def test_multi_label_by_hand():
    Y = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 0]])
    P = np.array([[0.9, 0.4, 0.2], [0.6, 0.8, 0.1], [0.1, 0.3, 0.5], [np.nan] * 3])
    e = evaluate_scores(P, Y, LABELS, multi_label=True)
    assert e.items.y_pred.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert e.accuracy == 0  # no set is exactly right; nothing said about an item is no answer
    assert e.classes.f1 == pytest.approx([1 / 2, 2 / 3, 0])
    assert e.macro_f1 == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert e.multi.micro_f1 == pytest.approx(2 * 2 / (4 + 4))
    # a: ranks 1 and last of four; b: ranks 1 and 2; c has no items
    assert e.multi.average_precision == pytest.approx([(1 + 2 / 4) / 2, 1, np.nan], nan_ok=True)
    assert e.multi.mean_average_precision == pytest.approx((0.75 + 1) / 2)
    squared = [0.01, 0.36, 0.04, 0.36, 0.04, 0.01, 0.01, 0.09, 0.25]
    assert e.brier == pytest.approx(sum(squared) / 9)
    assert e.reliability.count.sum() == 9
    assert e.confusion is None
    assert e.selective is None


def test_no_answer_is_not_the_right_answer_even_where_no_label_is_true():
    P = np.array([[np.nan, np.nan], [0.1, 0.2], [0.9, 0.1]])
    e = evaluate_scores(P, [[0, 0], [0, 0], [1, 0]], list("ab"), multi_label=True)
    assert e.accuracy == 2 / 3


def test_the_threshold_decides_which_labels_are_given():
    Y, P = np.array([[1, 0]]), np.array([[0.3, 0.2]])
    assert evaluate_scores(P, Y, list("ab"), multi_label=True).accuracy == 0
    assert evaluate_scores(P, Y, list("ab"), multi_label=True, threshold=0.3).accuracy == 1


def test_one_class_and_one_item():
    e = evaluate_scores([[1.0]], [0], ["only"])
    assert (e.accuracy, e.macro_f1, e.reliability.ece, e.brier) == (1, 1, 0, 0)


def test_nothing_classified():
    e = evaluate_scores(np.full((2, 2), np.nan), [0, 1], list("ab"))
    assert (e.accuracy, e.selective.coverage) == (0, 0)
    assert e.reliability is None
    assert e.brier is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scores": [[1.0, 0.0]]}, "scores: only with seen_mask"),
        ({"gamma": 0.1}, "gamma: only with seen_mask"),
        ({"multi_label": True, "seen_mask": [True, False]}, "seen_mask: not with multi_label"),
        ({"multi_label": True, "answered": [True]}, "answered: not with multi_label"),
        ({"multi_label": True, "threshold": 1.5}, "threshold must be in 0..1, got 1.5"),
    ],
)
def test_options_that_contradict_each_other(options, message):
    truth = [[True, False]] if options.get("multi_label") else [0]
    with pytest.raises(OptionError, match=message):
        evaluate_scores([[0.5, 0.5]], truth, list("ab"), **options)


rows = st.lists(
    st.tuples(st.lists(st.integers(0, 5), min_size=3, max_size=3), st.integers(-1, 2)),
    min_size=1,
    max_size=25,
)


@given(rows)
def test_against_counting(pairs):
    """The measures are what one gets by going through the items one by one."""
    raw = np.array([p for p, _ in pairs], float) + 0.01
    P, y = raw / raw.sum(axis=1, keepdims=True), np.array([t for _, t in pairs])
    if (y == -1).all():
        y[0] = 0
    e = evaluate_scores(P, y, LABELS)
    said = [max(range(3), key=lambda c, p=p: (p[c], -c)) for p in P]
    pairs = list(zip(y.tolist(), said, strict=True))
    scope = [(t, s) for t, s in pairs if t >= 0]
    assert e.accuracy == pytest.approx(sum(t == s for t, s in scope) / len(scope))
    f1 = []
    for c in range(3):
        hits = sum(t == s == c for t, s in scope)
        n_true, n_said = sum(t == c for t, _ in scope), sum(s == c for _, s in scope)
        if n_true:
            f1.append(2 * hits / (n_true + n_said))
    assert e.macro_f1 == pytest.approx(sum(f1) / len(f1))
    assert e.selective.precision == pytest.approx(sum(t == s for t, s in pairs) / len(pairs))
    assert e.confusion.sum() == len(scope)
