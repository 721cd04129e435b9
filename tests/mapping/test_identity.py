import numpy as np
import pytest

from zstext.errors import InputError
from zstext.mapping import IdentityMapping


def test_cosines_by_hand():
    X = np.array([[1, 0], [3, 4], [0, 0]], dtype=np.float32)
    S = np.array([[2, 0], [0, 5], [-1, 0]], dtype=np.float32)
    expected = [[1, 0, -1], [0.6, 0.8, -0.6], [0, 0, 0]]
    cosines = IdentityMapping().compatibility(X, S)
    assert cosines.dtype == np.float64
    np.testing.assert_allclose(cosines, expected, atol=1e-12)


def test_never_above_one():
    X = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    cosines = IdentityMapping().compatibility(X, X)
    assert np.abs(cosines).max() <= 1
    np.testing.assert_allclose(np.diag(cosines), 1)


@pytest.mark.parametrize(("n", "k"), [(0, 2), (2, 1)])
def test_shapes(n, k):
    assert IdentityMapping().compatibility(np.ones((n, 3)), np.ones((k, 3))).shape == (n, k)


def test_two_spaces_cannot_be_compared():
    with pytest.raises(InputError, match="not in one space"):
        IdentityMapping().fit(np.ones((1, 3)), [0], np.ones((2, 4)))
