"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import Any, NoReturn

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.cells import json_text
from zstext.records.decoding import ByteStream, Lines
from zstext.records.tables import Pick, Row, Table, malformed

_LOOK_AHEAD_LINES = 1000
_LOOK_AHEAD_CHARS = 16_000_000

_NumberedLine = tuple[int, str, bool]


def read_jsonl(stream: ByteStream, pick: Pick, name: str) -> Table:
    """Read one JSON object a line; blank lines are no rows.

    The columns are the keys of the first 1,000 lines (or 16 million characters). Where there are
    more lines than that, keys that come up later are kept as one JSON object in a last column,
    "extra". Text stays as it is in `columns`, any other value is there as its JSON text.

    Raises
    ------
    InputError
        If not one of those first lines has the text column, or the id column.
    """
    lines = _numbered(Lines(stream, name, newline="\n"))
    head, more = _look_ahead(lines)
    keys = dict.fromkeys(chain.from_iterable(_keys(line) for _, line, _ in head))
    columns = tuple(keys)
    if head and not keys:
        raise InputError(
            f"{name}: none of the first {len(head)} lines is a JSON object "
            f"(line {head[0][0]}: {_why_unreadable(head[0][1])}); expected one object a line, "
            f"as {{{json.dumps(pick.text_column)}: …}}"
        )
    if head:
        pick.check(columns, name)
    extra = _free_name("extra", columns) if more else None
    rows = (_row(line, keys, extra, pick) for line in chain(head, more, lines))
    return Table(columns if extra is None else (*columns, extra), rows)


def _numbered(lines: Lines) -> Iterator[_NumberedLine]:
    for line in lines:
        if line.strip():
            yield lines.number, line, lines.damaged
        lines.damaged = False


def _look_ahead(lines: Iterator[_NumberedLine]) -> tuple[list[_NumberedLine], list[_NumberedLine]]:
    """Return the lines that say what the columns are, and one more line if there is one."""
    head: list[_NumberedLine] = []
    size = 0
    for line in lines:
        if len(head) == _LOOK_AHEAD_LINES or (head and size > _LOOK_AHEAD_CHARS):
            return head, [line]
        head.append(line)
        size += len(line[1])
    return head, []


def _row(numbered: _NumberedLine, known: Container[str], extra: str | None, pick: Pick) -> Row:
    number, line, damaged = numbered
    try:
        cells = parse_object(line)
        columns = {key: _cell(value) for key, value in cells.items() if key in known}
        rest = {key: value for key, value in cells.items() if key not in known}
        if rest and extra is not None:
            columns[extra] = json_text(rest)
    except (ValueError, RecursionError) as error:
        why = malformed(f"line {number}: {_explain(error)}")
        return Row(line.strip(), reason=Reason.INVALID_UTF8 if damaged else why)
    row_id = None if pick.id_column is None else cells.get(pick.id_column)
    reason = Reason.INVALID_UTF8 if damaged else None
    return Row(cells.get(pick.text_column), row_id, columns, reason)


def parse_object(text: str) -> dict[str, Any]:
    """Return the JSON object that `text` is.

    Raises
    ------
    ValueError
        If it is not JSON, no object, has a key twice, or holds NaN, an infinity or a number with
        thousands of digits.
    RecursionError
        If it is nested too deeply.
    """
    value = parse_json(text)
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, got {text.strip()[:40]!r}")
    return value


def parse_json(text: str) -> Any:
    """Return the JSON value that `text` is; raises as `parse_object` does."""
    return json.loads(
        text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise ValueError(f"the key {twice!r} is given twice")
    return found


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    if abs(number := float(digits)) == float("inf"):
        raise ValueError(f"the number {digits[:40]} is too large")
    return number


def _keys(line: str) -> Iterable[str]:
    try:
        return parse_object(line)
    except (ValueError, RecursionError):
        return ()


def _cell(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json_text(value)


def _why_unreadable(line: str) -> str:
    try:
        parse_object(line)
    except (ValueError, RecursionError) as error:
        return _explain(error)
    return "an object without keys"


def _explain(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _free_name(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_"
    return name
