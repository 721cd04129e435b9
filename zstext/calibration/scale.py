"""The scale of scores: how a compatibility score becomes a probability before any calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, softmax

from zstext.protocols import FloatArray


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """Temperatures that turn the scores of one scorer into probabilities.

    Single-label, the classes compete: p_c = softmax_c(s_c / T). Multi-label, each stands alone:
    p_c = sigmoid((s_c - b) / T_m).

    Parameters
    ----------
    temperature : float
        T, in units of the score.
    midpoint : float
        b, the score at which a label is as likely as not in multi-label mode.
    multi_temperature : float
        T_m, in units of the score.
    """

    temperature: float
    midpoint: float
    multi_temperature: float

    def proba(self, scores: FloatArray, *, multi_label: bool = False) -> FloatArray:
        """Return probabilities.

        Parameters
        ----------
        scores : ndarray of shape (n_items, n_classes)
        multi_label : bool

        Returns
        -------
        ndarray of shape (n_items, n_classes), float64
            Rows sum to 1, or in multi-label mode each entry is 0..1 by itself.
        """
        scores = np.asarray(scores, dtype=np.float64)
        if multi_label:
            independent: FloatArray = expit((scores - self.midpoint) / self.multi_temperature)
            return independent
        competing: FloatArray = softmax(scores / self.temperature, axis=1)
        return competing
