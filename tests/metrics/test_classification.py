import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from zstext.errors import InputError
from zstext.metrics import accuracy, class_report, confusion_counts, macro_f1

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(pairs)
def test_agrees_with_scikit_learn(items):
    y, p = np.array(items).T
    report = class_report(y, p, 5)
    expected = precision_recall_fscore_support(y, p, labels=range(5), zero_division=0)
    for ours, theirs in zip(
        (report.precision, report.recall, report.f1, report.support), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs)
    assert accuracy(y, p) == pytest.approx(sum(a == b for a, b in items) / len(items))
    assert macro_f1(y, p, 5) == pytest.approx(f1_score(y, p, average="macro", zero_division=0))
    np.testing.assert_array_equal(
        confusion_counts(y, p, 5), confusion_matrix(y, p, labels=range(5))
    )


def test_no_answer_is_never_right():
    report = class_report([0, 0, 1], [0, -1, -1], 2)
    np.testing.assert_array_equal(report.predicted, [1, 0])
    np.testing.assert_array_equal(report.recall, [0.5, 0])
    assert accuracy([0, 0, 1], [0, -1, -1]) == pytest.approx(1 / 3)


def test_nothing_to_measure():
    with pytest.raises(InputError, match="one or more items"):
        accuracy([], [])
