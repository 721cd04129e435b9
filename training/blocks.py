"""What an encoder learns from: blocks of texts and of hypotheses, each beside each.

Entailment reads a text with a hypothesis, one pair at a time. An encoder puts texts and hypotheses
into one space, each once, so every hypothesis of a block can be compared with every text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.entailment_pairs import EntailmentPairs
from training.groups import Source
from training.labelled_texts import LabelledTexts, piece
from training.mixture import Family
from training.written import Statements

_FEWEST = 50  # premises of a set that is drawn from

Told = tuple[str, Sequence[tuple[str, bool]]]  # a text, hypotheses, and whether they follow
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Block:
    """Texts and hypotheses.

    Attributes
    ----------
    texts, hypotheses : list of str
    true : ndarray of shape (n_texts, n_hypotheses), bool
        What follows from a text: for every text something.
    counted : ndarray of the same shape
        What a text is compared with. What is true of another text may be true of this one as well.
    """

    texts: list[str]
    hypotheses: list[str]
    true: Bools
    counted: Bools


class BlockSource(Protocol):
    """Where blocks come from."""

    def block(self, rng: Random, texts: int) -> Block:
        """Return a block of so many texts, or a few less."""


@dataclass(frozen=True, slots=True)
class LabelBlocks:
    """Texts of a labelled set, and labels of it in one wording each."""

    source: LabelledTexts
    labels: int

    def block(self, rng: Random, texts: int) -> Block:
        """Return texts, their labels and others."""
        rows = [rng.choice(self.source.texts) for _ in range(texts)]
        return labelled_block(self.source, rows, self.labels, rng)


@dataclass(frozen=True, slots=True)
class ToldBlocks:
    """Texts with hypotheses of their own: one that follows, and those that do not.

    Attributes
    ----------
    told : sequence of (str, sequence of (str, bool))
    hypotheses : int
        Of one text, at most.
    apart : bool
        Whether what follows from one text does not follow from another.
    """

    told: Sequence[Told]
    hypotheses: int
    apart: bool

    def block(self, rng: Random, texts: int) -> Block:
        """Return texts with what is told of them."""
        chosen: list[Told] = []
        while len(chosen) < texts:
            text, about = rng.choice(self.told)
            about = rng.sample(about, min(self.hypotheses, len(about)))
            follows = [h for h in about if h[1]]
            if follows:
                chosen.append((text, [rng.choice(follows), *(h for h in about if not h[1])]))
        own, follows_from = _own(chosen)
        counted = np.ones_like(own) if self.apart else own | ~follows_from
        hypotheses = [h for _, about in chosen for h, _ in about]
        return Block([text for text, _ in chosen], hypotheses, own & follows_from, counted)


@dataclass(frozen=True, slots=True)
class GroupBlocks:
    """Groups as entailment learns them, each by itself."""

    source: Source

    def block(self, rng: Random, texts: int) -> Block:
        """Return the texts of some groups, compared with their own hypotheses alone."""
        chosen: list[Told] = []
        while len(chosen) < texts:
            group = self.source.draw(rng)
            follows = [target > 0.5 for target in group.targets]
            if len(set(follows)) == 2:
                chosen.append((group.premise, list(zip(group.hypotheses, follows, strict=True))))
        own, follows_from = _own(chosen)
        hypotheses = [h for _, about in chosen for h, _ in about]
        return Block([text for text, _ in chosen], hypotheses, own & follows_from, own)


@dataclass(frozen=True, slots=True)
class Blocks:
    """All sources, by share; within a share by the square root of their weights."""

    shares: Mapping[str, float]
    sources: Mapping[str, Sequence[tuple[BlockSource, float]]]

    def draw(self, rng: Random, texts: int) -> Block:
        """Return a block, the same for the same state of `rng`."""
        name = rng.choices(list(self.shares), list(self.shares.values()))[0]
        sources, weights = zip(*self.sources[name], strict=True)
        source: BlockSource = rng.choices(sources, weights)[0]
        return source.block(rng, texts)


def blocks(families: Mapping[str, Family], config: Mapping[str, Any]) -> Blocks:
    """Return the sources of all families as those of blocks."""
    found: dict[str, list[tuple[BlockSource, float]]] = defaultdict(list)
    for name, family in families.items():
        for source, weight in family.sources:
            if isinstance(source, LabelledTexts):
                made: BlockSource = LabelBlocks(source, config["labels"])
                found[name].append((made, sqrt(weight)))
            elif isinstance(source, Statements):
                made = ToldBlocks(source.texts, config["statements"], apart=False)
                found["statements"].append((made, sqrt(weight)))
            elif isinstance(source, EntailmentPairs):
                told = by_premise(source.pairs)
                if len(told) >= _FEWEST:
                    made = ToldBlocks(told, config["statements"], apart=True)
                    found[name].append((made, sqrt(len(told))))
            else:
                found[name].append((GroupBlocks(source), 1.0))
    return Blocks(config["shares"], found)


def labelled_block(
    source: LabelledTexts, rows: Sequence[tuple[str, str]], most: int, rng: Random
) -> Block:
    """Return texts with their labels and, up to so many in all, others of the set."""
    labels = sorted({label for _, label in rows})
    others = [label for label in source.labels if label not in labels]
    labels += rng.sample(others, min(max(0, most - len(labels)), len(others)))
    word = source.wording(labels, rng)
    true = np.array([[own == label for label in labels] for _, own in rows])
    cut = [piece(text, source.max_words, rng) for text, _ in rows]
    return Block(cut, [word(label) for label in labels], true, np.ones_like(true))


def by_premise(pairs: Iterable[tuple[str, str, bool]]) -> list[Told]:
    """Return premises from which something follows, with all that is told of them."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for premise, hypothesis, follows in pairs:
        found[premise].append((hypothesis, follows))
    return [(premise, told) for premise, told in found.items() if any(f for _, f in told)]


def _own(chosen: Sequence[Told]) -> tuple[Bools, Bools]:
    """Return which hypotheses are about which text, and which follow from what they are about."""
    about = np.repeat(np.arange(len(chosen)), [len(told) for _, told in chosen])
    own = np.arange(len(chosen))[:, None] == about
    follows = np.array([f for _, told in chosen for _, f in told])
    return own, np.broadcast_to(follows, own.shape)
