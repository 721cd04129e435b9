"""Calibrated stacking: take away the advantage of the seen classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError, OptionError
from zstext.metrics.seen_unseen import pooled_curve
from zstext.protocols import BoolArray, FloatArray, IntArray
from zstext.state import State

_TOLERANCE = 0.02
"""Chosen with the folds of `pseudo_unseen_folds` on data/train, drawn squares and discs, and splits
100 to 102 of Caltech-101: 0.01 to 0.04 were alike, 0 was worse on texts."""


@dataclass(frozen=True, slots=True)
class SeenPenalty:
    """``score(x, c) - gamma`` for seen classes c, ``score(x, c)`` for unseen ones.

    Parameters
    ----------
    gamma : float
        In units of the scores. Below zero it favours the seen classes.

    References
    ----------
    Chao et al., "An empirical study and analysis of generalized zero-shot learning", ECCV 2016.
    """

    gamma: float

    def __post_init__(self) -> None:
        if not np.isfinite(self.gamma):
            raise OptionError(f"gamma must be a finite number, got {self.gamma}")

    @classmethod
    def from_validation(cls, scores: ArrayLike, y: ArrayLike, seen_mask: ArrayLike) -> Self:
        """Return the median of the penalties with the best H on validation rows.

        These rows are of the very classes that will compete, unlike those of `from_folds`: a
        penalty that gets one of them wrong is not as good as one that gets them right.

        Parameters
        ----------
        scores : array-like of shape (n_items, n_classes)
        y : array-like of shape (n_items,), int
            Rows of -1 are not looked at.
        seen_mask : array-like of shape (n_classes,), bool

        Returns
        -------
        SeenPenalty
            With gamma 0 if the rows, or the classes, are all seen or all unseen.
        """
        return cls._chosen([(np.asarray(scores), np.asarray(y), np.asarray(seen_mask))], 0.0)

    @classmethod
    def from_folds(cls, folds: Iterable[tuple[FloatArray, IntArray, BoolArray]]) -> Self:
        """Return the median of the penalties that are good for the rows of all folds.

        Good is an H on the `pooled_curve` within two per cent of the best one: the curve is nearly
        flat there, and where it is highest is chance. With the pseudo-unseen folds of
        `zstext.mapping.pseudo_unseen_folds` gamma is chosen without a test row, and without one
        label of an unseen class.

        Parameters
        ----------
        folds : iterable of (scores, y, seen_mask)
            Rows of -1 are not looked at.

        Returns
        -------
        SeenPenalty
            With gamma 0 if there are not rows, or classes, of both kinds: nothing is known about
            the advantage.
        """
        return cls._chosen(folds, _TOLERANCE)

    @classmethod
    def _chosen(
        cls, folds: Iterable[tuple[FloatArray, IntArray, BoolArray]], tolerance: float
    ) -> Self:
        known = [(scores[y >= 0], y[y >= 0], seen) for scores, y, seen in folds]
        try:
            curve = pooled_curve(known)
        except InputError:
            return cls(0.0)
        harmonic = curve.H
        good = curve.gamma[harmonic >= harmonic.max() * (1 - tolerance)]
        return cls(float(good[len(good) // 2]))

    def apply(self, scores: FloatArray, seen_mask: ArrayLike) -> FloatArray:
        """Return the penalised scores; unchanged if all classes are seen, or none is."""
        seen = np.asarray(seen_mask, bool)
        return scores - self.gamma * seen if seen.any() and not seen.all() else scores

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        return State("SeenPenalty", {"gamma": self.gamma})

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the penalty that was saved."""
        state.expect("SeenPenalty")
        return cls(float(state.values["gamma"]))
