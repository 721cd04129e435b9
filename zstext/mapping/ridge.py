"""Linear regression from features to class embeddings."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from zstext.errors import InputError, OptionError
from zstext.mapping.arrays import Centre, as_matrix
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray, IntArray


class RidgeMapping(LearnedMapping):
    """Ridge regression of the class embedding on the features, then cosine.

    ``W = argmin |X W - S_y|^2 + alpha |W - W_0|^2``, so
    ``W = W_0 + (X'X + alpha I)^-1 X'(S_y - X W_0)`` with `X` and `S` centred on the seen classes.

    Parameters
    ----------
    alpha : float, > 0
        Regularisation; the features are not rescaled, so it is in units of squared feature length.
    residual : bool
        Shrink towards the identity (``W_0 = I``) and not towards zero. Only where one encoder
        embeds items and labels: then much data may bend the space and little data leaves it as it
        is.

    References
    ----------
    Palatucci et al., "Zero-shot learning with semantic output codes", NeurIPS 2009.
    """

    def __init__(self, *, alpha: float = 1.0, residual: bool = False) -> None:
        self.alpha = alpha
        self.residual = residual

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return items in the centred semantic space, shape (n_items, n_semantic)."""
        check_is_fitted(self)
        return (as_matrix(X, "features") - self.centre_.x) @ self.W_

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.alpha, "alpha")
        if self.residual and X.shape[1] != S.shape[1]:
            raise InputError(
                f"a residual map needs one space, got {X.shape[1]} features and {S.shape[1]} "
                "semantic dimensions; use residual=False"
            )
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        Xc, T = X - self.centre_.x, S[y] - self.centre_.s
        W_0 = np.eye(X.shape[1]) if self.residual else np.zeros((X.shape[1], S.shape[1]))
        self.W_ = W_0 + ridge(Xc, T - Xc @ W_0, self.alpha)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(self.transform(X)) @ unit_rows(S - self.centre_.s).T


def ridge(A: FloatArray, B: FloatArray, alpha: float) -> FloatArray:
    """Return ``(A'A + alpha I)^-1 A'B``, through the smaller of the two Gram matrices.

    Parameters
    ----------
    A : ndarray of shape (n_rows, n_in)
    B : ndarray of shape (n_rows, n_out)
    alpha : float, > 0
    """
    n_rows, n_in = A.shape
    if n_rows < n_in:
        return np.asarray(A.T @ np.linalg.solve(A @ A.T + alpha * np.eye(n_rows), B))
    return np.asarray(np.linalg.solve(A.T @ A + alpha * np.eye(n_in), A.T @ B))


def check_positive(value: float, name: str) -> None:
    """Raise OptionError unless `value` is above zero."""
    if not value > 0:
        raise OptionError(f"{name} must be above 0, got {value}")
