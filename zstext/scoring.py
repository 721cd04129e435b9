"""The encoder scorer: features against class embeddings, by way of a mapping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from zstext.errors import OptionError, did_you_mean
from zstext.known import KnownCategories
from zstext.labels import LabelSpace
from zstext.mapping import IdentityMapping, LearnedMapping
from zstext.mapping.vectors import equal_rows
from zstext.protocols import Encoded, Encoder, FloatArray, Scored, Scorer
from zstext.semantics import ClassVectors, class_embeddings, concatenate, mean_windows
from zstext.templates import HypothesisTemplate

LongStrategy: TypeAlias = Literal["mean", "max", "truncate"]

NEAR_TIE = 1e-5
"""Scores closer than this may be ordered by float32 noise of the batch they were computed in."""


@dataclass
class EncoderScorer:
    """Scores items by comparing their features with class embeddings.

    Parameters
    ----------
    encoder : Encoder
    templates : tuple of HypothesisTemplate
    long : {"mean", "max", "truncate"}
        How an item of several windows is scored: by the mean of its windows, by each class's best
        window, or by its first window alone.
    known : KnownCategories or None
        Moves class embeddings to where documents of well-known categories lie.
    vectors : tuple of ClassVectors
        More semantic spaces, side by side with the embeddings of the names.
    weights : tuple of float, or None
        What the names and each of `vectors` count.
    mapping : LearnedMapping
    cache_dir : Path or None
        Where embeddings of large label spaces are kept.

    Raises
    ------
    OptionError
        If `long` is none of the three.
    """

    encoder: Encoder
    templates: tuple[HypothesisTemplate, ...]
    long: LongStrategy = "mean"
    known: KnownCategories | None = None
    vectors: tuple[ClassVectors, ...] = ()
    weights: tuple[float, ...] | None = None
    mapping: LearnedMapping = field(default_factory=IdentityMapping)
    cache_dir: Path | None = None
    _embedded: dict[LabelSpace, FloatArray] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.long not in get_args(LongStrategy):
            raise OptionError(
                f"long must be one of {', '.join(get_args(LongStrategy))}, got {self.long!r}"
                f"{did_you_mean(str(self.long), get_args(LongStrategy))}"
            )

    def class_embeddings(self, labels: LabelSpace) -> FloatArray:
        """Return S of shape (n_classes, n_semantic), computed once for a label space."""
        if labels not in self._embedded:
            by_name = class_embeddings(
                self.encoder,
                labels,
                self.templates,
                known=self.known,
                cache_dir=self.cache_dir,
            )
            blocks = [by_name, *(vectors.of(labels) for vectors in self.vectors)]
            self._embedded = {labels: concatenate(blocks, self.weights)}
        return self._embedded[labels]

    def remember(self, labels: LabelSpace, S: FloatArray) -> None:
        """Use class embeddings that were computed before."""
        self._embedded = {labels: S}

    def features(self, items: Sequence[Any]) -> FloatArray:
        """Return features of shape (n_items, n_features), float32: means of windows."""
        encoded = self.encoder.encode(items, whole=self.long != "truncate")
        return mean_windows(encoded.windows, encoded.counts)

    def score(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return compatibility scores of shape (n_items, n_classes)."""
        S = self.class_embeddings(labels)
        encoded = self.encoder.encode(items, whole=self.long != "truncate")
        return Scored(self._compatibility(encoded, S), encoded.counts, encoded.truncated)

    def _compatibility(self, encoded: Encoded, S: FloatArray) -> FloatArray:
        if self.long != "max":
            return self._compare(mean_windows(encoded.windows, encoded.counts), S)
        scores = self._compare(encoded.windows, S)
        starts = np.concatenate([[0], np.cumsum(encoded.counts)[:-1]]).astype(np.intp)
        return np.maximum.reduceat(scores, starts, axis=0) if len(encoded.counts) else scores

    def _compare(self, X: FloatArray, S: FloatArray) -> FloatArray:
        """Compare equal items once: the last bits of a matrix product depend on a row's place."""
        items, item_of = equal_rows(X)
        return self.mapping.compatibility(X[items], S)[item_of]


def score_stably(
    scorer: Scorer,
    items: Sequence[Any],
    labels: LabelSpace,
    *,
    adjust: Callable[[FloatArray], FloatArray] = lambda scores: scores,
) -> Scored:
    """Score items so that the best label of each does not depend on its batch.

    The same item in another batch differs in the last bits of float32. Where another score is that
    close to the best, but not equal, the item is scored once more, alone: always the same
    computation. `adjust` is what the scores go through before the best one is taken.
    """
    scored = scorer.score(items, labels)
    if len(labels) < 2 or not len(items):
        return scored
    scores = scored.scores.copy()
    ranked = adjust(scores)
    best = ranked.max(axis=1, keepdims=True)
    near = (ranked < best) & (ranked > best - NEAR_TIE)
    for i in np.flatnonzero(near.any(axis=1)):
        scores[i] = scorer.score([items[int(i)]], labels).scores[0]
    return Scored(scores, scored.counts, scored.truncated)
