"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from zstext.errors import InputError
from zstext.records.arrow import arrow_table
from zstext.records.tables import Pick, Table

_BATCH_ROWS = 128
"""Few, because a document may have megabytes."""


def read_parquet(stream: IO[bytes], pick: Pick, name: str) -> Table:
    """Read a parquet file, a few rows at a time; columns keep their types.

    Raises
    ------
    InputError
        If it is not parquet, comes through a pipe, or lacks a wanted column.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    if not stream.seekable():
        raise InputError(
            f"{name}: parquet is read from its end, which a pipe cannot do; name a file"
        )
    try:
        file = ParquetFile(stream, buffer_size=1 << 20)
        schema = file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name} is not a parquet file that can be read: {error}") from None
    return arrow_table(schema, _batches(file, name), pick, name)


def _batches(file: Any, name: str) -> Iterator[Any]:
    import pyarrow as pa

    try:
        yield from file.iter_batches(_BATCH_ROWS)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{name} is damaged: {error}") from None
