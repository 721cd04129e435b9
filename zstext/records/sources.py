"""All documents of a run as one stream of records."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.cells import cell_text
from zstext.records.formats import check_format
from zstext.records.hub import DatasetInput
from zstext.records.inputs import StreamInput, TextsInput, file_input
from zstext.records.paths import expand, is_saved_dataset
from zstext.records.record import Record
from zstext.records.tables import Input, Pick, Row


class Source:
    """Documents in order, streamed. Iterating again reads them again, if they can be read again.

    Parameters
    ----------
    inputs : sequence of Input
        Read one after the other.
    pick : Pick
        Which columns hold the documents and their ids.

    Attributes
    ----------
    columns : tuple of str
        The columns of all inputs in the order they are first met; () if all are plain text.
    types : mapping of str to pyarrow.DataType
        The columns that have another type than text. A column that two inputs have with different
        types is text.
    numbered : bool
        Whether ids are row numbers (int).

    Raises
    ------
    InputError
        If an input cannot be opened or lacks a wanted column; while iterating, if reading fails.
    """

    def __init__(self, inputs: Sequence[Input], pick: Pick | None = None) -> None:
        self._inputs = list(inputs)
        self._pick = pick or Pick()
        self._kept: list[Record] | None = None
        self.columns, self.types, self._plain_column = self._survey()
        self.numbered = len(self._inputs) == 1 and self._pick.id_column is None

    def keep(self) -> Source:
        """Read everything now and keep it: a pipe can be read only once."""
        self._kept = list(self)
        return self

    def __iter__(self) -> Iterator[Record]:
        if self._kept is not None:
            yield from self._kept
            return
        for source in self._inputs:
            with source.open(self._pick) as table:
                for number, row in enumerate(table.rows, start=1):
                    yield self._record(row, number, source.name)

    def _survey(self) -> tuple[tuple[str, ...], Mapping[str, Any], str | None]:
        types: dict[str, Any] = {}
        plain = False
        for source in self._inputs:
            with source.open(self._pick) as table:
                plain |= not table.columns
                for column in table.columns:
                    kind = None if table.schema is None else table.schema.field(column).type
                    types[column] = kind if types.get(column, kind) == kind else None
        # Beside tables, lines of plain text are rows of a table with the text column only.
        plain_column = self._pick.text_column if types and plain else None
        if plain_column is not None:
            types.setdefault(plain_column, None)
        return tuple(types), {c: t for c, t in types.items() if t is not None}, plain_column

    def _record(self, row: Row, number: int, name: str) -> Record:
        text, reason, columns = row.text, row.reason, row.columns
        if reason is None and row.item is None and not isinstance(text, str):
            reason = Reason.MISSING if text is None else Reason.NOT_TEXT
        shown = text if text is None or isinstance(text, str) else cell_text(text)
        if self._plain_column is not None and not columns:
            columns = {self._plain_column: shown}
        return Record(self._id(row, number, name), shown, reason, columns, row.item)

    def _id(self, row: Row, number: int, name: str) -> int | str:
        if isinstance(row.id, int | str) and not isinstance(row.id, bool):
            return row.id
        if row.id is not None:
            return cell_text(row.id)
        return number if len(self._inputs) == 1 else f"{name}:{number}"


def open_files(
    names: Iterable[str],
    *,
    text_column: str = "text",
    id_column: str | None = None,
    input_format: str | None = None,
    split: str | None = None,
    stdin: IO[bytes] | None = None,
) -> Source:
    """Return the documents of files, quoted globs, folders, pipes and "-" (standard input).

    Parameters
    ----------
    names : iterable of str
        At least one. A folder written by `datasets.save_to_disk` is read as a dataset.
    text_column, id_column : str
        Not for plain text. Without an id column ids are row numbers, after "name:" if there are
        several files.
    input_format : {"txt", "csv", "tsv", "jsonl", "parquet"}, optional
        Read every file as this; otherwise the suffix decides, and a pipe is plain text.
    split : str, optional
        The split of a saved dataset.
    stdin : binary file, optional
        Read for "-" instead of `sys.stdin.buffer`.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, cannot be told what it is, or lacks a wanted column.
    OptionError
        If there is no such `input_format`.
    """
    check_format(input_format)
    paths = expand(names, any_suffix=input_format is not None)
    if not paths:
        raise InputError('no documents given; name a file, a folder, or "-" for standard input')
    if paths.count("-") > 1:
        raise InputError('"-" (standard input) is given twice; it can be read only once')
    inputs: list[Input] = []
    for path, name in zip(paths, _row_names(paths), strict=True):
        if path == "-":
            inputs.append(StreamInput(stdin or sys.stdin.buffer, "stdin", input_format or "txt"))
        elif is_saved_dataset(Path(path)):
            inputs.append(DatasetInput(path, split))
        else:
            inputs.append(file_input(path, name, input_format))
    return Source(inputs, Pick(text_column, id_column))


def open_texts(texts: Sequence[object]) -> Source:
    """Return literal documents; one that is not text is a row with a reason."""
    return Source([TextsInput(texts)])


def open_dataset(
    name: str, *, split: str | None = None, text_column: str = "text", id_column: str | None = None
) -> Source:
    """Return the documents of a Hugging Face dataset: a folder, or an id on the hub.

    Raises
    ------
    InputError
        If it cannot be had, or has several splits and `split` is not one of them.
    """
    return Source([DatasetInput(name, split)], Pick(text_column, id_column))


def _row_names(paths: Sequence[str]) -> list[str]:
    """Return the file names, or whole paths where two files have the same name."""
    names = [os.path.basename(path) for path in paths]
    count = Counter(names)
    return [name if count[name] == 1 else path for name, path in zip(names, paths, strict=True)]
