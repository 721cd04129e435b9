"""ConSE: a convex combination of the embeddings of the seen classes an item looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from zstext.errors import OptionError
from zstext.mapping.arrays import Centre, as_matrix, unit_rows
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
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
        p = np.ones((len(X), 1)) if self.logistic_ is None else self.logistic_.predict_proba(X)
        if (drop := p.shape[1] - self.T) > 0:
            p = p.copy()
            np.put_along_axis(p, np.argpartition(p, drop - 1, axis=1)[:, :drop], 0.0, axis=1)
        p = p / p.sum(axis=1, keepdims=True)
        return np.asarray(p @ (self.class_embeddings_[self.seen_] - self.centre_.s))

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.C, "C")
        if self.T < 1:
            raise OptionError(f"T must be at least 1, got {self.T}")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        # One seen class leaves nothing to discriminate: its probability is 1.
        self.logistic_ = None
        if len(self.seen_) > 1:
            model = LogisticRegression(C=self.C, max_iter=200, tol=1e-3)
            self.logistic_ = model.fit(X - self.centre_.x, y)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(self.transform(X)) @ unit_rows(S - self.centre_.s).T
