"""The scale of scores: how a compatibility score becomes a probability before any calibration."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from zstext.calibration.multilabel import PlattScaling
from zstext.calibration.temperature import TemperatureScaling

_FALL = 1 / 6  # by `benchmarks/choose_fall.py`


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """Temperatures that turn the scores of one scorer into probabilities.

    Single-label, the classes compete: p_c = softmax_c(s_c / T). Multi-label, each is judged without
    the scores of the others: p_c = sigmoid((s_c - b) / T_m).

    Among many labels T is lower: T (k / K)^(1/6) for K labels, more than k. A hundred wrong ones,
    each a little likely, would together outweigh the right one; and many labels tend to be names of
    things, which an encoder knows better than a choice of two or three judgements.

    And b is higher, by Bayes' rule: at b a label is as likely as not if half of the documents have
    it. Where a document has m of K labels, the odds of each are m to K - m before it is read, and
    b + T_m log((K - m) / m) is the score that makes up for them.

    Parameters
    ----------
    temperature : float
        T, in units of the score.
    midpoint : float
        b, the score that is as typical, in multi-label mode, of having a label as of lacking it.
    multi_temperature : float
        T_m, in units of the score.
    labels : int, optional
        k, the number of labels up to which T holds. None: whatever their number.
    expected : float, optional
        m, how many labels a document is expected to have in multi-label mode; up to 2 m of them b
        holds. None: it holds whatever their number.
    """

    temperature: float
    midpoint: float
    multi_temperature: float
    labels: int | None = None
    expected: float | None = None

    def temperature_among(self, n_labels: int) -> float:
        """Return T among so many labels."""
        if self.labels is None or n_labels <= self.labels:
            return self.temperature
        return self.temperature * float((self.labels / n_labels) ** _FALL)

    def midpoint_among(self, n_labels: int) -> float:
        """Return b among so many labels."""
        if self.expected is None or n_labels <= 2 * self.expected:
            return self.midpoint
        odds = (n_labels - self.expected) / self.expected
        return self.midpoint + self.multi_temperature * log(odds)

    def scaling(
        self, n_labels: int, *, multi_label: bool = False
    ) -> TemperatureScaling | PlattScaling:
        """Return the calibrator that this scale is among so many labels."""
        if multi_label:
            return PlattScaling(
                A=-1 / self.multi_temperature,
                B=self.midpoint_among(n_labels) / self.multi_temperature,
            )
        return TemperatureScaling(self.temperature_among(n_labels))
