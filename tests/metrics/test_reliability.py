import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.metrics import brier_score, expected_calibration_error, reliability_bins

items = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(items, st.integers(1, 20))
def test_ece_equals_a_loop_over_bins(pairs, n_bins):
    p, hit = (np.array(v) for v in zip(*pairs, strict=True))
    edges = np.linspace(0, 1, n_bins + 1)
    expected = 0.0
    for b in range(n_bins):
        inside = (p > edges[b]) & (p <= edges[b + 1]) | ((b == 0) & (p == 0))
        if inside.any():
            expected += inside.mean() * abs(p[inside].mean() - hit[inside].mean())
    assert expected_calibration_error(p, hit, n_bins=n_bins) == pytest.approx(expected)


def test_bins_by_hand():
    bins = reliability_bins([0.0, 0.5, 0.9, 1.0], [False, True, True, True], n_bins=2)
    np.testing.assert_array_equal(bins.count, [2, 2])
    np.testing.assert_allclose(bins.confidence, [0.25, 0.95])
    np.testing.assert_allclose(bins.accuracy, [0.5, 1.0])
    assert bins.ece == pytest.approx((0.25 + 0.05) / 2)
    assert np.isnan(reliability_bins([0.9], [True], n_bins=2).confidence[0])


def test_brier_by_hand():
    assert brier_score([[1.0, 0.0], [0.5, 0.5]], [0, 1]) == pytest.approx(0.25)
    assert brier_score([[1.0, 0.0]], [1]) == 2.0
