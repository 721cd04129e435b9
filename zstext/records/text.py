"""Plain text: one document a line."""

from __future__ import annotations

from collections.abc import Iterator

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.decoding import ByteStream, Lines
from zstext.records.tables import Pick, Row, Table


def read_text_lines(stream: ByteStream, pick: Pick, name: str) -> Table:
    """Read one document a line. Lines end in LF or CRLF; a blank line is an empty document.

    Raises
    ------
    InputError
        If an id column is asked for.
    """
    if pick.id_column is not None:
        raise InputError(
            f"{name} is plain text and has no column {pick.id_column!r}; leave --id-column out"
        )
    return Table((), _rows(Lines(stream, name, newline="\n")))


def _rows(lines: Lines) -> Iterator[Row]:
    for line in lines:
        text = line.removesuffix("\n").removesuffix("\r")
        yield Row(text, reason=Reason.INVALID_UTF8 if lines.damaged else None)
        lines.damaged = False
