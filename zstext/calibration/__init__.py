"""From scores to probabilities: any scorer's scores, plain arrays."""

from zstext.calibration.scale import ScoreScale

__all__ = ["ScoreScale"]
