import numpy as np
from scipy.linalg import solve_sylvester

from zstext.mapping import SAEMapping
from zstext.mapping.sae import symmetric_sylvester


def test_by_hand():
    # SS' = 2, XX' = 8, SX' = 4: 2w + lam 8w = (1 + lam) 4, w = 8/10 for lam = 1.
    model = SAEMapping(lam=1.0).fit([[-2.0], [2.0]], [0, 1], np.array([[-1.0], [1.0]]))
    np.testing.assert_allclose(model.W_, [[0.8]])


def test_the_sylvester_equation_holds(world):
    model = SAEMapping(lam=0.3).fit(world.X, world.y, world.S)
    X, S = (world.X - model.centre_.x).T, (world.S[world.y] - model.centre_.s).T
    residual = S @ S.T @ model.W_ + 0.3 * model.W_ @ X @ X.T - 1.3 * S @ X.T
    np.testing.assert_allclose(residual, 0, atol=1e-8)


def test_equals_the_general_solver():
    rng = np.random.default_rng(0)
    A, B, C = rng.normal(size=(4, 6)), rng.normal(size=(3, 5)), rng.normal(size=(4, 3))
    expected = solve_sylvester(A @ A.T, B @ B.T, C)
    np.testing.assert_allclose(symmetric_sylvester(A @ A.T, B @ B.T, C), expected, atol=1e-10)


def test_directions_without_data_stay_at_zero():
    flat = np.diag([1.0, 0.0])
    np.testing.assert_allclose(symmetric_sylvester(flat, flat, flat), np.diag([0.5, 0.0]))
