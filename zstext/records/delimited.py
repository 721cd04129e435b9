"""Tables as text: comma- and tab-separated values with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.decoding import ByteStream, Lines
from zstext.records.tables import Pick, Row, Table, malformed

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

_CELL_LIMIT = 1 << 28
"""Characters. The csv module stops at 131,072, less than one long document."""


def read_csv(stream: ByteStream, pick: Pick, name: str) -> Table:
    """Read comma-separated values: RFC 4180, header first. See `read_delimited`."""
    return read_delimited(stream, pick, name, delimiter=",")


def read_tsv(stream: ByteStream, pick: Pick, name: str) -> Table:
    """Read tab-separated values, quoted as in csv, header first. See `read_delimited`."""
    return read_delimited(stream, pick, name, delimiter="\t")


def read_delimited(stream: ByteStream, pick: Pick, name: str, *, delimiter: str) -> Table:
    """Read a table with a header. Quoted cells may hold the delimiter and line ends.

    A row that has another number of cells than the header, or stray quotes, is one row with a
    reason. Blank lines are no rows, unless there is but one column: then each is an empty cell.

    Raises
    ------
    InputError
        If the header cannot be read or lacks a wanted column, and while reading: if a quote is
        opened and not closed for the rest of the file, or a cell exceeds 268 million characters.
    """
    lines = Lines(stream, name, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next((cells for cells in iter(lambda: _next_row(reader), None) if cells), None)
    except csv.Error as error:
        raise InputError(f"{name}: the header on line {lines.number} is damaged: {error}") from None
    if header is None:
        return Table((), iter(()))
    pick.check(header, name)
    return Table(tuple(header), _rows(reader, lines, header, pick, name))


def _rows(
    reader: CsvReader, lines: Lines, header: list[str], pick: Pick, name: str
) -> Iterator[Row]:
    while True:
        lines.damaged = False
        first_line = lines.number + 1
        try:
            cells = _next_row(reader)
        except csv.Error as error:
            _check_readable(error, name, first_line, lines.number)
            yield Row(None, reason=malformed(f"line {first_line}: {error}"))
            continue
        if cells is None:
            return
        if cells or len(header) == 1:
            yield _row(cells or [""], header, pick, damaged=lines.damaged)


def _row(cells: list[str], header: list[str], pick: Pick, *, damaged: bool) -> Row:
    reason = None
    if len(cells) != len(header):
        reason = malformed(f"expected {len(header)} cells, got {len(cells)}")
    elif damaged:
        reason = Reason.INVALID_UTF8
    return pick.row(dict(zip(header, cells, strict=False)), reason=reason)


def _next_row(reader: CsvReader) -> list[str] | None:
    # The limit belongs to the whole process: it is set for one row and given back.
    before = csv.field_size_limit(_CELL_LIMIT)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)


def _check_readable(error: csv.Error, name: str, first: int, last: int) -> None:
    """Raise if the error has swallowed more than one row: dropping those would be silent."""
    if "field larger" in str(error) or ("end of data" in str(error) and last > first):
        raise InputError(
            f"{name}: a quote is opened on line {first} and never closed (read on to line {last}); "
            "close it, or double it if it is part of the text"
        ) from None
