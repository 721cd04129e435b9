import numpy as np
import pytest

from zstext import InputError, OptionError
from zstext.semantics import concatenate

A = np.array([[-2.0, 0.0], [2.0, 3.0], [0.0, -3.0]])
B = np.array([[-100.0], [200.0], [-100.0]])
UNIT_A = np.array([[-1, 0], [2 / 13**0.5, 3 / 13**0.5], [0, -1]])
UNIT_B = np.array([[-1.0], [1.0], [-1.0]])


def test_by_hand():
    S = concatenate([A, B])
    assert S.dtype == np.float32
    np.testing.assert_allclose(S, np.hstack([UNIT_A, UNIT_B]), atol=1e-6)


def test_weights_by_hand():
    expected = np.hstack([0.5 * UNIT_A, 3 * UNIT_B])
    np.testing.assert_allclose(concatenate([A, B], [0.5, 3]), expected, atol=1e-6)


def test_weights_are_shares_of_the_cosine():
    S = concatenate([A, B], (2, 1))
    expected = 4 * UNIT_A @ UNIT_A.T + UNIT_B @ UNIT_B.T
    np.testing.assert_allclose(S @ S.T, expected, atol=1e-5)


def test_neither_units_nor_columns_count():
    many = np.hstack([B] * 50) * 1000
    S, T = concatenate([A, B]), concatenate([A, many])
    np.testing.assert_allclose(T @ T.T, S @ S.T, atol=1e-5)


def test_a_class_does_not_depend_on_the_others():
    np.testing.assert_array_equal(concatenate([A, B])[:2], concatenate([A[:2], B[:2]]))


def test_one_block_stays_as_it_is():
    S = concatenate([A])
    assert S.dtype == np.float32
    np.testing.assert_array_equal(S, A)
    np.testing.assert_array_equal(concatenate([A], [7]), A)


def test_weight_zero_leaves_a_block_out():
    np.testing.assert_array_equal(concatenate([A, B], [0, 1]), B)
    np.testing.assert_array_equal(concatenate([A, B], (1, 0)), A)
    np.testing.assert_array_equal(concatenate([B, A, B], [0, 1, 2]), concatenate([A, B], [1, 2]))


def test_a_block_that_says_nothing_becomes_zero():
    nothing = np.zeros((3, 4))
    np.testing.assert_allclose(concatenate([A, nothing]), np.pad(UNIT_A, ((0, 0), (0, 4))))


def test_the_blocks_are_not_changed():
    before = A.copy()
    concatenate([A, B])
    np.testing.assert_array_equal(A, before)


@pytest.mark.parametrize(
    ("blocks", "message"), [([], "got none classes"), ([A, B[:2]], "got 3, 2 classes")]
)
def test_other_classes(blocks, message):
    with pytest.raises(InputError, match=message):
        concatenate(blocks)


@pytest.mark.parametrize(
    "weights", [[1], [1, 2, 3], [], [1, -1], [0, 0], [np.nan, 1], [1, np.inf]], ids=repr
)
def test_weights_that_cannot_be(weights):
    with pytest.raises(OptionError, match="2 semantic spaces need as many weights, 0 or more"):
        concatenate([A, B], weights)
