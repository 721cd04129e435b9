"""Labelled texts as hypotheses: the right label, some wrong ones, in many wordings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from training.fetch import rated_sentences
from training.groups import Group, normal, read

_SENTENCE_SHARE = 0.35
_PIECE_WORDS = (8, 60)
_RATED = "rated_"  # sets whose sentences people rated from -4 to 4
_CLEAR, _SLIGHT = 0.8, 0.2


@dataclass(slots=True)
class LabelledTexts:
    """The texts of a set and what may be said about them.

    Attributes
    ----------
    texts : list of (str, str)
        Text and label.
    names, sentences : dict of str to tuple of str
        Wordings of every label: to fill a template with, and whole hypotheses.
    templates : tuple of str
    confused : dict of str to tuple of str
        For a text, the labels that the encoder finds nearest.
    """

    texts: list[tuple[str, str]]
    names: dict[str, tuple[str, ...]]
    sentences: dict[str, tuple[str, ...]]
    templates: tuple[str, ...]
    hypotheses: int
    negated: float
    hard: float
    max_words: int
    confused: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """The labels, in a fixed order."""
        return sorted(self.names.keys() | self.sentences.keys())

    def draw(self, rng: Random) -> Group:
        """Return a text with its label and wrong ones, now and then negated."""
        text, right = rng.choice(self.texts)
        labels = [right, *self._wrong(text, right, rng)]
        word = self.wording(labels, rng)
        statements = [word(label) for label in labels]
        targets = [1.0] + [0.0] * (len(labels) - 1)
        kind = "choice"
        if rng.random() < self.negated:
            i = rng.randrange(len(labels))
            statements[i], targets[i], kind = negation(statements[i]), 1.0 - targets[i], "pairs"
        return Group(piece(text, self.max_words, rng), tuple(statements), tuple(targets), kind)

    def _wrong(self, text: str, right: str, rng: Random) -> list[str]:
        others = [label for label in self.labels if label != right]
        near = [label for label in self.confused.get(text, ()) if label != right]
        wrong: list[str] = []
        while len(wrong) < min(self.hypotheses - 1, len(others)):
            pool = near if near and rng.random() < self.hard else others
            label = rng.choice(pool)
            if label not in wrong:
                wrong.append(label)
            near = [n for n in near if n not in wrong]
        return wrong

    def wording(self, labels: Sequence[str], rng: Random) -> Any:
        """Return what turns a label into a hypothesis: one manner for the whole group."""
        by_name = all(label in self.names for label in labels)
        by_sentence = all(label in self.sentences for label in labels)
        if by_sentence and (not by_name or rng.random() < _SENTENCE_SHARE):
            return lambda label: rng.choice(self.sentences[label])
        template = rng.choice(self.templates)
        return lambda label: template.replace("{}", rng.choice(self.names[label]))


def negation(statement: str) -> str:
    """Return the opposite of a hypothesis."""
    return (
        f"It is not true that: {statement}"
        if " is " not in statement
        else statement.replace(" is ", " is not ", 1)
    )


def piece(text: str, max_words: int, rng: Random) -> str:
    """Return the text, or a run of its words if it is long."""
    words = text.split()
    if len(words) <= max_words:
        return text
    start = rng.choice([0, 0, rng.randrange(len(words) - max_words)])
    return " ".join(words[start : start + max_words])


def labelled_texts(
    data: Path,
    archives: Path,
    name: str,
    wordings: Mapping[str, Any],
    banned: set[str],
    settings: Mapping[str, Any],
) -> LabelledTexts:
    """Return a set of data/train (or quotes, or rated sentences) with its wordings."""
    spec = wordings["sets"][name]
    rename = spec.get("rename", {})
    rows = _rows(data, archives, name)
    texts = [(text, rename.get(label, label)) for text, label in rows if normal(text) not in banned]
    found = {label for _, label in texts}
    known = spec.get("labels", {label: {"names": [label]} for label in found})
    texts = [(text, label) for text, label in texts if label in known]
    if spec.get("rename"):  # reviews are long: their sentences are of the same mind
        texts += [(part, label) for text, label in texts for part in _parts(text)]
    found = {label for _, label in texts}
    return LabelledTexts(
        texts,
        {k: tuple(v["names"]) for k, v in known.items() if k in found and "names" in v},
        {k: tuple(v["sentences"]) for k, v in known.items() if k in found and "sentences" in v},
        tuple(wordings["templates"][spec["templates"]]),
        **settings,
    )


def _rows(data: Path, archives: Path, name: str) -> list[tuple[str, str]]:
    if name == "dnc_quotes":
        return _quotes(data)
    if name.startswith(_RATED):
        return _rated(archives, name.removeprefix(_RATED))
    folder = data / "train" / name
    paths = [folder / f"{part}.csv" for part in ("train", "test")]
    return [(r["text"], r["label"]) for path in paths if path.exists() for r in read(path)]


def _rated(archives: Path, kind: str) -> list[tuple[str, str]]:
    """Return the sentences on which people agree enough, as a rating near an end or near 0."""
    labelled = []
    for text, rating in rated_sentences(archives, kind):
        if abs(rating) >= _CLEAR:
            labelled.append((text, "positive" if rating > 0 else "negative"))
        elif abs(rating) <= _SLIGHT:
            labelled.append((text, "neutral"))
    return labelled


def _quotes(data: Path) -> list[tuple[str, str]]:
    """Return what people are quoted with in dnc_sentiment, and whether they liked it."""
    found: dict[str, str] = {}
    for row in read(data / "nli" / "dnc_sentiment.csv"):
        quote = re.search(r"said ?, ' ?(.*?) ?'\s*\.?$", row["premise"])
        if quote:
            liked = ("did not like" in row["hypothesis"]) != (row["label"] == "entailment")
            found[quote[1]] = "positive" if liked else "negative"
    return list(found.items())


def _parts(text: str) -> list[str]:
    """Return the first and the last words of a review: where people say what they think."""
    words = text.split()
    low, high = _PIECE_WORDS
    if len(words) <= high:
        return []
    return [" ".join(words[: high - low]), " ".join(words[-(high - low) :])]
