import numpy as np
import pytest

from zstext.adaptation.anchor import Anchor


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_offsets_by_hand(share):
    log_p = np.log([[0.8, 0.2], [0.6, 0.4]])
    o = (np.log(4) + np.log(1.5)) / 4  # mean of half the log-odds
    anchor = Anchor.of(log_p, share)
    assert anchor.spread == pytest.approx(abs(np.log(4) - np.log(1.5)) / 4)
    np.testing.assert_allclose(anchor.offsets, [share * o, -share * o], atol=1e-15)


def test_a_bias_common_to_all_documents_goes_with_the_whole_of_it():
    draw = np.random.default_rng(0)
    log_p = 0.05 * draw.standard_normal((500, 3)) + [2.0, 0.0, 0.0]
    share = np.exp(Anchor.of(log_p, 1.0).apply(log_p)).mean(axis=0)
    np.testing.assert_allclose(share, 1 / 3, atol=0.01)


def test_a_common_class_keeps_what_is_not_taken_off():
    y = np.repeat([0, 1], [900, 100])
    log_p = np.where(np.eye(2)[y] == 1, 6.0, -6.0)
    half = Anchor.of(log_p, 0.5)
    assert (half.apply(log_p).argmax(axis=1) == y).all()
    np.testing.assert_allclose(half.offsets, [2.4, -2.4])


def test_no_spread_no_offsets():
    anchor = Anchor.of(np.full((3, 2), np.log(0.5)), 1.0)
    assert anchor.spread == 0
    np.testing.assert_array_equal(anchor.offsets, [0, 0])
