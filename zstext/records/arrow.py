"""Arrow tables, as parquet files and Hugging Face datasets hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.cells import replace_surrogates
from zstext.records.tables import Pick, Row, Table


def arrow_table(schema: Any, batches: Iterable[Any], pick: Pick, name: str) -> Table:
    """Return a table that keeps the types of an Arrow schema.

    Dictionary-encoded columns are written as what they encode; schema metadata is left behind.

    Parameters
    ----------
    schema : pyarrow.Schema
    batches : iterable of pyarrow.RecordBatch
        Gone through once, batch by batch.

    Raises
    ------
    InputError
        If a wanted column is missing, or two have the same name; while the rows are gone through,
        if text inside lists or structs is not UTF-8.
    """
    import pyarrow as pa

    pick.check(schema.names, name)
    fields = [pa.field(f.name, _written_type(f.type)) for f in schema]
    return Table(tuple(schema.names), _rows(schema.names, batches, pick, name), pa.schema(fields))


def _rows(columns: list[str], batches: Iterable[Any], pick: Pick, name: str) -> Iterator[Row]:
    for batch in batches:
        damaged: set[int] = set()
        try:
            values = [_values(column, damaged) for column in batch.columns]
        except UnicodeDecodeError:
            raise InputError(f"{name}: a list or struct holds text that is not UTF-8") from None
        for number, cells in enumerate(zip(*values, strict=True)):
            reason = Reason.INVALID_UTF8 if number in damaged else None
            yield pick.row(dict(zip(columns, cells, strict=True)), reason=reason)


def _values(column: Any, damaged: set[int]) -> list[Any]:
    """Return the values of a column; rows whose text is not UTF-8 are added to `damaged`."""
    import pyarrow as pa

    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            raise
        values = column.cast(pa.large_binary()).to_pylist()
        for number, value in enumerate(values):
            if value is not None:
                text = value.decode("utf-8", "surrogateescape")
                values[number] = replace_surrogates(text)
                if values[number] != text:
                    damaged.add(number)
    return values


def _written_type(arrow_type: Any) -> Any:
    import pyarrow as pa

    return arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type
