"""The adapted scorer: what another scorer says, moved to where the user's documents lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np

from zstext.adaptation import Adaptation
from zstext.calibration import CalibrationChain
from zstext.labels import LabelSpace
from zstext.protocols import FloatArray, IntArray, Scored
from zstext.scoring.cascade import CascadeScorer
from zstext.scoring.encoder import EncoderScorer
from zstext.scoring.entailment import EntailmentScorer
from zstext.scoring.readable import placed

PlainScorer: TypeAlias = EncoderScorer | EntailmentScorer | CascadeScorer


@dataclass
class AdaptedScorer:
    """Scores items by adapted log-probabilities.

    Parameters
    ----------
    plain : EncoderScorer, EntailmentScorer or CascadeScorer
        Gives the views, and the scores that the adaptation was anchored on.
    chain : CalibrationChain
        Makes probabilities of those scores.
    adaptation : Adaptation
    """

    plain: PlainScorer
    chain: CalibrationChain
    adaptation: Adaptation
    noise: ClassVar[float] = 1e-3

    @property
    def encoding(self) -> EncoderScorer | None:
        """The part of the scorer that has features."""
        return self.plain.encoding

    @property
    def models(self) -> dict[str, Any]:
        """The models that the scores come from, by role."""
        return dict(self.plain.models)

    def settings(self) -> dict[str, Any]:
        """Return what the scores depend on, besides items, labels and models; JSON values."""
        return {**self.plain.settings(), "adapted_on": self.adaptation.support.documents}

    def prepare(self, labels: LabelSpace) -> None:
        """Embed the labels."""
        self.plain.prepare(labels)

    def passes(self, labels: LabelSpace) -> int:
        """Return how often an item of one window goes through a network."""
        return self.plain.passes(labels)

    def score(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return adapted log-probabilities of shape (n_items, n_classes)."""
        scored = self.plain.observe(items, labels)
        rows, views, P = anchored(scored, self.chain)
        adapted = self.adaptation.apply(np.hstack(views), P) if len(P) else P
        return replace(scored, scores=placed(adapted, rows, len(items)))


AnyScorer: TypeAlias = PlainScorer | AdaptedScorer


def anchored(
    scored: Scored, chain: CalibrationChain
) -> tuple[IntArray, tuple[FloatArray, ...], FloatArray]:
    """Return which items could be read, their views, and what zero-shot says of them.

    Parameters
    ----------
    scored : Scored
        With views.
    chain : CalibrationChain
        Makes probabilities of the scores.

    Returns
    -------
    rows : ndarray of shape (n_readable,), int
    views : tuple of ndarray of shape (n_readable, n_features)
    log_proba : ndarray of shape (n_readable, n_classes)
    """
    rows = np.setdiff1d(np.arange(len(scored.counts)), list(scored.reasons))
    scores = scored.scores[rows]
    proba = chain.proba(scores, np.zeros(scores.shape[1], dtype=np.bool_))
    views = tuple(view[rows] for view in scored.views)
    return rows, views, np.log(np.maximum(proba, np.finfo(np.float64).tiny))
