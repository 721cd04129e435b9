import numpy as np
from sklearn.linear_model import Ridge

from zstext.mapping import ReverseRidgeMapping


def test_by_hand():
    # Items at -2 and +2, embeddings -1 and +1: (1 + 1 + alpha) w = 4, w = 1 for alpha = 2.
    S = np.array([[-1.0], [1.0], [3.0]])
    model = ReverseRidgeMapping(alpha=2.0).fit([[-2.0], [2.0]], [0, 1], S)
    np.testing.assert_allclose(model.prototypes(S), [[-1.0], [1.0], [3.0]])


def test_equals_regression_on_the_rows(world):
    rows = np.r_[0 : len(world.y) - 5]  # classes of different sizes
    X, y = world.X[rows], world.y[rows]
    model = ReverseRidgeMapping(alpha=2.0).fit(X, y, world.S)
    Xc, T = X - model.centre_.x, world.S[y] - model.centre_.s
    expected = Ridge(alpha=2.0, fit_intercept=False).fit(T, Xc).coef_.T
    np.testing.assert_allclose(model.W_, expected, atol=1e-10)
