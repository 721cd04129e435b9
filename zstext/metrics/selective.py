"""Answering only when sure: risk against coverage, and telling items of no class apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from zstext.errors import InputError
from zstext.protocols import FloatArray


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """What share of the answers is wrong if only the surest items are answered.

    Attributes
    ----------
    threshold : ndarray of shape (n_points,)
        Distinct confidences, descending: items at or above it are answered.
    coverage : ndarray of shape (n_points,), in 0..1
        Share of items answered, ascending to 1.
    risk : ndarray of shape (n_points,), in 0..1
        Share of the answers that is wrong.
    """

    threshold: FloatArray
    coverage: FloatArray
    risk: FloatArray

    @property
    def area(self) -> float:
        """Mean risk over all coverages (AURC); items of equal confidence count at their risk."""
        return float((self.risk * np.diff(self.coverage, prepend=0.0)).sum())


def risk_coverage(confidence: ArrayLike, correct: ArrayLike) -> RiskCoverage:
    """Return the risk-coverage curve.

    Parameters
    ----------
    confidence : array-like of shape (n_items,)
    correct : array-like of shape (n_items,), bool

    Raises
    ------
    InputError
        If there is no item.

    References
    ----------
    Geifman and El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017.
    """
    c, wrong = np.asarray(confidence, np.float64), ~np.asarray(correct, bool)
    if not len(c):
        raise InputError("a risk-coverage curve needs at least one item, got none")
    order = np.argsort(-c, kind="stable")
    last = np.append(np.diff(c[order]) != 0, True)
    answered = np.arange(1, len(c) + 1)[last]
    return RiskCoverage(c[order][last], answered / len(c), np.cumsum(wrong[order])[last] / answered)


def auroc(score: ArrayLike, positive: ArrayLike) -> float:
    """Return the chance that a positive item scores above a negative one, ties counting half.

    For out-of-scope detection, `score` is the confidence and `positive` says which items are in
    scope.

    Parameters
    ----------
    score : array-like of shape (n_items,)
    positive : array-like of shape (n_items,), bool

    Raises
    ------
    InputError
        If all items are positive, or none is.
    """
    s, pos = np.asarray(score, np.float64), np.asarray(positive, bool)
    n_pos, n_neg = int(pos.sum()), int((~pos).sum())
    if not (n_pos and n_neg):
        raise InputError(f"AUROC needs both kinds of item, got {n_pos} in and {n_neg} out of scope")
    return float((rankdata(s)[pos].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))
