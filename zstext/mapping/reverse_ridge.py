"""Linear regression from class embeddings to features: where would the items of a class lie?"""

from __future__ import annotations

import numpy as np

from zstext.mapping.arrays import Centre, class_sums
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive, ridge
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray, IntArray


class ReverseRidgeMapping(LearnedMapping):
    """Ridge regression of the features on the class embedding, then cosine in the feature space.

    ``W = (S_y'S_y + alpha I)^-1 S_y'X``, both centred on the seen classes. Regressing in this
    direction makes fewer hubs: classes that are everybody's nearest neighbour.

    Parameters
    ----------
    alpha : float, > 0

    References
    ----------
    Shigeto et al., "Ridge regression, hubness, and zero-shot learning", ECML 2015.
    """

    def __init__(self, *, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def prototypes(self, S: FloatArray) -> FloatArray:
        """Return where the classes are expected, centred, shape (n_classes, n_features)."""
        return np.asarray((S - self.centre_.s) @ self.W_)

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        check_positive(self.alpha, "alpha")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        sums, counts = class_sums(X - self.centre_.x, y, len(S))
        # The rows of a class share one embedding: its mean, weighted by its count, says the same.
        root = np.sqrt(counts[self.seen_])[:, None]
        means = sums[self.seen_] / counts[self.seen_, None]
        self.W_ = ridge(root * (S[self.seen_] - self.centre_.s), root * means, self.alpha)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(X - self.centre_.x) @ unit_rows(self.prototypes(S)).T
