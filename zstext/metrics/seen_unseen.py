"""Generalized zero-shot: accuracy on seen and on unseen classes, and the trade between the two."""

from __future__ import annotations

from collections.abc import Iterable
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
    return pooled_curve([(scores, y_true, seen_mask)])


def pooled_curve(folds: Iterable[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> SeenUnseenCurve:
    """Return one curve for the items of all folds; a class is seen in some and hidden in others.

    A class counts in S with its items in the folds where it is seen, in U with those where it is
    hidden. A fold that hides one class has no H worth the name, and a mean over such folds neither.

    Parameters
    ----------
    folds : iterable of (scores, y_true, seen_mask)
        Each as for `seen_unseen_curve`; the same classes in all of them.

    Raises
    ------
    InputError
        If there are not items and classes of both kinds.
    """
    duels = [_duel(*fold) for fold in folds]
    if not (any(d[3].any() for d in duels) and any((~d[3]).any() for d in duels)):
        raise InputError("a seen-unseen curve needs items of seen classes and of unseen classes")
    margin, hit, y, of_seen = (np.concatenate(c) for c in zip(*duels, strict=True))
    flips, place = np.unique(margin, return_inverse=True)
    share = hit * _class_weights(y, of_seen)
    # An item goes from its best seen to its best unseen class as gamma passes its margin.
    lost = np.bincount(place, share * of_seen, minlength=len(flips))
    won = np.bincount(place, share * ~of_seen, minlength=len(flips))
    S = np.concatenate([np.cumsum(lost[::-1])[::-1], [0.0]])
    return SeenUnseenCurve(flips, S, np.concatenate([[0.0], np.cumsum(won)]))


def _duel(
    scores: ArrayLike, y_true: ArrayLike, seen_mask: ArrayLike
) -> tuple[FloatArray, BoolArray, IntArray, BoolArray]:
    """Return the lead of an item's best seen class, whether its own kind's best is right, y, kind.

    Without classes of both kinds there is no duel, and the items are of one kind: none is returned.
    """
    F, y = np.asarray(scores, np.float64), np.asarray(y_true, np.int64)
    seen = np.asarray(seen_mask, bool)
    if seen.all() or not seen.any():
        F, y = F[:0], y[:0]
        return F[:, 0], y == 0, y, seen[y]
    best_seen, hit_seen = _best_of(F, y, seen)
    best_unseen, hit_unseen = _best_of(F, y, ~seen)
    return best_seen - best_unseen, np.where(seen[y], hit_seen, hit_unseen), y, seen[y]


def _best_of(F: FloatArray, y: IntArray, kind: BoolArray) -> tuple[FloatArray, BoolArray]:
    columns = np.flatnonzero(kind)
    return F[:, columns].max(axis=1), columns[F[:, columns].argmax(axis=1)] == y


def _class_weights(y: IntArray, of_seen: BoolArray) -> FloatArray:
    """Return the share of each item in S or in U: every class of a kind counts the same."""
    classes, place, counts = np.unique(2 * y + of_seen, return_inverse=True, return_counts=True)
    n_of_kind = np.bincount(classes % 2, minlength=2)[of_seen.astype(np.int64)]
    return np.asarray(1.0 / (counts[place] * n_of_kind))
