"""What a classifier has found out, apart from its models: what is saved, and restored."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.calibration import CalibrationChain
from zstext.labels import LabelSpace
from zstext.mapping import LearnedMapping
from zstext.protocols import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What `fit` and `calibrate` find out, apart from the models.

    Attributes
    ----------
    labels : LabelSpace
    seen_mask : ndarray of shape (n_classes,), bool
    calibrator : CalibrationChain
    calibrated : bool
    mapping : LearnedMapping or None
        None for a backend without an encoder.
    class_embeddings : ndarray of shape (n_classes, n_semantic), float32, or None
    """

    labels: LabelSpace
    seen_mask: BoolArray
    calibrator: CalibrationChain
    calibrated: bool
    mapping: LearnedMapping | None = None
    class_embeddings: FloatArray | None = None
