import numpy as np
import pytest

from zstext.errors import InputError
from zstext.evaluation import evaluate_scores

GOOD = [[0.5, 0.5], [1.0, 0.0]]


@pytest.mark.parametrize(
    ("proba", "message"),
    [
        (np.zeros((0, 2)), "there are no rows"),
        ([[0.5, 0.25, 0.25]], r"each of the 2 classes, got an array of shape \(1, 3\)"),
        ([0.5, 0.5], r"got an array of shape \(2,\)"),
        ([[0.5, 0.5], [0.5, np.nan]], "row 1 of the probabilities"),
        ([[1.5, -0.5], [0.5, 0.5]], "row 0 of the probabilities .* must be in 0..1"),
        ([[0.5, 0.5], [0.9, 0.9]], "row 1 of the probabilities sums to 1.8, expected 1"),
    ],
)
def test_probabilities_that_are_none(proba, message):
    with pytest.raises(InputError, match=message):
        evaluate_scores(proba, [0] * len(proba), list("ab"))


def test_multi_label_rows_need_not_sum_to_one():
    assert evaluate_scores([[0.9, 0.9]], [[1, 1]], list("ab"), multi_label=True).accuracy == 1


@pytest.mark.parametrize(
    ("y_true", "message"),
    [
        ([0], "one integer class index for each of 2 items"),
        ([0.0, 1.0], "got float64"),
        (["a", "b"], "one integer class index"),
        ([0, 2], "class index 2 but there are 2 classes"),
        ([0, -2], "class index -2"),
        ([-1, -1], "none of the 2 items belongs to a class"),
    ],
)
def test_truth_that_does_not_fit(y_true, message):
    with pytest.raises(InputError, match=message):
        evaluate_scores(GOOD, y_true, list("ab"))


@pytest.mark.parametrize(
    ("y_true", "message"),
    [
        ([[1, 0]], "2 items and 2 classes"),
        ([[1, 0], [2, 0]], "true or false"),
        ([[0, 0], [0, 0]], "none of the 2 items has a label"),
    ],
)
def test_label_sets_that_do_not_fit(y_true, message):
    with pytest.raises(InputError, match=message):
        evaluate_scores(GOOD, y_true, list("ab"), multi_label=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": [[1.0]]}, "features must have a row for each of 2 items"),
        ({"seen_mask": [True]}, "seen_mask must be 2 times true or false"),
        ({"seen_mask": [0, 1]}, "seen_mask must be 2 times true or false, got int64"),
        ({"answered": [True]}, "answered must be 2 times true or false"),
        ({"seen_mask": [True, False], "scores": [[1.0]]}, "scores must have a row for each of 2"),
        ({"seen_mask": [True, False], "scores": [[1.0]] * 2}, "scores must have 2 columns, got 1"),
    ],
)
def test_other_arrays_that_do_not_fit(options, message):
    with pytest.raises(InputError, match=message):
        evaluate_scores(GOOD, [0, 1], list("ab"), **options)
