"""The file formats that documents are read from."""

from __future__ import annotations

from pathlib import PurePath

from zstext.errors import InputError, OptionError, did_you_mean
from zstext.records.delimited import read_csv, read_tsv
from zstext.records.jsonl import read_jsonl
from zstext.records.parquet import read_parquet
from zstext.records.text import read_text_lines

READERS = {
    "txt": read_text_lines,
    "csv": read_csv,
    "tsv": read_tsv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}

SUFFIXES = {f".{name}": name for name in READERS} | {".ndjson": "jsonl"}


def format_of(path: str, input_format: str | None) -> str:
    """Return the format to read `path` in: `input_format`, or else what its suffix says.

    Raises
    ------
    InputError
        If the suffix says nothing.
    """
    if input_format is not None:
        return input_format
    suffix = PurePath(path).suffix
    try:
        return SUFFIXES[suffix.lower()]
    except KeyError:
        raise InputError(
            f"cannot tell how to read {path!r}: its suffix is {suffix or 'missing'}, expected "
            f"one of {' '.join(SUFFIXES)}; say what it is with --input-format"
        ) from None


def check_format(input_format: str | None) -> None:
    """Raise `OptionError` if there is no such input format."""
    if input_format is not None and input_format not in READERS:
        raise OptionError(
            f"unknown input format {input_format!r}{did_you_mean(input_format, READERS)}; "
            f"expected one of {', '.join(READERS)}"
        )
