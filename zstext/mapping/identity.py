"""The mapping that has nothing to learn: one encoder embeds both items and labels."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from zstext.errors import InputError
from zstext.mapping.arrays import unit_rows
from zstext.mapping.base import LearnedMapping
from zstext.protocols import FloatArray, IntArray


class IdentityMapping(LearnedMapping):
    """Cosine of features and class embeddings.

    ``score(x, c) = x . s_c / (|x| |s_c|)``, in -1..1. `fit` only remembers the classes: labelled
    rows change nothing.
    """

    _needs_labels: ClassVar[bool] = False

    def transform(self, X: FloatArray) -> FloatArray:
        """Return `X`, which is in the semantic space already."""
        return np.asarray(X, dtype=np.float64)

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        if X.shape[1] != S.shape[1]:
            raise InputError(
                f"{X.shape[1]} features but class embeddings of {S.shape[1]} dimensions: "
                "they are not in one space; learn a mapping on labelled items instead"
            )

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return unit_rows(X) @ unit_rows(S).T
