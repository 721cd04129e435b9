"""Tasks made of DATA/labels: a name or a description, and the group that it is in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

Task = tuple[str, list[str], list[str]]
Row = dict[str, str]


def groups_of_labels(folder: Path, rows: int) -> Iterator[Task]:
    """Yield name, texts and groups of every task, at most so many rows, always the same."""
    for name, pairs in _all(folder):
        order = np.random.default_rng(0).permutation(len(pairs))[:rows]
        yield name, [pairs[i][0] for i in order], [pairs[i][1] for i in order]


def _all(folder: Path) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    isco = _read(folder / "isco08_groups.csv")
    title = {row["code"]: row["label"] for row in isco}
    jobs = [row for row in isco if row["level"] == "4"]
    yield "occupations, their names", [(row["description"], row["label"]) for row in jobs]
    for digits, kind in ((2, "groups"), (1, "major groups")):
        yield f"occupations, {kind}", [(j["description"], title[j["code"][:digits]]) for j in jobs]
    bought = _read(folder / "unspsc_commodities.csv")
    for level in ("family", "segment"):
        yield f"goods bought, {level}", [(row["label"], row[level]) for row in bought]
    for level, kind in ((0, "department"), (1, "aisle")):
        sold = _below(folder / "google_product_taxonomy.csv", 2)
        yield f"goods sold, {kind}", [(row["label"], path[level]) for row, path in sold]
    topics = _below(folder / "iab_content_3_1.csv", 1)
    yield "topics of pages, field", [(row["label"], path[0]) for row, path in topics]


def _below(path: Path, depth: int) -> list[tuple[Row, list[str]]]:
    found = ((row, row["path"].split(" > ")) for row in _read(path))
    return [(row, parts) for row, parts in found if len(parts) > depth]


def _read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
