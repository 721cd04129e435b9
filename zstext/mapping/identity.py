"""The mapping that has nothing to learn: one encoder embeds both items and labels."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError
from zstext.mapping.base import LearnedMapping
from zstext.mapping.vectors import equal_rows, unit_rows
from zstext.protocols import FloatArray, IntArray
from zstext.state import State


class IdentityMapping(LearnedMapping):
    """Cosine of features and class embeddings.

    ``score(x, c) = x . s_c / (|x| |s_c|)``, in -1..1. `fit` only remembers the classes: labelled
    rows change nothing, and `compatibility` does without it.
    """

    _needs_labels: ClassVar[bool] = False

    def transform(self, X: FloatArray) -> FloatArray:
        """Return `X`, which is in the semantic space already."""
        return np.asarray(X, dtype=np.float64)

    def compatibility(self, X: ArrayLike, S: ArrayLike) -> FloatArray:
        """Return cosines.

        Parameters
        ----------
        X : array-like of shape (n_items, n_features)
        S : array-like of shape (n_classes, n_features)
            Any classes, those of `fit` or others.

        Returns
        -------
        ndarray of shape (n_items, n_classes), float64, -1..1
            0 where one of the two is the zero vector.

        Raises
        ------
        InputError
            If the two are not in one space.
        """
        X, S = np.asarray(X), np.asarray(S)
        _check_one_space(X, S)
        return self._compatibility(X, S)

    def to_state(self) -> State:
        """Return what was remembered, which may be nothing."""
        return (
            super().to_state() if hasattr(self, "class_embeddings_") else State("IdentityMapping")
        )

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the mapping that was saved."""
        return super().from_state(state) if state.arrays else cls()

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        _check_one_space(X, S)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        # Equal classes are compared once: the last bits of a product depend on a column's place,
        # and labels with equal embeddings must tie exactly.
        classes, class_of = equal_rows(S)
        return np.clip(unit_rows(X) @ unit_rows(S[classes]).T, -1.0, 1.0)[:, class_of]


def _check_one_space(X: FloatArray, S: FloatArray) -> None:
    if X.shape[1] != S.shape[1]:
        raise InputError(
            f"{X.shape[1]} features but class embeddings of {S.shape[1]} dimensions: "
            "they are not in one space; learn a mapping on labelled items instead"
        )
