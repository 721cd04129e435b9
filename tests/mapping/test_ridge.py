import numpy as np
import pytest
from sklearn.linear_model import Ridge

from zstext.errors import InputError, OptionError
from zstext.mapping import RidgeMapping
from zstext.mapping.ridge import ridge


def test_by_hand():
    # Two classes at -1 and +1 in one dimension: (1 + 1 + alpha) w = 2, w = 1/2 for alpha = 2.
    S = np.array([[-1.0], [1.0]])
    model = RidgeMapping(alpha=2.0).fit([[-1.0], [1.0]], [0, 1], S)
    np.testing.assert_allclose(model.W_, [[0.5]])
    np.testing.assert_allclose(model.transform([[3.0]]), [[1.5]])
    np.testing.assert_allclose(model.compatibility([[3.0]], S), [[-1, 1]])


def test_equals_scikit_learn(world):
    model = RidgeMapping(alpha=3.0).fit(world.X, world.y, world.S)
    Xc, T = world.X - model.centre_.x, world.S[world.y] - model.centre_.s
    expected = Ridge(alpha=3.0, fit_intercept=False).fit(Xc, T).coef_.T
    np.testing.assert_allclose(model.W_, expected, atol=1e-10)


def test_both_gram_matrices_give_the_same():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(5, 9)), rng.normal(size=(5, 2))
    augmented = np.vstack([A, np.sqrt(0.7) * np.eye(9)])
    expected = np.linalg.lstsq(augmented, np.vstack([B, np.zeros((9, 2))]))[0]
    np.testing.assert_allclose(ridge(A, B, 0.7), expected, atol=1e-10)
    tall = ridge(A.T, rng.normal(size=(9, 2)), 0.7)
    assert tall.shape == (5, 2)


def test_much_regularisation_leaves_the_space_as_it_is(world):
    model = RidgeMapping(alpha=1e12, residual=True).fit(world.X, world.y, world.S)
    np.testing.assert_allclose(model.W_, np.eye(10), atol=1e-6)


def test_a_residual_needs_one_space(world):
    with pytest.raises(InputError, match="needs one space"):
        RidgeMapping(residual=True).fit(world.X[:, :5], world.y, world.S)


def test_alpha_must_be_positive(world):
    with pytest.raises(OptionError, match="alpha must be above 0, got 0"):
        RidgeMapping(alpha=0).fit(world.X, world.y, world.S)
