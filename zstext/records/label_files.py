"""Category names and descriptions from files and from single arguments."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from zstext.errors import InputError, LabelError, did_you_mean
from zstext.labels import Description, LabelSpace
from zstext.records.decoding import read_text
from zstext.records.delimited import read_csv, read_tsv
from zstext.records.jsonl import parse_json
from zstext.records.tables import Pick

Named: TypeAlias = tuple[Any, Description]

_YAML_NULLS = ("", "~", "null", "Null", "NULL")


def parse_label(argument: str) -> tuple[str, str | None]:
    """Return the name and the description of "name" or "name=description".

    The first "=" divides, unless it comes first of all; blanks around name and description do not
    count.
    """
    name, equals, description = argument.strip().partition("=")
    if not equals or not name:
        return argument.strip(), None
    return name.strip(), description.strip()


def read_labels(path: str | Path) -> LabelSpace:
    """Return the labels of a file, in the order of the file.

    Parameters
    ----------
    path : str or Path
        `.txt`: one name or "name=description" a line, see `parse_label`. `.csv`, `.tsv`: the
        columns name and, if you like, description. `.json`, `.yaml`, `.yml`: a list of names; a
        list of objects with "name" and "description"; or an object of names and descriptions.
        There a description may be null or a list of texts. In YAML names are taken as they are
        written: `no` is the label "no", `1` is "1".

    Raises
    ------
    InputError
        If the file is missing, is not text, or has another suffix.
    LabelError
        If it is not built as said above, or holds what a label space cannot.
    """
    name, suffix = str(path), Path(path).suffix.lower()
    if suffix not in _READERS:
        raise InputError(f"cannot read labels from {name!r}; expected one of {' '.join(_READERS)}")
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        near = ""
        if isinstance(error, FileNotFoundError) and Path(path).parent.is_dir():
            near = did_you_mean(Path(path).name, os.listdir(Path(path).parent))
        raise InputError(f"cannot read the labels file {name!r}: {error.strerror}{near}") from None
    try:
        named = _READERS[suffix](data, name)
        return LabelSpace(tuple(n for n, _ in named), tuple(_texts(n, d) for n, d in named))
    except LabelError as error:
        raise LabelError(f"{name}: {error}") from None


def _texts(name: str, description: Description) -> tuple[str, ...]:
    return LabelSpace.of({str(name) or "?": description}).descriptions[0]


def _read_lines(data: bytes, name: str) -> list[Named]:
    lines = read_text(io.BytesIO(data), name).split("\n")
    return [parse_label(line) for line in lines if line.strip()]


def _read_csv(data: bytes, name: str) -> list[Named]:
    return _read_table(data, name, read_csv)


def _read_tsv(data: bytes, name: str) -> list[Named]:
    return _read_table(data, name, read_tsv)


def _read_table(data: bytes, name: str, read: Callable[..., Any]) -> list[Named]:
    table = read(io.BytesIO(data), Pick("name"), name)
    unknown = [column for column in table.columns if column not in ("name", "description")]
    if unknown:
        raise LabelError(f"unknown column {unknown[0]!r}; expected name and description")
    rows = list(table.rows)
    for number, row in enumerate(rows, start=1):
        if row.reason is not None:
            raise LabelError(f"row {number}: {row.reason}")
    return [(row.text, row.columns.get("description") or None) for row in rows]


def _read_json(data: bytes, name: str) -> list[Named]:
    try:
        value = parse_json(read_text(io.BytesIO(data), name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise LabelError(f"not JSON: {error}") from None
    return _named(value)


def _read_yaml(data: bytes, name: str) -> list[Named]:
    text = read_text(io.BytesIO(data), name)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise LabelError(f"not YAML: {' '.join(str(error).split())}") from None
    return _named(None if root is None else _as_written(root))


def _as_written(node: yaml.Node, depth: int = 0) -> Any:
    """Return a YAML node with its scalars as text: YAML 1.1 reads `no` as false, `1` as 1."""
    if depth > 3:
        raise LabelError(f"nested too deeply at line {node.start_mark.line + 1}")
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value in _YAML_NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        names = depth == 0  # where even null is a name
        return [
            item.value
            if names and isinstance(item, yaml.ScalarNode)
            else _as_written(item, depth + 1)
            for item in node.value
        ]
    pairs = [(key.value, _as_written(value, depth + 1)) for key, value in node.value]
    keys = [key for key, _ in pairs]
    for key in keys:
        if not isinstance(key, str):
            raise LabelError(f"a name at line {node.start_mark.line + 1} is no text")
        if keys.count(key) > 1:
            raise LabelError(f"the key {key!r} is given twice")
    return dict(pairs)


def _named(value: Any) -> list[Named]:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list):
        return [_item(item, number) for number, item in enumerate(value, start=1)]
    raise LabelError(
        "expected a list of names, or names with descriptions, "
        f"got {'nothing' if value is None else repr(value)}"
    )


def _item(item: Any, number: int) -> Named:
    if not isinstance(item, dict):
        return item, None
    unknown = [key for key in item if key not in ("name", "description")]
    if "name" not in item or unknown:
        raise LabelError(
            f"label {number} has the keys {', '.join(item) or '(none)'}; "
            "expected name and, if there is one, description"
        )
    return item["name"], item.get("description")


_READERS: dict[str, Callable[[bytes, str], list[Named]]] = {
    ".txt": _read_lines,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_tsv,
}
