"""What a classifier has found out, apart from its models: what is saved, and restored."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.adaptation import Adaptation
from zstext.calibration import CalibrationChain
from zstext.labels import LabelSpace
from zstext.mapping import LearnedMapping
from zstext.protocols import BoolArray, FloatArray
from zstext.scoring import AdaptedScorer, AnyScorer, PlainScorer


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
    adaptation : Adaptation or None
    anchor : CalibrationChain or None
        What makes the probabilities that an adaptation starts from; None if the plain scores count,
        because there is no adaptation or the documents did not support it.
    """

    labels: LabelSpace
    seen_mask: BoolArray
    calibrator: CalibrationChain
    calibrated: bool
    mapping: LearnedMapping | None = None
    class_embeddings: FloatArray | None = None
    adaptation: Adaptation | None = None
    anchor: CalibrationChain | None = None

    def restored(self, scorer: PlainScorer) -> AnyScorer:
        """Return the scorer with what was learned; the given one, a fresh one, is changed."""
        encoding = scorer.encoding
        if encoding is not None and self.mapping is not None:
            encoding.mapping = self.mapping
        if encoding is not None and self.class_embeddings is not None:
            encoding.remember(self.labels, self.class_embeddings)
        if self.adaptation is None or self.anchor is None:
            return scorer
        return AdaptedScorer(scorer, self.anchor, self.adaptation)
