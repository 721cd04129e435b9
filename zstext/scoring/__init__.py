"""Scorers: items and labels in, compatibility scores out."""

from zstext.scoring.adapted import AdaptedScorer, AnyScorer, PlainScorer, anchored
from zstext.scoring.cascade import CascadeScorer, shortlisted
from zstext.scoring.encoder import EncoderScorer
from zstext.scoring.entailment import EntailmentScorer
from zstext.scoring.long import LongStrategy
from zstext.scoring.stable import score_stably

__all__ = [
    "AdaptedScorer",
    "AnyScorer",
    "CascadeScorer",
    "EncoderScorer",
    "EntailmentScorer",
    "LongStrategy",
    "PlainScorer",
    "anchored",
    "score_stably",
    "shortlisted",
]
