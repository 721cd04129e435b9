"""Parquet output, whose index is at its end: rows wait in an Arrow stream until all are there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from zstext.errors import OutputError
from zstext.records.cells import cell_text, replace_surrogates
from zstext.records.rows import Layout, Pair, result_cells


class ParquetWriter:
    """The columns of the input with their types, then the results. One row group a chunk.

    Parameters
    ----------
    layout : Layout
    types : mapping of str to pyarrow.DataType
        Of the input columns that are not text.
    numbered : bool
        Whether ids are numbers. Only matters where the id is written: if the input has no columns.
    """

    streams = False

    def __init__(self, layout: Layout, types: Mapping[str, Any], *, numbered: bool) -> None:
        import pyarrow as pa

        self._layout = layout
        text = pa.string()
        known = types if layout.inputs else {"id": pa.int64() if numbered else text}
        inputs = layout.names[: -len(layout.results)]
        results = [
            text,
            pa.float64(),
            pa.list_(text),
            pa.list_(pa.float64()),
            pa.bool_(),
            pa.bool_(),
            pa.int64(),
            text,
        ]
        column_types = [known.get(name, text) for name in inputs] + results
        names = map(replace_surrogates, layout.names)
        self._schema = pa.schema(list(zip(names, column_types, strict=True)))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The format, and the columns with their types."""
        return {"format": "parquet", "columns": [[f.name, str(f.type)] for f in self._schema]}

    def header(self) -> bytes:
        """Return the schema message of an Arrow stream."""
        message: bytes = self._schema.serialize().to_pybytes()
        return message

    def encode(self, rows: Sequence[Pair]) -> bytes:
        """Return the rows as one record batch message.

        Raises
        ------
        OutputError
            If a value does not go back into the type of its column.
        """
        import pyarrow as pa

        cells = [(*self._layout.input_cells(r), *result_cells(p)) for r, p in rows]
        columns = zip(*cells, strict=True) if rows else [()] * len(self._schema)
        arrays = [_array(c, field) for c, field in zip(columns, self._schema, strict=True)]
        batch = pa.record_batch(arrays, schema=self._schema)
        message: bytes = batch.serialize().to_pybytes()
        return message

    def finish(self, part: Path, final: Path) -> None:
        """Convert the Arrow stream in `part`, batch by batch, then put `final` in place."""
        from pyarrow import ipc
        from pyarrow.parquet import ParquetWriter as ArrowParquetWriter

        converted = part.with_name(part.name + ".tmp")
        try:
            with (
                open(part, "rb") as source,
                open(converted, "wb") as target,
                ArrowParquetWriter(target, self._schema) as writer,
            ):
                for batch in ipc.open_stream(source):
                    writer.write_batch(batch)
            with open(converted, "rb+") as written:
                os.fsync(written.fileno())
            os.replace(converted, final)
        except BaseException:
            with suppress(OSError):
                os.unlink(converted)
            raise
        os.unlink(part)


def _array(values: Sequence[Any], field: Any) -> Any:
    import pyarrow as pa

    kind = field.type
    if pa.types.is_string(kind):
        values = [None if v is None else replace_surrogates(cell_text(v)) for v in values]
    elif pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
        values = [None if v is None else _clean_list(v) for v in values]
    try:
        return pa.array(values, type=kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise OutputError(
            f"column {field.name!r} cannot be written to parquet as {kind}: {error}; "
            "write csv or jsonl instead"
        ) from error


def _clean_list(texts: Sequence[Any]) -> list[Any]:
    return [replace_surrogates(text) if isinstance(text, str) else text for text in texts]
