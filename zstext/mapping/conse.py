"""ConSE: a convex combination of the embeddings of the seen classes an item looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from zstext.errors import OptionError
from zstext.mapping.arrays import Centre, as_matrix
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray, IntArray


class ConSEMapping(LearnedMapping):
    """``f(x) = sum_t p(t|x) s_t / sum_t p(t|x)`` over the T likeliest seen classes; cosine.

    ``p(t|x)`` is a logistic regression over the seen classes. Embeddings are centred on them.

    Parameters
    ----------
    T : int, >= 1
        How many seen classes are combined.
    C : float, > 0
        Inverse regularisation of the logistic regression.

    References
    ----------
    Norouzi et al., "Zero-shot learning by convex combination of semantic embeddings", ICLR 2014.
    """

    def __init__(self, *, T: int = 10, C: float = 10.0) -> None:
        self.T = T
        self.C = C

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return items in the centred semantic space, shape (n_items, n_semantic)."""
        check_is_fitted(self)
        X = as_matrix(X, "features") - self.centre_.x
        p = softmax(X @ self.coef_.T + self.intercept_, axis=1)
        if (drop := p.shape[1] - self.T) > 0:
            np.put_along_axis(p, np.argpartition(p, drop - 1, axis=1)[:, :drop], 0.0, axis=1)
        p = p / p.sum(axis=1, keepdims=True)
        return np.asarray(p @ (self.class_embeddings_[self.seen_] - self.centre_.s))

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.C, "C")
        if self.T < 1:
            raise OptionError(f"T must be at least 1, got {self.T}")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        self.coef_, self.intercept_ = (
            np.zeros((len(self.seen_), X.shape[1])),
            np.zeros(len(self.seen_)),
        )
        if len(self.seen_) > 1:
            model = LogisticRegression(C=self.C, max_iter=200, tol=1e-3).fit(X - self.centre_.x, y)
            # Of two classes scikit-learn keeps the second only: the first one's log-odds are 0.
            self.coef_[-len(model.coef_) :] = model.coef_
            self.intercept_[-len(model.coef_) :] = model.intercept_

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(self.transform(X)) @ unit_rows(S - self.centre_.s).T
