"""Words with their meanings: what a definition defines, and the field that it belongs to.

The labelled sets know some eighty topics. WordNet says of 6,700 meanings what field they are
from, of all nouns what they are a kind of, and which adjectives go with a feeling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

from training.fetch import wordnet_file
from training.groups import Group

Key: TypeAlias = tuple[str, str]  # part of speech and offset: how WordNet names a meaning

_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_FIELD, _KIND, _SIMILAR, _DERIVED = ";c", "@", "&", "+"
_FEELINGS = "12"  # the number of WordNet's file of nouns for feelings
_LEAST_IN_FIELD = 8
_MOST_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """A set of synonyms with its definition.

    Attributes
    ----------
    words : tuple of str
    text : str
        The definition, and examples if there are any.
    file : str
        Number of the file of WordNet: a broad kind such as animals or feelings.
    pointers : tuple of (str, (str, str), int)
        Relation, meaning that it points to, and which of its words (from 1; 0 for all).
    """

    words: tuple[str, ...]
    text: str
    file: str
    pointers: tuple[tuple[str, Key, int], ...]


def wordnet(folder: Path) -> dict[Key, Meaning]:
    """Read all meanings."""
    found = {}
    for letter, part in _PARTS.items():
        for line in wordnet_file(folder, part).splitlines():
            if not line.startswith("  "):
                head, _, text = line.partition(" | ")
                fields = head.split(" ")
                found[letter, fields[0]] = _meaning(fields, text)
    return found


def _meaning(fields: Sequence[str], text: str) -> Meaning:
    end = 4 + 2 * int(fields[3], 16)
    words = (word.split("(")[0].replace("_", " ") for word in fields[4:end:2])
    starts = range(end + 1, end + 1 + 4 * int(fields[end]), 4)
    pointers = (
        (fields[i], (fields[i + 2], fields[i + 1]), int(fields[i + 3][2:], 16)) for i in starts
    )
    return Meaning(tuple(words), text.strip().replace('"', ""), fields[1], tuple(pointers))


@dataclass(frozen=True, slots=True)
class Definitions:
    """Draws definitions, and asks for their field, their kind or the word itself.

    Attributes
    ----------
    meanings : dict
    fields : dict of str to list
        Meanings of a field, by its name.
    siblings : dict of meaning to list
        Meanings of a kind, by that kind.
    """

    meanings: Mapping[Key, Meaning]
    fields: Mapping[str, Sequence[Key]]
    siblings: Mapping[Key, Sequence[Key]]
    templates: tuple[str, ...]
    hypotheses: int

    def draw(self, rng: Random) -> Group:
        """Return definitions with one right hypothesis and wrong ones."""
        kind = rng.choices(["field", "kind", "word"], [0.5, 0.2, 0.3])[0]
        if kind == "field":
            return self._field(rng)
        return self._kind(rng) if kind == "kind" else self._word(rng)

    def _field(self, rng: Random) -> Group:
        right, *wrong = rng.sample(list(self.fields), self.hypotheses)
        members = self.fields[right]
        chosen = rng.sample(members, rng.randint(1, _MOST_TOGETHER))
        text = " ".join(self._entry(key, rng) for key in chosen)
        return self._group(text, [right, *wrong], rng)

    def _kind(self, rng: Random) -> Group:
        right, *wrong = rng.sample(list(self.siblings), self.hypotheses)
        text = self._entry(rng.choice(self.siblings[right]), rng)
        return self._group(text, [rng.choice(self.meanings[k].words) for k in (right, *wrong)], rng)

    def _word(self, rng: Random) -> Group:
        family = self.siblings[rng.choice(list(self.siblings))]
        near = rng.sample(family, min(len(family), self.hypotheses - 1))
        far = rng.choice(self.siblings[rng.choice(list(self.siblings))])
        words = [rng.choice(self.meanings[key].words) for key in (*near, far)]
        return self._group(self.meanings[near[0]].text, words, rng)

    def _entry(self, key: Key, rng: Random) -> str:
        meaning = self.meanings[key]
        return meaning.text if rng.random() < 0.4 else f"{meaning.words[0]}: {meaning.text}."

    def _group(self, text: str, names: Sequence[str], rng: Random) -> Group:
        template = rng.choice(self.templates)
        hypotheses = tuple(template.replace("{}", name) for name in names)
        return Group(text, hypotheses, (1.0,) + (0.0,) * (len(names) - 1), "choice")


def definitions(
    meanings: Mapping[Key, Meaning], templates: Sequence[str], hypotheses: int
) -> Definitions:
    """Return the source of definitions."""
    fields, siblings = defaultdict(list), defaultdict(list)
    for key, meaning in meanings.items():
        for relation, other, _ in meaning.pointers:
            if relation == _FIELD:
                fields[meanings[other].words[0]].append(key)
            elif relation == _KIND and key[0] == "n":
                siblings[other].append(key)
    return Definitions(
        meanings,
        {name: keys for name, keys in fields.items() if len(keys) >= _LEAST_IN_FIELD},
        {kind: keys for kind, keys in siblings.items() if len(keys) >= _MOST_TOGETHER},
        tuple(templates),
        hypotheses,
    )


def feeling_words(meanings: Mapping[Key, Meaning], feeling: str) -> tuple[str, ...]:
    """Return the adjectives of a feeling and of all kinds of it, as WordNet relates them."""
    kinds: set[Key] = {
        key for key, m in meanings.items() if key[0] == "n" and m.file == _FEELINGS
        and feeling in m.words
    }  # fmt: skip
    grown = True
    while grown:
        below = {
            key for key, m in meanings.items() if key[0] == "n" and m.file == _FEELINGS
            and any(r == _KIND and other in kinds for r, other, _ in m.pointers)
        }  # fmt: skip
        grown, kinds = not below <= kinds, kinds | below
    words: set[str] = set()
    for kind in kinds:
        for relation, key, place in meanings[kind].pointers:
            if relation == _DERIVED and key[0] == "a":
                words.add(meanings[key].words[place - 1])
                words |= _alike(meanings, key)
    return tuple(sorted(words))


def _alike(meanings: Mapping[Key, Meaning], adjective: Key) -> set[str]:
    near = [k for r, k, _ in meanings[adjective].pointers if r == _SIMILAR]
    return {word for key in near for word in meanings[key].words}
