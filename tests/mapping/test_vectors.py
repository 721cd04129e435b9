import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zstext.mapping.vectors import equal_rows, unit_rows


def test_unit_rows():
    unit = unit_rows(np.array([[3, 4], [0, 0], [-2, 0]], dtype=np.float32))
    assert unit.dtype == np.float64
    np.testing.assert_allclose(unit, [[0.6, 0.8], [0, 0], [-1, 0]], atol=1e-15)


def test_no_rows():
    assert unit_rows(np.empty((0, 3))).shape == (0, 3)


@given(arrays(np.float64, (4, 3), elements=st.floats(-1e3, 1e3)))
def test_lengths_are_one_or_zero(X):
    lengths = np.linalg.norm(unit_rows(X), axis=1)
    tiny = np.linalg.norm(X, axis=1) < 1e-100
    np.testing.assert_allclose(lengths[~tiny], 1, rtol=1e-12)


@given(st.lists(st.sampled_from([(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]), max_size=9))
def test_equal_rows(rows):
    X = np.array(rows, dtype=np.float32).reshape(-1, 2)
    first, inverse = equal_rows(X)
    assert [rows.index(row) for row in dict.fromkeys(rows)] == first.tolist()
    np.testing.assert_array_equal(X[first][inverse], X)
