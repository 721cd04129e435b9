"""Labelled documents for the commands that learn and measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zstext.cli import options as o
from zstext.errors import InputError, did_you_mean
from zstext.records import Source, open_files

SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Documents and what they are labelled with; None where a row has no label."""

    texts: list[str | None]
    labels: list[str | None]

    def sets(self) -> list[list[str]]:
        """Return the labels of each row as a list: "a|b" names two."""
        return [[] if one is None else one.split(SEPARATOR) for one in self.labels]

    def names(self) -> list[str]:
        """Return the distinct labels, in the order of their first appearance."""
        return list(dict.fromkeys(label for label in self.labels if label is not None))


def read_labelled(
    inputs: Sequence[str],
    *,
    text_column: str,
    label_column: str,
    input_format: o.InputFormat | None = None,
) -> Labelled:
    """Read documents with labels into memory. A row that cannot be read has neither.

    Raises
    ------
    InputError
        If a file cannot be read or has no such columns.
    """
    source = open_files(list(inputs), text_column=text_column, input_format=input_format)
    _check_column(source, label_column)
    texts: list[str | None] = []
    labels: list[str | None] = []
    for record in source:
        usable = record.reason is None
        texts.append(record.text if usable else None)
        labels.append(_label(record.columns.get(label_column)) if usable else None)
    return Labelled(texts, labels)


def _check_column(source: Source, column: str) -> None:
    if column not in source.columns:
        columns = ", ".join(source.columns) or "none: this is plain text"
        raise InputError(
            f"there is no label column {column!r}{did_you_mean(column, source.columns)}; "
            f"choose one with --label-column: {columns}"
        )


def _label(cell: Any) -> str | None:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return str(cell).strip() or None
