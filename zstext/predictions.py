"""Results: what zstext says about one document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a document has no label."""

    EMPTY = "empty"
    MISSING = "missing"
    NOT_TEXT = "not_text"
    INVALID_UTF8 = "invalid_utf8"
    MALFORMED_ROW = "malformed_row"
    NOT_AN_IMAGE = "not_an_image"
    UNREADABLE_IMAGE = "unreadable_image"
    IMAGE_TOO_LARGE = "image_too_large"
    BELOW_THRESHOLD = "below_threshold"


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one document.

    Attributes
    ----------
    label : str or None
        The best label, or None with a `reason`.
    score : float or None
        Its probability, 0..1.
    labels, scores : tuple of str, tuple of float
        The labels that were kept, best first, ties in the user's order, and their probabilities.
        Over all labels they sum to 1 in single-label mode; each is 0..1 by itself in multi-label
        mode.
    calibrated : bool
        True only if a calibrator was fitted on the user's data.
    truncated : bool
        True if part of the document was not read.
    windows : int
        How many windows of the model the document took, of two models the more; 0 if it was not
        read at all.
    reason : str or None
        A `Reason`, if `label` is None.
    """

    label: str | None
    score: float | None
    labels: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    calibrated: bool = False
    truncated: bool = False
    windows: int = 0
    reason: str | None = None

    @classmethod
    def none(cls, reason: str, *, calibrated: bool = False) -> Prediction:
        """Return the answer for a document that could not be classified."""
        return cls(None, None, calibrated=calibrated, reason=reason)
