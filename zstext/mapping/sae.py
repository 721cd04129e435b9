"""SAE: a linear autoencoder whose code is the class embedding."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import check_is_fitted

from zstext.mapping.arrays import Centre, as_matrix
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray, IntArray


class SAEMapping(LearnedMapping):
    """``min |X - W'S|^2 + lam |WX - S|^2``, then cosine of ``W x`` and ``s_c``.

    The minimum solves the Sylvester equation ``SS'W + lam W XX' = (1 + lam) S X'``.
    In the paper's layout items are columns and column i of `S` is the embedding of item i's class;
    both are centred on the seen classes.

    Parameters
    ----------
    lam : float, > 0
        Weight of encoding against decoding.

    References
    ----------
    Kodirov et al., "Semantic autoencoder for zero-shot learning", CVPR 2017.
    """

    def __init__(self, *, lam: float = 1.0) -> None:
        self.lam = lam

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return items in the centred semantic space, shape (n_items, n_semantic)."""
        check_is_fitted(self)
        return (as_matrix(X, "features") - self.centre_.x) @ self.W_.T

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.lam, "lam")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        Xc, Sy = X - self.centre_.x, S[y] - self.centre_.s
        self.W_ = symmetric_sylvester(
            Sy.T @ Sy, self.lam * (Xc.T @ Xc), (1 + self.lam) * (Sy.T @ Xc)
        )

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(self.transform(X)) @ unit_rows(S - self.centre_.s).T


def symmetric_sylvester(A: FloatArray, B: FloatArray, C: FloatArray) -> FloatArray:
    """Return the solution W of ``A W + W B = C`` of least norm, `A` and `B` positive semidefinite.

    In the eigenbases of both the equation falls apart into ``(a_i + b_j) w_ij = c_ij``. The general
    solver fails where an eigenvalue is zero on both sides, as with fewer classes than dimensions;
    there the data says nothing and w_ij is 0.
    """
    a, U = np.linalg.eigh(A)
    b, V = np.linalg.eigh(B)
    total = np.maximum(a, 0)[:, None] + np.maximum(b, 0)
    known = total > 1e-10 * max(float(total.max(initial=0.0)), np.finfo(float).tiny)
    return np.asarray(U @ np.where(known, (U.T @ C @ V) / np.where(known, total, 1.0), 0.0) @ V.T)
