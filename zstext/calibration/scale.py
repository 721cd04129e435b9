"""The scale of scores: how a compatibility score becomes a probability before any calibration."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.calibration.multilabel import PlattScaling
from zstext.calibration.temperature import TemperatureScaling

_FALL = 1 / 6  # by `benchmarks/choose_fall.py`


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """Temperatures that turn the scores of one scorer into probabilities.

    Single-label, the classes compete: p_c = softmax_c(s_c / T). Multi-label, each stands alone:
    p_c = sigmoid((s_c - b) / T_m).

    Among many labels T is lower: T (k / K)^(1/6) for K labels, more than k. A hundred wrong ones,
    each a little likely, would together outweigh the right one; and many labels tend to be names of
    things, which an encoder knows better than a choice of two or three judgements.

    Parameters
    ----------
    temperature : float
        T, in units of the score.
    midpoint : float
        b, the score at which a label is as likely as not in multi-label mode.
    multi_temperature : float
        T_m, in units of the score.
    labels : int, optional
        k, the number of labels up to which T holds. None: whatever their number.
    """

    temperature: float
    midpoint: float
    multi_temperature: float
    labels: int | None = None

    def temperature_among(self, n_labels: int) -> float:
        """Return T among so many labels."""
        if self.labels is None or n_labels <= self.labels:
            return self.temperature
        return self.temperature * float((self.labels / n_labels) ** _FALL)

    def scaling(
        self, n_labels: int, *, multi_label: bool = False
    ) -> TemperatureScaling | PlattScaling:
        """Return the calibrator that this scale is among so many labels."""
        if multi_label:
            return PlattScaling(
                A=-1 / self.multi_temperature, B=self.midpoint / self.multi_temperature
            )
        return TemperatureScaling(self.temperature_among(n_labels))
