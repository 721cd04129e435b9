"""The encoder scorer: features against class embeddings, by way of a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from zstext.errors import OptionError
from zstext.labels import LabelSpace
from zstext.mapping import IdentityMapping, LearnedMapping
from zstext.mapping.vectors import equal_rows
from zstext.protocols import Encoded, Encoder, FloatArray, Scored
from zstext.scoring.long import LongStrategy, best_windows, check_long, mean_scores
from zstext.scoring.readable import placed, readable_items
from zstext.semantics import ClassVectors, class_embeddings, concatenate, mean_windows
from zstext.templates import HypothesisTemplate


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
    vectors: tuple[ClassVectors, ...] = ()
    weights: tuple[float, ...] | None = None
    mapping: LearnedMapping = field(default_factory=IdentityMapping)
    cache_dir: Path | None = None
    noise: ClassVar[float] = 1e-5
    _embedded: dict[LabelSpace, FloatArray] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        check_long(self.long)

    @property
    def encoding(self) -> EncoderScorer:
        """The part of the scorer that has features: all of it."""
        return self

    @property
    def models(self) -> dict[str, Encoder]:
        """The models that the scores come from, by role."""
        return {"encoder": self.encoder}

    def settings(self) -> dict[str, Any]:
        """Return what the scores depend on, besides items, labels and models; JSON values."""
        return {
            "templates": [template.text for template in self.templates],
            "long": self.long,
            "semantic_weights": self.weights,
        }

    def copy(self) -> EncoderScorer:
        """Return a scorer of the same models and settings that remembers no labels."""
        return replace(self)

    def prepare(self, labels: LabelSpace) -> None:
        """Embed the labels.

        Raises
        ------
        OptionError
            If they are described in a space that no mapping leads to.
        """
        S = self.class_embeddings(labels)
        if not self.vectors or not isinstance(self.mapping, IdentityMapping):
            return
        if S.shape[1] != (size := self.features([]).shape[1]):
            raise OptionError(
                f"the class semantics have {S.shape[1]} dimensions and the features {size}, and "
                "no mapping between them was learned: fit with labelled rows"
            )

    def class_embeddings(self, labels: LabelSpace) -> FloatArray:
        """Return S of shape (n_classes, n_semantic), computed once for a label space."""
        if labels not in self._embedded:
            by_name = class_embeddings(
                self.encoder, labels, self.templates, cache_dir=self.cache_dir
            )
            blocks = [by_name, *(vectors.of(labels) for vectors in self.vectors)]
            self._embedded = {labels: concatenate(blocks, self.weights)}
        return self._embedded[labels]

    def remember(self, labels: LabelSpace, S: FloatArray) -> None:
        """Use class embeddings that were computed before."""
        self._embedded = {labels: S}

    def features(self, items: Sequence[Any]) -> FloatArray:
        """Return features of shape (n_items, n_features), float32: means of windows.

        The row of an item that the encoder cannot read is NaN.
        """
        encoded = self.encoder.encode(items, whole=self.long != "truncate")
        rows, readable = readable_items(encoded)
        return placed(mean_windows(readable.windows, readable.counts), rows, len(items))

    def passes(self, labels: LabelSpace) -> int:
        """Return how often an item of one window goes through a network."""
        return 1

    def score(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return compatibility scores of shape (n_items, n_classes), with the views."""
        S, n = self.class_embeddings(labels), len(items)
        encoded = self.encoder.encode(items, whole=self.long != "truncate")
        rows, readable = readable_items(encoded)
        features = mean_windows(readable.windows, readable.counts)
        if self.long == "max":
            scores = best_windows(self._compare(readable.windows, S), readable.counts)
        else:
            scores = self._compare(features, S)
        return Scored(
            placed(scores, rows, n),
            encoded.counts,
            encoded.truncated,
            views=tuple(placed(view, rows, n) for view in _views(features, readable)),
            reasons=encoded.reasons,
        )

    def observe(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return the scores with all views there are."""
        return self.score(items, labels)

    def _compare(self, X: FloatArray, S: FloatArray) -> FloatArray:
        """Compare equal items once: the last bits of a matrix product depend on a row's place."""
        items, item_of = equal_rows(X)
        return self.mapping.compatibility(X[items], S)[item_of]


def _views(features: FloatArray, encoded: Encoded) -> tuple[FloatArray, ...]:
    """Return the features of items, and beside them what a layer in the middle says of them."""
    if encoded.middle is None:
        return (features,)
    return features, mean_scores(encoded.middle, encoded.counts).astype(np.float32)
