"""Do probabilities mean what they say?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zstext.protocols import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class ReliabilityBins:
    """Confidence against accuracy, in bins of equal width.

    Attributes
    ----------
    edges : ndarray of shape (n_bins + 1,)
        A bin holds its upper edge and not its lower one; the first holds both.
    count : ndarray of shape (n_bins,), int
    confidence, accuracy : ndarray of shape (n_bins,)
        Means over the bin, nan where it is empty.
    """

    edges: FloatArray
    count: IntArray
    confidence: FloatArray
    accuracy: FloatArray

    @property
    def ece(self) -> float:
        """Expected calibration error: ``sum_b n_b / n |accuracy_b - confidence_b|``, in 0..1."""
        full = self.count > 0
        gap = np.abs(self.accuracy[full] - self.confidence[full])
        return float((self.count[full] * gap).sum() / self.count.sum())


def reliability_bins(
    confidence: ArrayLike, correct: ArrayLike, *, n_bins: int = 15
) -> ReliabilityBins:
    """Sort items into bins of confidence.

    Parameters
    ----------
    confidence : array-like of shape (n_items,), in 0..1
        Probability of the predicted class.
    correct : array-like of shape (n_items,), bool
    n_bins : int

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017.
    """
    p, hit = np.asarray(confidence, np.float64), np.asarray(correct, np.float64)
    edges = np.linspace(0, 1, n_bins + 1)
    b = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, n_bins - 1)
    count = np.bincount(b, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        means = (np.bincount(b, v, minlength=n_bins) / count for v in (p, hit))
        return ReliabilityBins(edges, count, *means)


def expected_calibration_error(
    confidence: ArrayLike, correct: ArrayLike, *, n_bins: int = 15
) -> float:
    """Return the expected calibration error, in 0..1; see `reliability_bins`."""
    return reliability_bins(confidence, correct, n_bins=n_bins).ece


def brier_score(proba: ArrayLike, y_true: ArrayLike) -> float:
    """Return the mean squared distance of probabilities to the truth, in 0..2.

    Parameters
    ----------
    proba : array-like of shape (n_items, n_classes)
    y_true : array-like of shape (n_items,), int

    References
    ----------
    Brier, "Verification of forecasts expressed in terms of probability", 1950.
    """
    error = np.array(proba, np.float64)
    error[np.arange(len(error)), np.asarray(y_true)] -= 1.0
    return float((error**2).sum(axis=1).mean())
