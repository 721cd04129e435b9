import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from zstext.errors import InputError
from zstext.metrics import macro_f1_multilabel, mean_average_precision, micro_f1


@st.composite
def decisions(draw):
    n = draw(st.integers(1, 12))
    cells = st.lists(st.integers(0, 1), min_size=3 * n, max_size=3 * n)
    T, P = (np.array(draw(cells)).reshape(n, 3) for _ in range(2))
    F = np.array(draw(st.lists(st.integers(0, 4), min_size=3 * n, max_size=3 * n))).reshape(n, 3)
    return T, P, F


@given(decisions())
def test_agrees_with_scikit_learn(problem):
    T, P, F = problem
    assert micro_f1(T, P) == pytest.approx(f1_score(T, P, average="micro", zero_division=0))
    each = f1_score(T, P, average=None, zero_division=0)
    occurs = (T + P).any(axis=0)
    assert macro_f1_multilabel(T, P) == pytest.approx(each[occurs].mean() if occurs.any() else 0)
    present = np.flatnonzero(T.any(axis=0))
    if len(present):
        expected = np.mean([average_precision_score(T[:, c], F[:, c]) for c in present])
        assert mean_average_precision(T, F) == pytest.approx(expected)


def test_unusable_input():
    with pytest.raises(InputError, match="one decision for each item and class"):
        micro_f1([[1]], [[1, 0]])
    with pytest.raises(InputError, match="one true label or more"):
        mean_average_precision([[0]], [[0.5]])
