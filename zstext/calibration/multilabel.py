"""Scores to probabilities where labels do not exclude each other: Platt's sigmoid, and isotonic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

from zstext.errors import InputError
from zstext.protocols import BoolArray, FloatArray
from zstext.state import State


@dataclass(frozen=True, slots=True)
class PlattScaling:
    """``p(c|x) = sigmoid(-(A f + B))``, one pair (A, B) for all classes.

    One pair serves classes without a validation example, as zero-shot has them, and keeps the
    order of the classes. `A` and `B` are Platt's symbols and signs: A is below 0 if higher scores
    are better.

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines", 1999.
    """

    A: float
    B: float

    @classmethod
    def from_validation(cls, scores: ArrayLike, Y: ArrayLike) -> Self:
        """Fit by maximum likelihood, with Platt's smoothed targets.

        Parameters
        ----------
        scores : array-like of shape (n_items, n_classes)
        Y : array-like of shape (n_items, n_classes), bool

        Raises
        ------
        InputError
            If shapes differ or there is no pair of an item and a class.
        """
        f, y = _flat(scores, Y)
        n_pos, n_neg = int(y.sum()), int((~y).sum())
        t = np.where(y, (n_pos + 1) / (n_pos + 2), 1 / (n_neg + 2))
        middle, spread = float(f.mean()), float(f.std()) or 1.0
        z = (f - middle) / spread

        def loss(ab: FloatArray) -> tuple[float, FloatArray]:
            u = ab[0] * z + ab[1]
            p = expit(-u)
            value = float((t * np.logaddexp(0, u) + (1 - t) * np.logaddexp(0, -u)).mean())
            return value, np.array([((t - p) * z).mean(), (t - p).mean()])

        start = np.array([0.0, np.log((n_neg + 1) / (n_pos + 1))])
        a, b = minimize(loss, start, jac=True, method="BFGS").x
        return cls(float(a / spread), float(b - a * middle / spread))

    def proba(self, scores: FloatArray) -> FloatArray:
        """Return probabilities, each in 0..1; rows do not sum to 1."""
        return np.asarray(expit(-(self.A * np.asarray(scores, np.float64) + self.B)))

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        return State("PlattScaling", {"A": self.A, "B": self.B})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the sigmoid that was saved."""
        state.expect("PlattScaling")
        return cls(float(state.values["A"]), float(state.values["B"]))


@dataclass(frozen=True, slots=True, eq=False)
class IsotonicScaling:
    """A non-decreasing piecewise linear function from score to probability, one for all classes.

    Freer than Platt's sigmoid: it needs some hundreds of validation pairs.

    Parameters
    ----------
    knots, values : ndarray of shape (n_knots,)
        Ascending scores, and the probabilities there. Outside the knots the end values hold.

    References
    ----------
    Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability
    estimates", KDD 2002.
    """

    knots: FloatArray
    values: FloatArray

    @classmethod
    def from_validation(cls, scores: ArrayLike, Y: ArrayLike) -> Self:
        """Fit by least squares; parameters as for `PlattScaling.from_validation`."""
        f, y = _flat(scores, Y)
        model = IsotonicRegression(y_min=0, y_max=1).fit(f, y)
        return cls(np.asarray(model.X_thresholds_), np.asarray(model.y_thresholds_))

    def proba(self, scores: FloatArray) -> FloatArray:
        """Return probabilities, each in 0..1; rows do not sum to 1."""
        return np.interp(scores, self.knots, self.values)

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        return State("IsotonicScaling", {}, {"knots": self.knots, "values": self.values})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the function that was saved."""
        state.expect("IsotonicScaling")
        return cls(np.asarray(state.arrays["knots"]), np.asarray(state.arrays["values"]))


def _flat(scores: ArrayLike, Y: ArrayLike) -> tuple[FloatArray, BoolArray]:
    F, T = np.asarray(scores, np.float64), np.asarray(Y, bool)
    if F.shape != T.shape or not F.size:
        raise InputError(f"need a label for each score, got shapes {F.shape} and {T.shape}")
    return F.ravel(), T.ravel()
