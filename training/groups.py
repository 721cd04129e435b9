"""What the model learns from: a text and hypotheses about it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, Protocol, TypeAlias

csv.field_size_limit(10**8)

Kind: TypeAlias = Literal["pairs", "choice", "soft"]


@dataclass(frozen=True, slots=True)
class Group:
    """A text and hypotheses about it.

    Attributes
    ----------
    premise : str
    hypotheses : tuple of str
    targets : tuple of float
        1 where a hypothesis follows from the text, 0 where not; shares that sum to 1 in a soft
        group.
    kind : {"pairs", "choice", "soft"}
        Every pair by itself; exactly one right; or graded by the encoder.
    """

    premise: str
    hypotheses: tuple[str, ...]
    targets: tuple[float, ...]
    kind: Kind = "pairs"


class Source(Protocol):
    """Where groups come from."""

    def draw(self, rng: Random) -> Group:
        """Return a group, the same for the same state of `rng`."""


def read(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def normal(text: str) -> str:
    """Return a text as it is compared: lower case, letters and digits only, single blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
