"""Make every direction count by how well it tells classes apart."""

from __future__ import annotations

import numpy as np

from zstext.mapping.arrays import class_sums
from zstext.protocols import FloatArray, IntArray


def within_class_whitening(X: FloatArray, y: IntArray, *, shrinkage: float) -> FloatArray:
    """Return ``C^(-1/2)``, `C` the shrunk covariance of the items around their own class means.

    With d features, n items in k classes and average variance v (classes not told apart),
    ``C = (R'R + shrinkage d v I) / (n - k + shrinkage d)``, R the residuals: `shrinkage` times d
    imaginary residuals of a round cloud. One item a class has no residuals, and `C` is round.

    Cosine after this is the score of linear discriminant analysis with the class norms left out.

    Parameters
    ----------
    X : ndarray of shape (n_items, n_features)
        Centred features.
    y : ndarray of shape (n_items,), int
        Class indices, all >= 0.
    shrinkage : float, > 0

    Returns
    -------
    ndarray of shape (n_features, n_features), symmetric
        The identity if the items are all the same.

    References
    ----------
    Friedman, "Regularized discriminant analysis", JASA 1989.
    """
    n, d = X.shape
    v = float((X**2).sum()) / (n * d)
    if v == 0:
        return np.eye(d)
    sums, counts = class_sums(X, y, int(y.max()) + 1)
    R = X - sums[y] / counts[y, None]
    k = int((counts > 0).sum())
    return inverse_root(R, shrinkage * d * v, n - k + shrinkage * d)


def inverse_root(R: FloatArray, ridge: float, weight: float) -> FloatArray:
    """Return ``((R'R + ridge I) / weight)^(-1/2)``.

    Few rows span few directions; in all others the matrix is `ridge` times the identity, and only
    the few have to be found.

    Parameters
    ----------
    R : ndarray of shape (n, d)
    ridge, weight : float, > 0

    Returns
    -------
    ndarray of shape (d, d), symmetric
    """
    n, d = R.shape
    if 2 * n < d:
        _, s, Vt = np.linalg.svd(R, full_matrices=False)
        round_part = np.sqrt(weight / ridge)
        excess = np.sqrt(weight / (s**2 + ridge)) - round_part
        return np.asarray((Vt.T * excess) @ Vt + round_part * np.eye(d))
    w, U = np.linalg.eigh((R.T @ R + ridge * np.eye(d)) / weight)
    return np.asarray((U / np.sqrt(w)) @ U.T)
