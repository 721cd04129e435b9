"""Answer only above a threshold that was right often enough on validation data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta

from zstext.errors import OptionError
from zstext.metrics.selective import risk_coverage
from zstext.protocols import BoolArray, FloatArray
from zstext.state import State

_MARGIN = 1e-4  # of a confidence: more than the last bits can make


@dataclass(frozen=True, slots=True)
class Abstention:
    """A threshold on the confidence, and what it achieved where it was chosen.

    Attributes
    ----------
    threshold : float or None
        Answer at or above it; None if no threshold reached the target: answer nothing. It lies
        between two confidences of validation items, not on one: the last bits of a confidence
        depend on what was computed beside it.
    target_precision : float, in 0..1
    precision : float or None
        Share of the answers that was right; None without an answer.
    coverage : float, in 0..1
        Share of the items that was answered.
    lower_bound : float, in 0..1
        Clopper-Pearson bound below the precision, one-sided, at `confidence_level`. It holds for a
        threshold fixed in advance; one chosen on the same rows makes it slightly optimistic.
    confidence_level : float, in 0..1
    n_validation : int

    References
    ----------
    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 1934.
    """

    threshold: float | None
    target_precision: float
    precision: float | None
    coverage: float
    lower_bound: float
    confidence_level: float
    n_validation: int

    @classmethod
    def from_validation(
        cls,
        confidence: ArrayLike,
        correct: ArrayLike,
        *,
        target_precision: float,
        confidence_level: float = 0.95,
    ) -> Self:
        """Choose the threshold that answers the most items at the target precision.

        Parameters
        ----------
        confidence : array-like of shape (n_items,)
            Probability of the predicted class.
        correct : array-like of shape (n_items,), bool
            Items of no class count as wrong.
        target_precision, confidence_level : float, between 0 and 1

        Raises
        ------
        OptionError
            If a share is not between 0 and 1.
        InputError
            If there is no validation item.
        """
        for name, share in (
            ("target_precision", target_precision),
            ("confidence_level", confidence_level),
        ):
            if not 0 < share < 1:
                raise OptionError(f"{name} must be between 0 and 1, got {share}")
        curve = risk_coverage(confidence, correct)
        n = len(np.asarray(confidence))
        reached = np.flatnonzero(1 - curve.risk >= target_precision)
        if not len(reached):
            return cls(None, target_precision, None, 0.0, 0.0, confidence_level, n)
        i = reached[-1]
        answered = round(float(curve.coverage[i]) * n)
        right = round(float(1 - curve.risk[i]) * answered)
        return cls(
            _below(curve.threshold, i),
            target_precision,
            right / answered,
            answered / n,
            clopper_pearson_lower(right, answered, confidence_level),
            confidence_level,
            n,
        )

    def answers(self, confidence: FloatArray) -> BoolArray:
        """Return which items to answer, shape (n_items,)."""
        c = np.asarray(confidence)
        return np.zeros(c.shape, bool) if self.threshold is None else c >= self.threshold

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        return State("Abstention", asdict(self))

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the rule that was saved."""
        state.expect("Abstention")
        return cls(**state.values)


def _below(thresholds: FloatArray, i: int) -> float:
    """Return a little less than the i-th threshold: at most halfway to the next lower one."""
    here = float(thresholds[i])
    lower = float(thresholds[i + 1]) if i + 1 < len(thresholds) else 0.0
    return max((here + lower) / 2, here - _MARGIN)


def clopper_pearson_lower(right: int, n: int, confidence_level: float) -> float:
    """Return the p at which `right` or more of `n` has probability 1 - confidence_level.

    Parameters
    ----------
    right, n : int
        0 <= right <= n.
    confidence_level : float, between 0 and 1
    """
    return float(beta.ppf(1 - confidence_level, right, n - right + 1)) if right else 0.0
