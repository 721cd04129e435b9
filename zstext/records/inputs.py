"""Things that documents are read from, each of which can be opened as a table."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

from zstext.errors import InputError
from zstext.records.formats import READERS, format_of
from zstext.records.tables import Pick, Row, Table


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file, opened anew each time."""

    path: str
    name: str
    format: str

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Open the file and read its header."""
        with _readable(self.name), open(self.path, "rb") as stream:
            yield READERS[self.format](stream, pick, self.name)


class StreamInput:
    """A stream that can be read only once: standard input, or a named pipe.

    Every `open` goes on where the one before stopped.

    Parameters
    ----------
    stream : binary file or str
        A path is opened at the first `open` and closed when all of it is read.
    name, input_format : str
    """

    def __init__(self, stream: IO[bytes] | str, name: str, input_format: str) -> None:
        self.name = name
        self._stream = stream
        self._format = input_format
        self._table: Table | None = None

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Return the table, which is the same one each time."""
        with _readable(self.name):
            if self._table is None:
                self._table = self._read(pick)
            yield self._table

    def _read(self, pick: Pick) -> Table:
        read = READERS[self._format]
        if not isinstance(self._stream, str):
            return read(self._stream, pick, self.name)
        with ExitStack() as stack:
            stream = stack.enter_context(open(self._stream, "rb"))
            table = read(stream, pick, self.name)
            close = stack.pop_all()
        return Table(table.columns, _and_then(table.rows, close), table.schema)


@dataclass(frozen=True, slots=True)
class TextsInput:
    """Documents that are here already."""

    texts: Sequence[object]
    name: str = "--text"

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Return one row for each document."""
        if pick.id_column is not None:
            raise InputError(f"{self.name} has no column {pick.id_column!r}; leave --id-column out")
        yield Table((), (Row(text) for text in self.texts))


def file_input(path: str, name: str, input_format: str | None) -> FileInput | StreamInput:
    """Return the input for the file at `path`, which may be a pipe.

    Raises
    ------
    InputError
        If neither its suffix nor `input_format` says what it is.
    """
    if stat.S_ISREG(os.stat(path).st_mode):
        return FileInput(path, name, format_of(path, input_format))
    return StreamInput(path, name, input_format or "txt")


def _and_then(rows: Iterator[Row], close: ExitStack) -> Iterator[Row]:
    with close:
        yield from rows


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error
