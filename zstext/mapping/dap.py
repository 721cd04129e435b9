"""DAP: guess every attribute of an item, then find the class that has those attributes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from zstext.errors import InputError
from zstext.mapping.arrays import as_matrix
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.protocols import FloatArray, IntArray


class DAPMapping(LearnedMapping):
    """``score(x, c) = sum_m log p(a_m = a_m^c | x) - log p(a_m = a_m^c)``, for binary attributes.

    ``p(a_m | x)`` is a logistic regression for each attribute and ``p(a_m)`` its mean over the seen
    classes. An attribute that all seen classes share cannot be learned and is left out.

    Parameters
    ----------
    C : float, > 0
        Inverse regularisation of the attribute classifiers.

    Attributes
    ----------
    attributes_ : ndarray of shape (n_used,), int
        The columns of `S` that differ among the seen classes.
    prior_ : ndarray of shape (n_used,)

    References
    ----------
    Lampert et al., "Attribute-based classification for zero-shot visual object categorization",
    TPAMI 2014.
    """

    def __init__(self, *, C: float = 1.0) -> None:
        self.C = C

    def transform(self, X: ArrayLike) -> FloatArray:
        """Return the log-odds of every used attribute, shape (n_items, n_used)."""
        check_is_fitted(self)
        return np.asarray(as_matrix(X, "features") @ self.coef_.T + self.intercept_)

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.C, "C")
        _check_binary(S)
        X, y = labelled(X, y)
        prior = S[self.seen_].mean(axis=0)
        self.attributes_ = np.flatnonzero((prior > 0) & (prior < 1))
        self.prior_ = prior[self.attributes_]
        models = [
            LogisticRegression(C=self.C, max_iter=200).fit(X, S[y, m]) for m in self.attributes_
        ]
        n_used = len(models)
        self.coef_ = np.reshape([m.coef_[0] for m in models], (n_used, X.shape[1]))
        self.intercept_ = np.reshape([m.intercept_[0] for m in models], n_used)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        _check_binary(S)
        odds, A = self.transform(X), S[:, self.attributes_]
        # log sigmoid(z) and log sigmoid(-z), without overflow
        log_on, log_off = -np.logaddexp(0, -odds), -np.logaddexp(0, odds)
        on, off = log_on - np.log(self.prior_), log_off - np.log1p(-self.prior_)
        return np.asarray(on @ A.T + off @ (1 - A).T)


def _check_binary(S: FloatArray) -> None:
    if not np.isin(S, (0.0, 1.0)).all():
        raise InputError(
            "DAP needs attributes that are 0 or 1; binarise them, or use ESZSL, which takes any"
        )
