"""F1 and average precision where an item may have several labels, or none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError
from zstext.protocols import BoolArray


def micro_f1(Y_true: ArrayLike, Y_pred: ArrayLike) -> float:
    """Return F1 over all (item, class) decisions together, in 0..1; 0 if there is nothing to find.

    Parameters
    ----------
    Y_true, Y_pred : array-like of shape (n_items, n_classes), bool
    """
    T, P = _same_shape(Y_true, Y_pred)
    return float(2 * (T & P).sum() / max(T.sum() + P.sum(), 1))


def macro_f1_multilabel(Y_true: ArrayLike, Y_pred: ArrayLike) -> float:
    """Return the mean F1 of the classes that occur, as truth or as prediction, in 0..1.

    Parameters
    ----------
    Y_true, Y_pred : array-like of shape (n_items, n_classes), bool
    """
    T, P = _same_shape(Y_true, Y_pred)
    total = T.sum(axis=0) + P.sum(axis=0)
    occurs = total > 0
    return float((2 * (T & P).sum(axis=0)[occurs] / total[occurs]).mean()) if occurs.any() else 0.0


def mean_average_precision(Y_true: ArrayLike, scores: ArrayLike) -> float:
    """Return the mean over classes that have items of ``AP = sum_k (R_k - R_k-1) P_k``, in 0..1.

    k runs over the distinct scores of the class, so items that tie are taken together.

    Parameters
    ----------
    Y_true : array-like of shape (n_items, n_classes), bool
    scores : array-like of shape (n_items, n_classes)

    Raises
    ------
    InputError
        If no class has an item.
    """
    T, F = np.asarray(Y_true, bool), np.asarray(scores, np.float64)
    if T.shape != F.shape or not T.any():
        raise InputError(f"need scores for one true label or more, got {T.shape} and {F.shape}")
    present = np.flatnonzero(T.any(axis=0))
    return float(np.mean([_average_precision(T[:, c], F[:, c]) for c in present]))


def _average_precision(true: BoolArray, score: ArrayLike) -> float:
    s = np.asarray(score)
    order = np.argsort(-s, kind="stable")
    last = np.append(np.diff(s[order]) != 0, True)
    hits = np.cumsum(true[order])[last]
    precision = hits / np.arange(1, len(true) + 1)[last]
    return float((np.diff(hits, prepend=0) * precision).sum() / hits[-1])


def _same_shape(Y_true: ArrayLike, Y_pred: ArrayLike) -> tuple[BoolArray, BoolArray]:
    T, P = np.asarray(Y_true, bool), np.asarray(Y_pred, bool)
    if T.shape != P.shape or T.ndim != 2:
        raise InputError(f"need one decision for each item and class, got {T.shape} and {P.shape}")
    return T, P
