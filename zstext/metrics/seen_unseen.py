"""Generalized zero-shot: accuracy on seen and on unseen classes, and the trade between the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError
from zstext.protocols import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class SeenUnseen:
    """Accuracy when all classes compete.

    Attributes
    ----------
    S, U : float
        Mean per-class accuracy over the seen and over the unseen classes that have items, in 0..1;
        nan where no such class has an item.
    """

    S: float
    U: float

    @property
    def H(self) -> float:  # noqa: N802  the literature's name, beside S and U
        """Harmonic mean ``2SU / (S + U)``; 0 if both are 0, nan if one is nan."""
        total = self.S + self.U
        return 2 * self.S * self.U / total if total else 0.0


@dataclass(frozen=True, slots=True)
class SeenUnseenCurve:
    """S and U as a penalty on the seen classes goes from -inf to +inf.

    Attributes
    ----------
    flips : ndarray of shape (n_points - 1,)
        Penalties, ascending, at which an item goes from its best seen to its best unseen class.
    S, U : ndarray of shape (n_points,)
        Before the first flip, between two, and after the last.
    """

    flips: FloatArray
    S: FloatArray
    U: FloatArray

    @property
    def H(self) -> FloatArray:  # noqa: N802
        """Harmonic mean at every point, shape (n_points,)."""
        total = self.S + self.U
        return 2 * self.S * self.U / np.where(total > 0, total, 1.0)

    @property
    def gamma(self) -> FloatArray:
        """A penalty for every point, ascending, shape (n_points,); see `between`."""
        return between(self.flips)

    @property
    def ausuc(self) -> float:
        """Area under the curve, from axis to axis, in 0..1."""
        return float((-np.diff(self.S) * (self.U[1:] + self.U[:-1]) / 2).sum())

    def best_gamma(self) -> float:
        """Return the penalty with the best H: the smallest of those that tie."""
        return float(self.gamma[self.H.argmax()])

    def harmonic_at(self, gamma: ArrayLike) -> FloatArray:
        """Return H at any penalties."""
        return self.H[np.searchsorted(self.flips, np.asarray(gamma))]


def between(flips: FloatArray) -> FloatArray:
    """Return penalties on all sides of `flips`: the midpoints, and 1 beyond either end.

    Parameters
    ----------
    flips : ndarray of shape (n,), ascending, n >= 1

    Returns
    -------
    ndarray of shape (n + 1,)
    """
    return np.concatenate([[flips[0] - 1], (flips[1:] + flips[:-1]) / 2, [flips[-1] + 1]])


def seen_unseen(y_true: ArrayLike, y_pred: ArrayLike, seen_mask: ArrayLike) -> SeenUnseen:
    """Return S, U and H of predictions.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_items,), int
        Class indices; a prediction may be -1 (no answer), which is never right.
    seen_mask : array-like of shape (n_classes,), bool

    References
    ----------
    Xian et al., "Zero-shot learning: a comprehensive evaluation", TPAMI 2019.
    """
    y_true, y_pred = np.asarray(y_true, np.int64), np.asarray(y_pred, np.int64)
    seen = np.asarray(seen_mask, bool)
    counts = np.bincount(y_true, minlength=len(seen))
    right = np.bincount(y_true[y_true == y_pred], minlength=len(seen))
    recall = right / np.maximum(counts, 1)

    def mean(kind: BoolArray) -> float:
        present = kind & (counts > 0)
        return float(recall[present].mean()) if present.any() else float("nan")

    return SeenUnseen(mean(seen), mean(~seen))


def seen_unseen_curve(
    scores: ArrayLike, y_true: ArrayLike, seen_mask: ArrayLike
) -> SeenUnseenCurve:
    """Return the seen-unseen accuracy curve of `scores`.

    Parameters
    ----------
    scores : array-like of shape (n_items, n_classes)
    y_true : array-like of shape (n_items,), int
    seen_mask : array-like of shape (n_classes,), bool

    Raises
    ------
    InputError
        If there are not items and classes of both kinds.

    References
    ----------
    Chao et al., "An empirical study and analysis of generalized zero-shot learning", ECCV 2016.
    """
    F, y = np.asarray(scores, np.float64), np.asarray(y_true, np.int64)
    seen = np.asarray(seen_mask, bool)
    if not (seen[y].any() and (~seen[y]).any()):
        raise InputError("a seen-unseen curve needs items of seen classes and of unseen classes")
    best_seen, hit_seen = _best_of(F, y, seen)
    best_unseen, hit_unseen = _best_of(F, y, ~seen)
    margin = best_seen - best_unseen
    flips, place = np.unique(margin, return_inverse=True)
    weight = _class_weights(y, seen)
    # An item goes from its best seen to its best unseen class as gamma passes its margin.
    lost = np.bincount(place, weight * hit_seen * seen[y], minlength=len(flips))
    won = np.bincount(place, weight * hit_unseen * ~seen[y], minlength=len(flips))
    S = np.concatenate([np.cumsum(lost[::-1])[::-1], [0.0]])
    return SeenUnseenCurve(flips, S, np.concatenate([[0.0], np.cumsum(won)]))


def _best_of(F: FloatArray, y: IntArray, kind: BoolArray) -> tuple[FloatArray, BoolArray]:
    columns = np.flatnonzero(kind)
    return F[:, columns].max(axis=1), columns[F[:, columns].argmax(axis=1)] == y


def _class_weights(y: IntArray, seen: BoolArray) -> FloatArray:
    """Return the share of each item in S or in U: every class of a kind counts the same."""
    counts = np.bincount(y, minlength=len(seen))
    present = counts > 0
    n_of_kind = np.where(seen, (present & seen).sum(), (present & ~seen).sum())
    return np.asarray(1.0 / (counts[y] * n_of_kind[y]))
