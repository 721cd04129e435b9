import numpy as np
import pytest

from zstext.calibration import NullOffsets, PriorShift
from zstext.errors import InputError


def test_null_items_score_the_same_everywhere_afterwards():
    null = np.array([[1.0, 3.0], [3.0, 5.0]])
    offsets = NullOffsets.from_null_scores(null)
    np.testing.assert_allclose(offsets.offsets, [-1, 1])
    np.testing.assert_allclose(offsets.apply(null), [[2, 2], [4, 4]])


def test_the_stated_prior_is_reached():
    rng = np.random.default_rng(0)
    P = rng.dirichlet([1, 2, 5], size=300)
    prior = np.array([2.0, 1.0, 1.0])
    shift = PriorShift.towards(P, prior)
    shifted = shift.apply(P)
    np.testing.assert_allclose(shifted.sum(axis=1), 1)
    np.testing.assert_allclose(shifted.mean(axis=0), [0.5, 0.25, 0.25], atol=1e-6)


def test_one_item_by_hand():
    shift = PriorShift.towards([[0.8, 0.2]], [1, 1])
    np.testing.assert_allclose(shift.apply(np.array([[0.8, 0.2]])), [[0.5, 0.5]])
    np.testing.assert_allclose(shift.offsets, [-np.log(2), np.log(2)])


@pytest.mark.parametrize("kind", [NullOffsets, PriorShift])
def test_later_classes_have_no_offset_and_missing_ones_are_an_error(kind):
    step = kind(np.array([0.0, 0.0]))
    P = np.array([[0.2, 0.3, 0.5]])
    np.testing.assert_allclose(step.apply(P), P)
    with pytest.raises(InputError, match="calibrated on 2 classes but got scores of 1"):
        step.apply(P[:, :1])


@pytest.mark.parametrize("prior", [[1.0], [1.0, 0.0], [1.0, 2.0, 3.0]])
def test_an_unusable_prior(prior):
    with pytest.raises(InputError, match="a share above 0 for each class"):
        PriorShift.towards([[0.5, 0.5]], prior)


def test_no_null_item():
    with pytest.raises(InputError, match="one null item or more"):
        NullOffsets.from_null_scores(np.empty((0, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_null_item_without_scores(bad):
    with pytest.raises(InputError, match="null item 1 are not finite"):
        NullOffsets.from_null_scores([[0.0, 1.0], [bad, 1.0]])


@pytest.mark.parametrize("kind", [NullOffsets, PriorShift])
def test_state_round_trip(kind):
    step = kind(np.array([0.5, -0.5]))
    np.testing.assert_array_equal(kind.from_state(step.to_state()).offsets, step.offsets)
