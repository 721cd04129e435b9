"""Records in chunks of bounded size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from zstext.documents import CHUNK
from zstext.records.record import Record


def chunks(
    source: Iterable[Record], *, max_rows: int = CHUNK, max_chars: int = 4_000_000
) -> Iterator[list[Record]]:
    """Yield the records in order, in lists that depend on nothing but the records.

    Parameters
    ----------
    source : iterable of Record
    max_rows : int
        The most records of a list.
    max_chars : int
        A list ends with the record that takes its characters, and bytes of images, to this number.
    """
    chunk: list[Record] = []
    size = 0
    for record in source:
        chunk.append(record)
        size += _size(record)
        if len(chunk) == max_rows or size >= max_chars:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def chain_digest(before: str, chunk: Sequence[Record]) -> str:
    """Return the SHA-256 (hex) of all records so far: of the digest `before` them and the chunk."""
    digest = hashlib.sha256(before.encode())
    for record in chunk:
        row: list[object] = [record.id, record.text, record.reason, record.columns]
        if isinstance(record.item, bytes):  # a path is in the text already
            row.append(hashlib.sha256(record.item).hexdigest())
        digest.update(json.dumps(row, default=repr).encode("ascii") + b"\n")
    return digest.hexdigest()


def _size(record: Record) -> int:
    cells = sum(len(cell) for cell in record.columns.values() if isinstance(cell, str | bytes))
    item = len(record.item) if isinstance(record.item, bytes) else 0
    return len(record.text or "") + cells + item
