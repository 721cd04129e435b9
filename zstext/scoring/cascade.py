"""The cascade: the encoder makes a shortlist of labels, entailment looks at those, both count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, ClassVar

import numpy as np

from zstext.calibration import ScoreScale
from zstext.calibration.probability import log_softmax
from zstext.errors import OptionError
from zstext.labels import LabelSpace
from zstext.protocols import BoolArray, Encoder, Entailer, FloatArray, Scored
from zstext.scoring.encoder import EncoderScorer
from zstext.scoring.entailment import EntailmentScorer
from zstext.scoring.stable import score_stably


@dataclass
class CascadeScorer:
    """Scores items by a weighted sum of two log-probabilities, that of entailment on a shortlist.

    Single-label, with p_e the probabilities of the encoder over all labels and p_n those of
    entailment over the k labels of which the encoder thinks most:
    ``s_c = (1 - w) log p_e(c) + w log p_n(c)``, and for a label off the shortlist the least p_n on
    it: no such label can come out best. Multi-label the same, of log-odds instead; there a label
    off the shortlist counts its own p_e for p_n, if that is less: that other labels are true says
    nothing for it.

    Parameters
    ----------
    encoder : EncoderScorer
    entailment : EntailmentScorer
    scale : ScoreScale
        How scores of the encoder become probabilities.
    weight : float
        w, 0..1: what entailment counts.
    weight_of_many : float, optional
        What it counts instead, single-label, in a space of more labels than `few`.
    few : int
    shortlist : int or None
        k; None is all labels.
    all_of_few : bool
        Entailment looks at all labels of a space of at most `few`, whatever `shortlist` is.

    Raises
    ------
    OptionError
        If `shortlist` is not positive.
    """

    encoder: EncoderScorer
    entailment: EntailmentScorer
    scale: ScoreScale
    weight: float
    weight_of_many: float | None = None
    few: int = 0
    shortlist: int | None = None
    all_of_few: bool = False
    noise: ClassVar[float] = 1e-4

    def __post_init__(self) -> None:
        if self.shortlist is not None and self.shortlist < 1:
            raise OptionError(f"the shortlist must hold at least 1 label, got {self.shortlist}")

    @property
    def encoding(self) -> EncoderScorer:
        """The part of the scorer that has features."""
        return self.encoder

    @property
    def models(self) -> dict[str, Encoder | Entailer]:
        """The models that the scores come from, by role."""
        return {**self.encoder.models, **self.entailment.models}

    def settings(self) -> dict[str, Any]:
        """Return what the scores depend on, besides items, labels and models; JSON values."""
        own = {
            "weight": self.weight,
            "weight_of_many": self.weight_of_many,
            "few": self.few,
            "shortlist": self.shortlist,
            "all_of_few": self.all_of_few,
        }
        return {**self.encoder.settings(), **self.entailment.settings(), **own}

    def copy(self) -> CascadeScorer:
        """Return a scorer of the same models and settings that remembers no labels."""
        return replace(self, encoder=self.encoder.copy(), entailment=self.entailment.copy())

    def prepare(self, labels: LabelSpace) -> None:
        """Embed the labels, and ask what they score on texts that say nothing."""
        self.encoder.prepare(labels)
        self.entailment.prepare(labels)

    def passes(self, labels: LabelSpace) -> int:
        """Return how often an item of one window goes through a network."""
        listed = self.entailment.passes(labels) * self.size(labels) / len(labels)
        return self.encoder.passes(labels) + ceil(listed)

    def score(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return compatibility scores of shape (n_items, n_classes).

        Windows are those of the model that needed more of them.
        """
        first, asked = self._shortlisted(items, labels)
        second = self.entailment.score(items, labels, asked=asked)
        by_encoder = self._first(first.scores)
        by_entailment = self._second(second.scores, asked)
        if self.entailment.multi_label:
            by_entailment = np.where(asked, by_entailment, np.minimum(by_entailment, by_encoder))
        w = self.weight_for(labels)
        fused = (1 - w) * by_encoder + w * by_entailment
        truncated = first.truncated | second.truncated
        counts = np.maximum(first.counts, second.counts)
        return Scored(fused, counts, truncated, views=first.views)

    def observe(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return the scores with the views that adapting is best off with.

        The middle layer of an entailment model knows what the encoder's does, and more.
        """
        scored, view = self.score(items, labels), self.entailment.views(items)
        return replace(scored, views=(scored.views[0], *view)) if view else scored

    def weight_for(self, labels: LabelSpace) -> float:
        """Return w for a label space."""
        few = self.entailment.multi_label or len(labels) <= self.few
        return self.weight if few or self.weight_of_many is None else self.weight_of_many

    def size(self, labels: LabelSpace) -> int:
        """Return k for a label space."""
        if self.shortlist is None or (self.all_of_few and len(labels) <= self.few):
            return len(labels)
        return min(self.shortlist, len(labels))

    def shortlists(self, items: Sequence[Any], labels: LabelSpace) -> BoolArray:
        """Return which labels are on the shortlist of each item, (n_items, n_classes), bool."""
        return self._shortlisted(items, labels)[1]

    def _shortlisted(self, items: Sequence[Any], labels: LabelSpace) -> tuple[Scored, BoolArray]:
        k = self.size(labels)
        first = score_stably(self.encoder, items, labels, rank=k)
        return first, shortlisted(first.scores, k)

    def _first(self, scores: FloatArray) -> FloatArray:
        if self.entailment.multi_label:
            midpoint = self.scale.midpoint_among(scores.shape[1])
            return (scores - midpoint) / self.scale.multi_temperature
        return log_softmax(scores / self.scale.temperature_among(scores.shape[1]))

    def _second(self, scores: FloatArray, asked: BoolArray) -> FloatArray:
        if not self.entailment.multi_label:
            scores = log_softmax(np.where(asked, scores, -np.inf))
        least = np.min(np.where(asked, scores, np.inf), axis=1, keepdims=True)
        return np.where(asked, scores, least)


def shortlisted(scores: FloatArray, k: int) -> BoolArray:
    """Return which labels are among the k best of their row, ties to the label named first.

    Parameters
    ----------
    scores : ndarray of shape (n_items, n_classes)
    k : int
    """
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    mask = np.zeros(scores.shape, dtype=np.bool_)
    np.put_along_axis(mask, best, True, axis=1)
    return mask
