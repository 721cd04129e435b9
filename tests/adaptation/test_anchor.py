import numpy as np
import pytest

from zstext.adaptation.anchor import BIAS, Anchor


def test_offsets_by_hand():
    log_p = np.log([[0.8, 0.2], [0.6, 0.4]])
    o = (np.log(4) + np.log(1.5)) / 4  # mean of half the log-odds
    spread = abs(np.log(4) - np.log(1.5)) / 4
    anchor = Anchor.of(log_p)
    assert anchor.spread == pytest.approx(spread)
    share = BIAS**2 / (BIAS**2 + spread**2)
    np.testing.assert_allclose(anchor.offsets, [share * o, -share * o])


def test_a_bias_common_to_all_documents_goes_where_labels_hardly_differ():
    draw = np.random.default_rng(0)
    log_p = 0.05 * draw.standard_normal((500, 3)) + [2.0, 0.0, 0.0]
    share = np.exp(Anchor.of(log_p).apply(log_p)).mean(axis=0)
    np.testing.assert_allclose(share, 1 / 3, atol=0.01)


def test_a_common_class_keeps_part_of_its_advantage_where_labels_tell_documents_apart():
    y = np.repeat([0, 1], [900, 100])
    log_p = np.where(np.eye(2)[y] == 1, 6.0, -6.0)
    kept = Anchor.of(log_p)
    assert (kept.apply(log_p).argmax(axis=1) == y).all()
    assert np.abs(kept.offsets).max() < 0.1 * 4.8


def test_no_spread_no_division_by_zero():
    anchor = Anchor.of(np.full((3, 2), np.log(0.5)))
    assert anchor.spread == 0
    np.testing.assert_array_equal(anchor.offsets, [0, 0])
