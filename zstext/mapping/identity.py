"""The identity: one encoder embeds both sides, so features already live where classes do."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator

from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray


class IdentityMapping(BaseEstimator):  # type: ignore[misc]
    """Compare features and class embeddings as they are, by the cosine of their angle."""

    def compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        """Return cosines.

        Parameters
        ----------
        X : ndarray of shape (n_items, n_features)
        S : ndarray of shape (n_classes, n_features)

        Returns
        -------
        ndarray of shape (n_items, n_classes), float64, -1..1
            0 where one of the two is the zero vector.
        """
        cosines: FloatArray = unit_rows(X) @ unit_rows(S).T
        return np.clip(cosines, -1.0, 1.0)
