"""What every reader makes: named columns and rows, before ids are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from zstext.errors import InputError, did_you_mean
from zstext.predictions import Reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its file has it.

    Attributes
    ----------
    text, id : object
        What the text and the id column hold, of any type; None if there is nothing.
    columns : dict of str to object
        All cells by column name.
    reason : str or None
        Why the row cannot be used, if the reader knows.
    item : object
        What is classified, if that is not the text: an image.
    """

    text: object
    id: object = None
    columns: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    item: object = None


@dataclass(frozen=True, slots=True)
class Table:
    """An input that is open for reading.

    Attributes
    ----------
    columns : tuple of str
        () for plain text.
    rows : iterator of Row
        Can be gone through once, while the input is open.
    schema : pyarrow.Schema or None
        The types of the columns; None if all are text.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    schema: Any = None


class Input(Protocol):
    """Something that documents are read from."""

    @property
    def name(self) -> str:
        """What errors and row ids call it."""

    def open(self, pick: Pick) -> AbstractContextManager[Table]:
        """Return the table; leaving the context closes the file."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Which columns hold the documents and their ids."""

    text_column: str = "text"
    id_column: str | None = None

    def check(self, columns: Sequence[str], name: str) -> None:
        """Raise `InputError` if one of `columns` is named twice or a wanted one is not there."""
        if len(set(columns)) != len(columns):
            twice = next(c for c in columns if columns.count(c) > 1)
            raise InputError(f"{name} has two columns named {twice!r}; rename one of them")
        wanted = [("--text-column", self.text_column), ("--id-column", self.id_column)]
        for option, column in wanted:
            if column is not None and column not in columns:
                listed = ", ".join(map(repr, columns))
                raise InputError(
                    f"{name} has no column {column!r}{did_you_mean(column, columns)}; "
                    f"it has {listed}: choose one with {option}"
                )

    def row(self, cells: dict[str, Any], *, reason: str | None = None) -> Row:
        """Return the row whose cells are `cells`."""
        row_id = None if self.id_column is None else cells.get(self.id_column)
        return Row(cells.get(self.text_column), row_id, cells, reason)


def malformed(detail: str) -> str:
    """Return the reason of a row that cannot be taken apart."""
    return f"{Reason.MALFORMED_ROW}: {detail}"
