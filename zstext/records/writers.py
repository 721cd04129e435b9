"""Output rows as bytes, chunk by chunk."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from zstext.errors import OptionError, did_you_mean
from zstext.records.cells import cell_text, replace_surrogates
from zstext.records.parquet_writer import ParquetWriter
from zstext.records.rows import Layout, Pair, json_line, result_cells
from zstext.records.sources import Source

_NEEDS_QUOTES = re.compile('[",\r\n]')
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Turns rows into bytes that can be appended to each other."""

    @property
    def streams(self) -> bool:
        """Whether the bytes are the output as they are, so that they can go down a pipe."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Everything that decides the bytes of given rows, as JSON values."""

    def header(self) -> bytes:
        """Return what comes before the first row."""

    def encode(self, rows: Sequence[Pair]) -> bytes:
        """Return the bytes of some rows."""

    def finish(self, part: Path, final: Path) -> None:
        """Put `final` in place, whole, from `part`: the header and all rows."""


class JsonlWriter:
    """One JSON object a line: id, text and the results, without the other columns."""

    streams = True

    @property
    def settings(self) -> Mapping[str, Any]:
        """Only the format."""
        return {"format": "jsonl"}

    def header(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, rows: Sequence[Pair]) -> bytes:
        """Return one line a row."""
        return b"".join(json_line(record, prediction) for record, prediction in rows)

    def finish(self, part: Path, final: Path) -> None:
        """Rename `part`."""
        os.replace(part, final)


class CsvWriter:
    """RFC 4180 with "\\n" as line end: the columns of the input, then the results.

    Parameters
    ----------
    layout : Layout
    escape_formulas : bool
        Put an apostrophe before a cell that a spreadsheet would run as a formula (CWE-1236).
    """

    streams = True

    def __init__(self, layout: Layout, *, escape_formulas: bool = False) -> None:
        self._layout = layout
        self._escape_formulas = escape_formulas

    @property
    def settings(self) -> Mapping[str, Any]:
        """The format, the columns and the escaping."""
        columns = list(self._layout.names)
        return {"format": "csv", "columns": columns, "escape_formulas": self._escape_formulas}

    def header(self) -> bytes:
        """Return the line with the column names."""
        return self._line(self._layout.names)

    def encode(self, rows: Sequence[Pair]) -> bytes:
        """Return one line a row, or several where a cell has line ends."""
        return b"".join(
            self._line([*self._layout.input_cells(record), *result_cells(prediction)])
            for record, prediction in rows
        )

    def finish(self, part: Path, final: Path) -> None:
        """Rename `part`."""
        os.replace(part, final)

    def _line(self, cells: Sequence[object]) -> bytes:
        return (",".join(map(self._cell, cells)) + "\n").encode()

    def _cell(self, value: object) -> str:
        text = replace_surrogates(cell_text(value))
        if self._escape_formulas and text.startswith(_FORMULA_STARTS):
            text = "'" + text
        return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


_FORMATS = ("jsonl", "csv", "parquet")


def make_writer(output_format: str, source: Source, *, escape_formulas: bool = False) -> Writer:
    """Return the writer for an output format and the columns of `source`.

    Parameters
    ----------
    output_format : {"jsonl", "csv", "parquet"}
    source : Source
    escape_formulas : bool
        For csv only.

    Raises
    ------
    OptionError
        If there is no such format, or it has no formulas to escape.
    """
    if output_format not in _FORMATS:
        raise OptionError(
            f"unknown output format {output_format!r}{did_you_mean(output_format, _FORMATS)}; "
            f"expected one of {', '.join(_FORMATS)}"
        )
    layout = Layout.of(source.columns)
    if output_format == "csv":
        return CsvWriter(layout, escape_formulas=escape_formulas)
    if escape_formulas:
        raise OptionError(f"only csv has formulas to escape, the output is {output_format}")
    if output_format == "jsonl":
        return JsonlWriter()
    return ParquetWriter(layout, source.types, numbered=source.numbered)
