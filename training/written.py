"""Texts written for zstext, in `written/`: labelled, or each with statements of its own.

A file of labelled texts::

    templates: topic
    = billing
    names: billing; invoices; money charged
    says: The customer asks about a bill. / Something is wrong with a charge.
    - took 40 off my card twice this month??

A file of statements, true (+) and false (-)::

    > My sister's flight was cancelled, so we drove nine hours.
    + trouble with travelling
    - The writer praises the staff.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from training.groups import Group, Source, normal
from training.labelled_texts import LabelledTexts

_RUN = 8  # words in a row that a written text may not share with an evaluation text


@dataclass(frozen=True, slots=True)
class Statements:
    """Texts, each with what follows from it and what does not."""

    texts: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    hypotheses: int

    def draw(self, rng: Random) -> Group:
        """Return a text with some of its statements."""
        text, told = rng.choice(self.texts)
        chosen = rng.sample(told, min(self.hypotheses, len(told)))
        return Group(text, tuple(s for s, _ in chosen), tuple(float(true) for _, true in chosen))


def written(
    folder: Path, wordings: Mapping[str, Any], settings: Mapping[str, Any], kept_out: Iterable[str]
) -> dict[str, Source]:
    """Return the source of every file, without texts that share words with those `kept_out`.

    Raises
    ------
    ValueError
        If a file is not written as above.
    """
    files = {path.stem: _lines(path) for path in sorted(folder.glob("*.txt"))}
    shared = shared_runs((line[2:] for lines in files.values() for line in lines), kept_out)
    return {
        name: _statements(lines, shared, settings["hypotheses"])
        if lines[0].startswith("> ")
        else _labelled(lines, shared, wordings, settings)
        for name, lines in files.items()
    }


def shared_runs(texts: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Return the runs of eight words that are in both; of shorter texts, the whole."""
    own = {run for text in texts for run in _runs(text)}
    return frozenset(run for text in others for run in _runs(text) if run in own)


def _runs(text: str) -> Iterator[str]:
    words = normal(text).split()
    for i in range(max(1, len(words) - _RUN + 1)):
        yield " ".join(words[i : i + _RUN])


def _kept(text: str, shared: Collection[str]) -> bool:
    return not any(run in shared for run in _runs(text))


def _lines(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line]


def _labelled(
    lines: Sequence[str],
    shared: Collection[str],
    wordings: Mapping[str, Any],
    settings: Mapping[str, Any],
) -> LabelledTexts:
    kind = _after("templates: ", lines[0])
    names: dict[str, tuple[str, ...]] = {}
    says: dict[str, tuple[str, ...]] = {}
    texts: list[tuple[str, str]] = []
    label = ""
    for line in lines[1:]:
        if line.startswith("= "):
            label = line[2:]
        elif line.startswith("names: "):
            names[label] = _split(_after("names: ", line), ";")
        elif line.startswith("says: "):
            says[label] = _split(_after("says: ", line), " / ")
        elif _kept(text := _after("- ", line), shared):
            texts.append((text, label))
    if kind == "sentiment":
        for label, told in wordings["sentiment"].items():
            if label in names:
                names[label] += tuple(told["names"])
                says[label] = says.get(label, ()) + tuple(told["sentences"])
    return LabelledTexts(texts, names, says, tuple(wordings["templates"][kind]), **settings)


def _statements(lines: Sequence[str], shared: Collection[str], hypotheses: int) -> Statements:
    texts: list[tuple[str, list[tuple[str, bool]]]] = []
    for line in lines:
        if line.startswith("> "):
            texts.append((line[2:], []))
        elif line.startswith("+ "):
            texts[-1][1].append((line[2:], True))
        else:
            texts[-1][1].append((_after("- ", line), False))
    return Statements(
        tuple((text, tuple(told)) for text, told in texts if told and _kept(text, shared)),
        hypotheses,
    )


def _split(line: str, by: str) -> tuple[str, ...]:
    return tuple(part for piece in line.split(by) if (part := piece.strip()))


def _after(mark: str, line: str) -> str:
    if not line.startswith(mark):
        raise ValueError(f"expected {mark!r} at the start of {line!r}")
    return line.removeprefix(mark)
