"""One number that makes softmax probabilities honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from zstext.calibration.probability import log_softmax, softmax
from zstext.errors import InputError, OptionError
from zstext.protocols import FloatArray
from zstext.state import State

_LOG_RANGE = (np.log(1e-4), np.log(1e4))


@dataclass(frozen=True, slots=True)
class TemperatureScaling:
    """``p = softmax(scores / T)``. It never changes which class is best.

    Parameters
    ----------
    temperature : float, > 0
        In units of the scores: 0.025 suits cosines, 1 suits logits.

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017.
    """

    temperature: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.temperature) and self.temperature > 0):
            raise OptionError(f"the temperature must be above 0, got {self.temperature}")

    @classmethod
    def from_validation(cls, scores: ArrayLike, y: ArrayLike) -> Self:
        """Return the temperature, in 1e-4..1e4, with the least negative log-likelihood.

        Where the best class of every row is the right one, that is no temperature but 0: then the
        truth counts (n + 1) / (n + 2), as in Platt's targets, and the other classes share the rest.

        Parameters
        ----------
        scores : array-like of shape (n_items, n_classes)
        y : array-like of shape (n_items,), int
            Rows of -1 are not looked at.

        Raises
        ------
        InputError
            If no row has a label.
        """
        known = np.asarray(y) >= 0
        F, labels = np.asarray(scores, np.float64)[known], np.asarray(y)[known]
        if not len(F):
            raise InputError("a temperature needs at least one labelled validation row, got none")
        rows = np.arange(len(F))
        truth = F[rows, labels]
        doubt = 1 / (len(F) + 2) if (truth >= F.max(axis=1)).all() else 0.0
        others = np.isfinite(F)
        others[rows, labels] = False
        share = doubt * others / np.maximum(others.sum(axis=1, keepdims=True), 1)

        def loss(log_t: float) -> float:
            log_p = log_softmax(F / np.exp(log_t))
            rest = np.where(others, log_p, 0.0) * share
            return -float(((1 - doubt) * log_p[rows, labels] + rest.sum(axis=1)).mean())

        return cls(float(np.exp(minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded").x)))

    def proba(self, scores: FloatArray) -> FloatArray:
        """Return probabilities; rows sum to 1."""
        return softmax(np.asarray(scores, np.float64) / self.temperature)

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        return State("TemperatureScaling", {"temperature": self.temperature})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the temperature that was saved."""
        state.expect("TemperatureScaling")
        return cls(float(state.values["temperature"]))
