"""From probabilities to predictions: which label, which labels, or none and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zstext.errors import OptionError
from zstext.predictions import Prediction, Reason
from zstext.protocols import FloatArray

NEVER = math.inf
"""The threshold that no probability reaches."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is kept of a row of probabilities.

    Parameters
    ----------
    threshold : float or None
        0..1, or `NEVER`. A document whose best label scores less has no label
        (`Reason.BELOW_THRESHOLD`). In multi-label mode only labels that reach it are listed.
    top_k : int or None
        List at most so many labels.
    multi_label : bool

    Raises
    ------
    OptionError
        If `threshold` is not within 0..1 or `top_k` is not positive.
    """

    threshold: float | None = None
    top_k: int | None = None
    multi_label: bool = False

    def __post_init__(self) -> None:
        if self.threshold not in (None, NEVER) and not 0 <= self.threshold <= 1:
            raise OptionError(f"the threshold must be within 0 and 1, got {self.threshold}")
        if self.top_k is not None and self.top_k < 1:
            raise OptionError(f"top-k must be at least 1, got {self.top_k}")

    def decide(
        self,
        proba: FloatArray,
        names: tuple[str, ...],
        *,
        windows: int = 1,
        truncated: bool = False,
        calibrated: bool = False,
    ) -> Prediction:
        """Return the prediction for one row of probabilities; ties go to the label named first.

        Parameters
        ----------
        proba : ndarray of shape (n_classes,)
        names : tuple of str, length n_classes
        """
        order = np.argsort(-proba, kind="stable")
        best = int(order[0])
        accepted = self.threshold is None or bool(proba[best] >= self.threshold)
        if self.multi_label and self.threshold is not None:
            order = order[proba[order] >= self.threshold]
        kept = order[: self.top_k]
        return Prediction(
            label=names[best] if accepted else None,
            score=float(proba[best]) if accepted else None,
            labels=tuple(names[i] for i in kept),
            scores=tuple(float(proba[i]) for i in kept),
            calibrated=calibrated,
            truncated=truncated,
            windows=windows,
            reason=None if accepted else Reason.BELOW_THRESHOLD,
        )
