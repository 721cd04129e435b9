"""What every mapping has: checked arrays, scikit-learn's manners, prediction and a score."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from zstext.errors import InputError
from zstext.mapping.arrays import UNLABELLED, Centre, as_class_indices, as_matrix
from zstext.protocols import FloatArray, IntArray
from zstext.state import State


class LearnedMapping(BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no stubs
    """A mapping learned on the seen classes.

    Attributes
    ----------
    class_embeddings_ : ndarray of shape (n_classes, n_semantic)
        `S` as given to `fit`.
    seen_ : ndarray of shape (n_seen,), int
        The rows of `S` that have labelled items.
    n_features_in_ : int
    """

    _needs_labels: ClassVar[bool] = True

    centre_: Centre

    def fit(self, X: ArrayLike, y: ArrayLike, S: ArrayLike) -> Self:
        """Learn from items of the seen classes.

        Parameters
        ----------
        X : array-like of shape (n_items, n_features)
            Features.
        y : array-like of shape (n_items,), int
            The row of `S` each item belongs to; -1 marks an unlabelled item.
        S : array-like of shape (n_classes, n_semantic)
            Class embeddings. Rows that do not occur in `y` are unseen classes.

        Raises
        ------
        InputError
            If shapes disagree, an index is not a row of `S`, a value is not finite, or nothing is
            labelled and this mapping has to learn.
        """
        X, S = as_matrix(X, "features"), as_matrix(S, "class embeddings")
        y = as_class_indices(y, len(X), len(S))
        self.seen_ = np.unique(y[y != UNLABELLED])
        if self._needs_labels and not len(self.seen_):
            raise InputError(f"{type(self).__name__} needs at least one labelled row, got none")
        self.class_embeddings_ = S
        self.n_features_in_ = X.shape[1]
        self._fit(X, y, S)
        return self

    def compatibility(self, X: ArrayLike, S: ArrayLike) -> FloatArray:
        """Return how well every item fits every class; higher is better.

        Parameters
        ----------
        X : array-like of shape (n_items, n_features)
        S : array-like of shape (n_classes, n_semantic)
            The class embeddings of `fit`, in the same order, with new classes behind them if any.

        Returns
        -------
        ndarray of shape (n_items, n_classes), float64
            The scores of an item do not depend on the other items.

        Raises
        ------
        InputError
            If a shape is not that of `fit`, or classes of `fit` are missing.
        """
        check_is_fitted(self)
        X, S = as_matrix(X, "features"), as_matrix(S, "class embeddings")
        if X.shape[1] != self.n_features_in_:
            raise InputError(f"got {X.shape[1]} features, the mapping has {self.n_features_in_}")
        n_classes, n_semantic = self.class_embeddings_.shape
        if S.shape[1] != n_semantic or len(S) < n_classes:
            raise InputError(
                f"got class embeddings of shape {S.shape}, expected the {n_classes} rows of fit "
                f"(or those and more) with {n_semantic} columns"
            )
        return self._compatibility(X, S)

    def predict(self, X: ArrayLike) -> IntArray:
        """Return the best class of every item among those of `fit`; ties go to the first."""
        check_is_fitted(self)
        return np.asarray(self.compatibility(X, self.class_embeddings_).argmax(axis=1))

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """Return the mean per-class accuracy, the classes that occur in `y` being the candidates.

        On the pseudo-unseen folds of `ClassKFold` this is the accuracy on classes never trained on.
        """
        check_is_fitted(self)
        y = np.asarray(y)
        candidates = np.unique(y)
        scores = self.compatibility(X, self.class_embeddings_)[:, candidates]
        hit = candidates[scores.argmax(axis=1)] == y
        return float(np.mean([hit[y == c].mean() for c in candidates]))

    def to_state(self) -> State:
        """Return the options and what was learned."""
        check_is_fitted(self)
        learned = {k: v for k, v in vars(self).items() if isinstance(v, np.ndarray)}
        if hasattr(self, "centre_"):
            learned |= {"centre_.x": self.centre_.x, "centre_.s": self.centre_.s}
        values = {"options": self.get_params(), "n_features_in_": self.n_features_in_}
        return State(type(self).__name__, values, learned)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the mapping that was saved; `load_mapping` finds the class by itself.

        Raises
        ------
        PersistenceError
            If the state is that of something else.
        """
        state.expect(cls.__name__)
        mapping, learned = cls(**state.values["options"]), dict(state.arrays)
        mapping.n_features_in_ = int(state.values["n_features_in_"])
        if "centre_.x" in learned:
            mapping.centre_ = Centre(learned.pop("centre_.x"), learned.pop("centre_.s"))
        for name, array in learned.items():
            setattr(mapping, name, array)
        return mapping

    @abstractmethod
    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        """Learn from checked arrays."""

    @abstractmethod
    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        """Score checked arrays."""


def labelled(X: FloatArray, y: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the labelled rows."""
    keep = y != UNLABELLED
    return X[keep], y[keep]
