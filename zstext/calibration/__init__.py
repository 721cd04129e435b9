"""Calibration: from scores that cannot be compared to probabilities that can be believed.

Works on the scores of anything: mappings, entailment, images. `CalibrationChain` has the order.
"""

from zstext.calibration.abstention import Abstention
from zstext.calibration.chain import CalibrationChain
from zstext.calibration.multilabel import IsotonicScaling, PlattScaling
from zstext.calibration.offsets import NullOffsets, PriorShift
from zstext.calibration.scale import ScoreScale
from zstext.calibration.seen_penalty import SeenPenalty
from zstext.calibration.soft_gate import SoftGate
from zstext.calibration.temperature import TemperatureScaling

__all__ = [
    "Abstention",
    "CalibrationChain",
    "IsotonicScaling",
    "NullOffsets",
    "PlattScaling",
    "PriorShift",
    "ScoreScale",
    "SeenPenalty",
    "SoftGate",
    "TemperatureScaling",
]
