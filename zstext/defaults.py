"""The constants of the default configuration, and where each comes from.

They were chosen once, on the sets of `data/train`, by `benchmarks/choose_constants.py`; the figures
are in `benchmarks/RESULTS.md`. They are the same for every user, data set and label.
"""

from __future__ import annotations

from zstext.calibration import ScoreScale
from zstext.protocols import Encoder
from zstext.templates import HypothesisTemplate

DEFAULT_TEMPLATES = tuple(
    HypothesisTemplate(text)
    for text in ("{}", "This text is about {}.", "This example is {}.", "The topic is {}.")
)

EMBEDDED_SCALE = ScoreScale(temperature=0.05, midpoint=0.3, multi_temperature=0.05)


def scale_for(encoder: Encoder) -> ScoreScale:
    """Return the scale of an encoder's cosine scores."""
    return EMBEDDED_SCALE
