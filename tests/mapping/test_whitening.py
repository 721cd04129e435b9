import numpy as np
import pytest

from zstext.mapping.whitening import inverse_root, within_class_whitening


def test_residuals_become_round():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 3], 5000)
    X = rng.normal(size=(10_000, 3)) @ np.diag([3.0, 1.0, 0.2]) + np.where(y == 0, 10, -10)[:, None]
    W = within_class_whitening(X, y, shrinkage=1e-6)
    residuals = X - np.where((y == 0)[:, None], X[y == 0].mean(axis=0), X[y == 3].mean(axis=0))
    np.testing.assert_allclose(np.cov((residuals @ W).T), np.eye(3), atol=0.05)


def test_by_hand():
    # Residuals -1, 1; v = 1, d = 1, n - k = 1: C = (2 + 3) / (1 + 3).
    W = within_class_whitening(np.array([[-1.0], [1.0]]), np.array([0, 0]), shrinkage=3.0)
    np.testing.assert_allclose(W, [[np.sqrt(4 / 5)]])


def test_one_item_a_class_gives_a_round_cloud():
    W = within_class_whitening(np.array([[1.0, 0.0], [0.0, 3.0]]), np.array([0, 1]), shrinkage=2.0)
    np.testing.assert_allclose(W, np.eye(2) / np.sqrt(2.5))


@pytest.mark.parametrize("n", [1, 4, 9, 10, 11, 40])
def test_few_rows_and_many_have_the_same_formula(n):
    R = np.random.default_rng(n).normal(size=(n, 20))
    root = inverse_root(R, 0.7, 5.0)
    np.testing.assert_allclose(
        root @ root @ (R.T @ R + 0.7 * np.eye(20)) / 5.0, np.eye(20), atol=1e-10
    )
    np.testing.assert_allclose(root, root.T, atol=1e-12)
    assert np.linalg.eigvalsh(root).min() > 0
