"""The scale of scores: how a compatibility score becomes a probability before any calibration."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.calibration.multilabel import PlattScaling
from zstext.calibration.temperature import TemperatureScaling


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

    def scaling(self, multi_label: bool = False) -> TemperatureScaling | PlattScaling:
        """Return the calibrator that this scale is."""
        if multi_label:
            return PlattScaling(
                A=-1 / self.multi_temperature, B=self.midpoint / self.multi_temperature
            )
        return TemperatureScaling(self.temperature)
