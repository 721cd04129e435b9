"""The few array operations that every mapping shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError
from zstext.protocols import FloatArray, IntArray

UNLABELLED = -1
"""The class index of a row nobody has labelled."""


def class_sums(X: FloatArray, y: IntArray, n_classes: int) -> tuple[FloatArray, IntArray]:
    """Return the sum of the rows of each class and how many there are.

    Returns
    -------
    sums : ndarray of shape (n_classes, n_features)
    counts : ndarray of shape (n_classes,), int
    """
    sums = np.zeros((n_classes, X.shape[1]))
    np.add.at(sums, y, X)
    return sums, np.bincount(y, minlength=n_classes)


@dataclass(frozen=True, slots=True)
class Centre:
    """The origin of both spaces: the mean of the seen classes, each class counted once.

    Attributes
    ----------
    x : ndarray of shape (n_features,)
        Mean of the class means. A class with many rows does not pull the origin to itself.
    s : ndarray of shape (n_semantic,)
        Mean of the class embeddings of the seen classes.
    """

    x: FloatArray
    s: FloatArray

    @classmethod
    def of(cls, X: FloatArray, y: IntArray, S: FloatArray) -> Centre:
        """Return the centre of labelled rows; the plain origin if fewer than two classes are seen.

        One class is its own mean: centring on it would erase the only thing that is known.
        """
        seen = np.unique(y)
        if len(seen) < 2:
            return cls(np.zeros(X.shape[1]), np.zeros(S.shape[1]))
        sums, counts = class_sums(X, y, len(S))
        return cls((sums[seen] / counts[seen, None]).mean(axis=0), S[seen].mean(axis=0))

    def shrunk(self, n_seen: int) -> Centre:
        """Return the centre drawn to the plain origin, by ``n_seen / (n_seen + 3)``.

        The mean of a few classes says as much about those as about where all classes lie.
        """
        weight = n_seen / (n_seen + 3)
        return Centre(weight * self.x, weight * self.s)


def as_matrix(A: ArrayLike, what: str) -> FloatArray:
    """Return `A` as a finite float64 matrix.

    Raises
    ------
    InputError
        If it is not two-dimensional or holds a value that is not finite.
    """
    M = np.asarray(A, dtype=np.float64)
    if M.ndim != 2:
        raise InputError(f"{what} must be a matrix, got an array of shape {M.shape}")
    if not np.isfinite(M).all():
        raise InputError(f"{what} holds values that are not finite; remove or repair those rows")
    return M


def as_class_indices(y: ArrayLike, n_items: int, n_classes: int) -> IntArray:
    """Return `y` as class indices, one for each item, -1 for an unlabelled one.

    Raises
    ------
    InputError
        If the length is wrong or an index is neither -1 nor a row of the class embeddings.
    """
    indices = np.asarray(y)
    if indices.shape != (n_items,):
        raise InputError(f"{n_items} rows of features but labels of shape {indices.shape}")
    if n_items and not np.issubdtype(indices.dtype, np.integer):
        raise InputError(f"labels must be integer class indices, got {indices.dtype}")
    indices = indices.astype(np.int64)
    bad = indices[(indices < UNLABELLED) | (indices >= n_classes)]
    if len(bad):
        raise InputError(
            f"class index {bad[0]} but there are {n_classes} class embeddings; "
            f"use 0..{n_classes - 1}, or {UNLABELLED} for an unlabelled row"
        )
    return indices
