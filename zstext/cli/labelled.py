"""Labelled documents for the commands that learn and measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zstext.cli import options as o
from zstext.errors import InputError, did_you_mean
from zstext.records import Source, open_files, open_images

SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Documents and what they are labelled with; None where a row has no label.

    Attributes
    ----------
    documents : list
        Texts, or images: paths or bytes.
    labels : list of (str or None)
    """

    documents: list[Any]
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
    image_column: str | None = None,
    input_format: o.InputFormat | None = None,
    optional: bool = False,
) -> Labelled:
    """Read documents with labels into memory. A row that cannot be read has neither.

    Parameters
    ----------
    inputs : sequence of str
    text_column, label_column : str
    image_column : str or None
        Where images are, if the documents are images; a file of one is labelled by its folder.
    input_format : InputFormat or None
    optional : bool
        Without the column of labels no row has one. A column of nearly that name is an error.

    Raises
    ------
    InputError
        If a file cannot be read or has no such columns.
    """
    if image_column is None:
        source = open_files(list(inputs), text_column=text_column, input_format=input_format)
    else:
        source = open_images(
            inputs, image_column=image_column, label_column=label_column, input_format=input_format
        )
    if not (optional and did_you_mean(label_column, source.columns) == ""):
        _check_column(source, label_column)
    documents: list[Any] = []
    labels: list[str | None] = []
    for record in source:
        usable = record.reason is None
        documents.append(record.document if usable else None)
        labels.append(_label(record.columns.get(label_column)) if usable else None)
    return Labelled(documents, labels)


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
