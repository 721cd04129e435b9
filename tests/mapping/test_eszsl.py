import numpy as np
from scipy.optimize import minimize

from zstext.mapping import ESZSLMapping


def objective(V, X, Y, S, alpha, lam):
    """The paper's loss, items and classes as rows here."""
    V = V.reshape(X.shape[1], S.shape[1])
    fit = ((X @ V @ S.T - Y) ** 2).sum()
    left, right = ((V @ S.T) ** 2).sum(), ((X @ V) ** 2).sum()
    return fit + alpha * left + lam * right + alpha * lam * (V**2).sum()


def test_by_hand():
    # X = S = (-1, 1)', Y = [[1, -1], [-1, 1]]: X'YS = 4, V = 4 / ((2 + 2) (2 + 0.5)).
    S = np.array([[-1.0], [1.0]])
    model = ESZSLMapping(alpha=2.0, lam=0.5).fit([[-1.0], [1.0]], [0, 1], S)
    np.testing.assert_allclose(model.V_, [[0.4]])
    np.testing.assert_allclose(model.compatibility([[2.0]], S), [[-0.8, 0.8]])


def test_gradient_descent_finds_the_same(world):
    X, y, S = world.X[:, :4], world.y, world.S[:, :3]
    model = ESZSLMapping(alpha=2.0, lam=0.5).fit(X, y, S)
    Y = np.where(y[:, None] == np.arange(9), 1.0, -1.0)
    arguments = (X - model.centre_.x, Y, S[:9] - model.centre_.s, 2.0, 0.5)
    found = minimize(objective, np.zeros(12), args=arguments, tol=1e-10).x.reshape(4, 3)
    np.testing.assert_allclose(found, model.V_, atol=1e-5)
