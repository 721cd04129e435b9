"""Output rows: a record and its prediction side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from zstext.predictions import Prediction
from zstext.records.record import Record

Pair: TypeAlias = tuple[Record, Prediction]

RESULT_COLUMNS = (
    "label",
    "score",
    "labels",
    "scores",
    "calibrated",
    "truncated",
    "windows",
    "reason",
)
_PREFIX = "zstext_"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of an output table: those of the input, or id and text, then the results.

    Attributes
    ----------
    inputs : tuple of str
        The columns of the input, or () if it has none.
    results : tuple of str
        The names of `RESULT_COLUMNS` in this table. If the input has one of them, all get the
        prefix "zstext_", as often as it takes.
    """

    inputs: tuple[str, ...]
    results: tuple[str, ...]

    @classmethod
    def of(cls, columns: Sequence[str]) -> Layout:
        """Return the layout for an input with these columns."""
        results: tuple[str, ...] = RESULT_COLUMNS
        while not set(results).isdisjoint(columns):
            results = tuple(_PREFIX + name for name in results)
        return cls(tuple(columns), results)

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, in order."""
        return (self.inputs or ("id", "text")) + self.results

    def input_cells(self, record: Record) -> tuple[Any, ...]:
        """Return what goes before the results; a cell that the record lacks is None."""
        if not self.inputs:
            return (record.id, record.text)
        return tuple(record.columns.get(name) for name in self.inputs)


def result_cells(prediction: Prediction) -> tuple[Any, ...]:
    """Return the values of `RESULT_COLUMNS`; probabilities have 6 decimals."""
    return (
        prediction.label,
        None if prediction.score is None else round(prediction.score, _DIGITS),
        list(prediction.labels),
        [round(score, _DIGITS) for score in prediction.scores],
        prediction.calibrated,
        prediction.truncated,
        prediction.windows,
        None if prediction.reason is None else str(prediction.reason),
    )


def json_line(record: Record, prediction: Prediction) -> bytes:
    """Return the JSON Lines row. A lone surrogate makes the whole row ASCII, with escapes."""
    row = {"id": record.id, "text": record.text}
    row |= dict(zip(RESULT_COLUMNS, result_cells(prediction), strict=True))
    if prediction.label is not None:
        del row["reason"]
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row).encode() + b"\n"
