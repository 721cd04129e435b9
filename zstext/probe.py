"""A probe of 24 sentences, each about one of 24 topics: how an unknown encoder spreads its cosines.

Encoders differ: the cosines of one lie between 0 and 0.6, of another between 0.7 and 0.9. A
temperature that suits the one makes the other look sure of everything or of nothing. The probe
shows what cosines mean for an encoder before it has seen a document of the user's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import softmax

from zstext.calibration import ScoreScale
from zstext.labels import LabelSpace
from zstext.mapping import IdentityMapping
from zstext.protocols import Encoder, FloatArray
from zstext.semantics import class_embeddings, mean_windows
from zstext.templates import HypothesisTemplate

PAIRS = (
    ("The goalkeeper saved a penalty in the last minute of the match.", "sports"),
    ("The new tax law will be debated in parliament next week.", "politics"),
    ("The company opened a second office and hired forty people.", "business"),
    ("The doctor told him to take the tablets twice a day.", "health"),
    ("The telescope found a planet that circles two stars.", "astronomy"),
    ("The program crashes when the input file is empty.", "software"),
    ("My brother is learning to play the guitar in a band.", "music"),
    ("The teacher asked the children to open their exercise books.", "education"),
    ("We flew to Lisbon and stayed in a small hotel by the harbour.", "travel"),
    ("Fry the onions slowly before you add the tomatoes.", "cooking"),
    ("The jury found the accused guilty on both counts.", "law"),
    ("The castle was besieged twice in the fourteenth century.", "history"),
    ("The congregation sang a hymn after the sermon.", "religion"),
    ("Heavy rain and strong winds are expected by tonight.", "weather"),
    ("Our daughter and her grandmother baked a cake together.", "family"),
    ("The bank raised the interest rate on her loan.", "finance"),
    ("Plastic waste is choking the river and its fish.", "environment"),
    ("The gallery hung her watercolours beside the sculptures.", "art"),
    ("Two suspects were arrested after the burglary.", "crime"),
    ("The dress was on sale, so I put it in my basket.", "shopping"),
    ("The engine stalls when I change into third gear.", "cars"),
    ("The puppy chased the cat around the garden.", "animals"),
    ("The soldiers crossed the border before dawn.", "war"),
    ("The director shot the whole film in black and white.", "cinema"),
)

_TEMPERATURES = (1e-4, 1e2)


@dataclass(frozen=True, slots=True)
class ProbeReading:
    """What an encoder does on the probe.

    Attributes
    ----------
    cosines : ndarray of shape (24, 24), float64
        Sentences by topics; the matching ones on the diagonal.
    """

    cosines: FloatArray

    @property
    def accuracy(self) -> float:
        """Share of sentences whose own topic has the highest cosine."""
        own = np.diag(self.cosines)
        return float(np.mean(own >= self.cosines.max(axis=1)))

    @property
    def matched(self) -> float:
        """Mean cosine of a sentence with its own topic."""
        return float(np.diag(self.cosines).mean())

    @property
    def unmatched(self) -> float:
        """Mean cosine of a sentence with the other topics."""
        n = len(self.cosines)
        return float((self.cosines.sum() - np.trace(self.cosines)) / (n * (n - 1)))

    def confidence(self, temperature: float) -> float:
        """Return the mean probability of the best topic at a temperature."""
        return float(softmax(self.cosines / temperature, axis=1).max(axis=1).mean())

    def temperature_for(self, confidence: float) -> float:
        """Return the temperature at which `confidence` is reached, within 1e-4..1e2."""
        sharpest, flattest = _TEMPERATURES
        if confidence <= self.confidence(flattest):
            return flattest
        if confidence >= self.confidence(sharpest):
            return sharpest
        return float(brentq(lambda t: self.confidence(t) - confidence, sharpest, flattest))


def read_probe(encoder: Encoder, templates: Sequence[HypothesisTemplate]) -> ProbeReading:
    """Return the cosines of the probe's sentences with its topics."""
    sentences, topics = zip(*PAIRS, strict=True)
    encoded = encoder.encode(sentences)
    X = mean_windows(encoded.windows, encoded.counts)
    S = class_embeddings(encoder, LabelSpace.of(topics), templates)
    return ProbeReading(IdentityMapping().compatibility(X, S))


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """How the scale of an encoder follows from its reading of the probe.

    Parameters
    ----------
    confidence : float
        0..1. The temperature is the one at which the best topic has this probability on average; or
        less, if the encoder is right less often: one that knows nothing gets flat scores.
    place : float
        Where the midpoint is between the mean cosine of unmatched (0) and matched (1) pairs.
    multi_ratio : float
        The multi-label temperature, in units of the single-label one.
    expected : float, optional
        As in `ScoreScale`.
    """

    confidence: float
    place: float
    multi_ratio: float
    expected: float | None = None

    @classmethod
    def of(cls, scale: ScoreScale, reading: ProbeReading) -> ScaleRule:
        """Return the rule by which an encoder with this reading gets this scale."""
        return cls(
            confidence=reading.confidence(scale.temperature),
            place=(scale.midpoint - reading.unmatched) / (reading.matched - reading.unmatched),
            multi_ratio=scale.multi_temperature / scale.temperature,
            expected=scale.expected,
        )

    def scale(self, reading: ProbeReading) -> ScoreScale:
        """Return the scale of the encoder that gave `reading`."""
        temperature = reading.temperature_for(min(self.confidence, reading.accuracy))
        return ScoreScale(
            temperature=temperature,
            midpoint=reading.unmatched + self.place * (reading.matched - reading.unmatched),
            multi_temperature=temperature * self.multi_ratio,
            labels=len(PAIRS),
            expected=self.expected,
        )
