"""The roles that zstext is made of. Anything with these methods can play one of them.

items ──Encoder──▶ features X ──Mapping──▶ semantic space ─┐
                                                           ├─▶ scores ──Calibrator──▶ proba
labels ──Encoder──▶ class embeddings S ────────────────────┤
items + hypotheses ──Entailer──▶ logits ───────────────────┘
a Scorer is the whole way from items and labels to scores
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from zstext.labels import LabelSpace

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.integer[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]

Role: TypeAlias = Literal["document", "label"]
"""What a text is to the encoder. Models with query and passage prefixes treat the two
differently."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Items as the encoder saw them: every item is one or more windows.

    Attributes
    ----------
    windows : ndarray of shape (n_windows, n_features), float32
        A feature vector for each window, the windows of an item next to each other, items in order.
    counts : ndarray of shape (n_items,), int
        How many windows each item has, at least 1.
    truncated : ndarray of shape (n_items,), bool
        Whether part of the item is in no window.
    reasons : mapping of int to str
        Why an item, by its number, could not be read: a `Reason`, perhaps with ": detail" behind
        it. Such an item has one window, which is NaN. Texts can always be read.
    middle : ndarray of shape (n_windows, n_hidden), float32, or None
        What a layer in the middle of the network says of each window, if the encoder tells.
    """

    windows: FloatArray
    counts: IntArray
    truncated: BoolArray
    reasons: Dictionary[int, str] = field(default_factory=dict)
    middle: FloatArray | None = None


@runtime_checkable
class Encoder(Protocol):
    """Turns raw items into features. Text or images: nothing above the encoder can tell."""

    @property
    def name(self) -> str:
        """What to load to get this encoder again: a model id, a directory, or a short name."""

    @property
    def fingerprint(self) -> str:
        """A hash of the weights and settings: equal fingerprints give equal features."""

    def encode(
        self, items: Sequence[Any], *, role: Role = "document", whole: bool = True
    ) -> Encoded:
        """Return the features of `items`. The features of an item do not depend on the others.

        `whole` asks for every window of a long item; without it the first one will do.
        """


@dataclass(frozen=True, slots=True)
class Entailed:
    """What an entailment model says of every pair of an item and a hypothesis.

    Attributes
    ----------
    logits : ndarray of shape (n_windows, n_hypotheses, 2), float32
        The logit of entailment and that of its opposite: contradiction, or not-entailment in a
        model of two classes. NaN for a pair that was not asked for. The windows of an item are next
        to each other, items in order.
    counts : ndarray of shape (n_items,), int
        How many windows each item has, at least 1.
    truncated : ndarray of shape (n_items,), bool
        Whether part of the item is in no window.
    """

    logits: FloatArray
    counts: IntArray
    truncated: BoolArray


@runtime_checkable
class Entailer(Protocol):
    """Says how far a hypothesis follows from an item."""

    @property
    def name(self) -> str:
        """What to load to get this model again: a model id, a directory, or a short name."""

    @property
    def fingerprint(self) -> str:
        """A hash of the weights and settings: equal fingerprints give equal logits."""

    def entail(
        self,
        items: Sequence[Any],
        hypotheses: Sequence[str],
        *,
        asked: BoolArray | None = None,
        whole: bool = True,
    ) -> Entailed:
        """Return the logits of `items` with `hypotheses`.

        `items` may be empty: hypotheses that cannot be used are an error all the same. `asked`, of
        shape (n_items, n_hypotheses), says which pairs are wanted; all without it. `whole` asks for
        every window of a long item; without it the first one will do.
        """


@runtime_checkable
class Representing(Protocol):
    """An entailer that has features of items as well, which adapting can use."""

    def represent(self, items: Sequence[Any], *, whole: bool = True) -> Encoded:
        """Return features of the items by themselves; vectors of length 0 if it has none."""


class Mapping(Protocol):
    """Takes features to the space where class embeddings live, and compares the two there."""

    def compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        """Return scores of shape (n_items, n_classes), higher is better.

        Parameters
        ----------
        X : ndarray of shape (n_items, n_features)
            Features.
        S : ndarray of shape (n_classes, n_semantic)
            Class embeddings.
        """


@dataclass(frozen=True, slots=True)
class Scored:
    """Compatibility scores and how much of each item they rest on.

    Attributes
    ----------
    scores : ndarray of shape (n_items, n_classes), float64
    counts : ndarray of shape (n_items,), int
        Windows read of each item.
    truncated : ndarray of shape (n_items,), bool
        Whether part of the item was not read.
    views : tuple of ndarray of shape (n_items, n_features), float32
        Features of the items, of one or several kinds, by which adapting tells them apart: those
        of the encoder first, if there is one. What costs extra comes with `observe` alone.
    reasons : dict of int to str
        Rows that could not be read, whose scores and views are NaN, and why.
    """

    scores: FloatArray
    counts: IntArray
    truncated: BoolArray
    views: tuple[FloatArray, ...] = ()
    reasons: Dictionary[int, str] = field(default_factory=dict)


class Scorer(Protocol):
    """Gives every (item, class) a compatibility score."""

    @property
    def noise(self) -> float:
        """Scores closer than this may be ordered by the float32 noise of their batch."""

    def prepare(self, labels: LabelSpace) -> None:
        """Compute what belongs to the labels alone; what is missing is an error here."""

    def passes(self, labels: LabelSpace) -> int:
        """Return how often an item of one window goes through a network."""

    def score(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return the scores of `items` against every label, columns in label order."""
