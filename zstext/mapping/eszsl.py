"""ESZSL: a bilinear compatibility with a closed form."""

from __future__ import annotations

import numpy as np

from zstext.mapping.arrays import Centre
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.protocols import FloatArray, IntArray


class ESZSLMapping(LearnedMapping):
    """``score(x, c) = x'V s_c`` with ``V = (XX' + alpha I)^-1 X Y S' (SS' + lam I)^-1``.

    In the paper's layout `X` has items as columns, `S` seen classes as columns, and `Y` is +1 where
    the item is of the class and -1 elsewhere. `V` minimises ``|X'VS - Y|^2 + alpha |VS|^2 +
    lam |X'V|^2 + alpha lam |V|^2``. Both spaces are centred on the seen classes: without it the
    scores can collapse to one class.

    Parameters
    ----------
    alpha : float, > 0
        Regularisation in the feature space (the paper's gamma, a name that the seen penalty has
        here).
    lam : float, > 0
        Regularisation in the semantic space.

    References
    ----------
    Romera-Paredes and Torr, "An embarrassingly simple approach to zero-shot learning", ICML 2015.
    """

    def __init__(self, *, alpha: float = 1.0, lam: float = 1.0) -> None:
        self.alpha = alpha
        self.lam = lam

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.alpha, "alpha")
        check_positive(self.lam, "lam")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        Xc, Sc = X - self.centre_.x, S[self.seen_] - self.centre_.s
        Y = np.where(y[:, None] == self.seen_, 1.0, -1.0)
        left = np.linalg.solve(Xc.T @ Xc + self.alpha * np.eye(Xc.shape[1]), Xc.T @ Y @ Sc)
        self.V_ = np.linalg.solve(Sc.T @ Sc + self.lam * np.eye(Sc.shape[1]), left.T).T

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return np.asarray((X - self.centre_.x) @ self.V_ @ (S - self.centre_.s).T)
