"""Long opinions: reviews as they were written, and reviews put together.

An opinion of a page is a few words of praise or blame among many about other things. There are not
enough such pages; so opinions of a sentence or two, of one mind, are mixed with sentences that
are beside the point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from random import Random
from typing import Any

from training.blocks import Block, Blocks, BlockSource, LabelBlocks, labelled_block
from training.entailment_pairs import EntailmentPairs
from training.labelled_texts import LabelledTexts
from training.mixture import Family, in_yaml

_LONG = 50  # words: an opinion of more is long
_FEWEST_LONG = 60  # long opinions of a set that is drawn from
_SHORT = 70  # words of an opinion that others may join
_FEWEST_SHORT = 80  # of them in a set, and
_FEWEST_OF_LABEL = 8
_BESIDE = range(5, 46)  # words of a sentence beside the point
_FULL = 90  # words of opinions, from which on two are enough


@dataclass(frozen=True, slots=True)
class ComposedBlocks:
    """Opinions of one mind among sentences about other things.

    Attributes
    ----------
    source : LabelledTexts
    by_label : dict of str to list of str
        Its short texts.
    beside : sequence of str
    labels : int
        Of a block, at most.
    """

    source: LabelledTexts
    by_label: Mapping[str, Sequence[str]]
    beside: Sequence[str]
    labels: int

    def block(self, rng: Random, texts: int) -> Block:
        """Return reviews put together, their labels and others."""
        usable = [label for label, told in self.by_label.items() if len(told) >= _FEWEST_OF_LABEL]
        rows = [self._review(rng, rng.choice(usable)) for _ in range(texts)]
        return labelled_block(self.source, rows, self.labels, rng)

    def _review(self, rng: Random, label: str) -> tuple[str, str]:
        opinions = rng.sample(self.by_label[label], rng.randint(1, 4))
        others = rng.randint(1, 6)
        if sum(len(text.split()) for text in opinions) > _FULL:
            opinions, others = opinions[:2], rng.randint(0, 3)
        sentences = opinions + rng.sample(self.beside, others)
        rng.shuffle(sentences)
        words = " ".join(sentences).split()
        return " ".join(words[: self.source.max_words]), label


def opinions(families: Mapping[str, Family], config: Mapping[str, Any]) -> Blocks:
    """Return where long opinions come from: the sets that are worded as opinions are."""
    templates = tuple(in_yaml("wordings.yaml")["templates"]["sentiment"])
    whole: list[tuple[BlockSource, float]] = []
    composed: list[tuple[BlockSource, float]] = []
    beside = _beside(families, templates)
    for family, weight in config["families"].items():
        for source in _labelled(families[family]):
            if source.templates != templates:
                continue
            long = [row for row in source.texts if len(row[0].split()) > _LONG]
            if len(long) >= _FEWEST_LONG:
                made = LabelBlocks(replace(source, texts=long), config["labels"])
                whole.append((made, weight * sqrt(len(long))))
            short = _short_by_label(source)
            if sum(map(len, short.values())) >= _FEWEST_SHORT:
                parts = ComposedBlocks(source, short, beside, config["labels"])
                composed.append((parts, sqrt(len(source.texts))))
    return Blocks(config["opinions"], {"whole": whole, "composed": composed})


def _short_by_label(source: LabelledTexts) -> dict[str, list[str]]:
    return {
        label: [t for t, own in source.texts if own == label and len(t.split()) <= _SHORT]
        for label in source.labels
    }


def _beside(families: Mapping[str, Family], templates: tuple[str, ...]) -> list[str]:
    """Return sentences that are no opinions: premises, topics, and what is written of others."""
    found: list[str] = []
    for family in ("nli", "written", "topic"):
        for source, _ in families[family].sources:
            if isinstance(source, EntailmentPairs):
                found += [premise for premise, _, _ in source.pairs]
            elif isinstance(source, LabelledTexts) and source.templates != templates:
                found += [text for text, _ in source.texts]
    return [text for text in found if len(text.split()) in _BESIDE]


def _labelled(family: Family) -> Iterator[LabelledTexts]:
    return (source for source, _ in family.sources if isinstance(source, LabelledTexts))
