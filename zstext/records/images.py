"""Images as records: files, folders, globs, tables with a column of paths or of image bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any

from zstext.errors import InputError
from zstext.predictions import Reason
from zstext.records.formats import SUFFIXES, check_format
from zstext.records.hub import DatasetInput
from zstext.records.inputs import file_input
from zstext.records.paths import expand, is_saved_dataset
from zstext.records.sources import Source
from zstext.records.tables import Input, Pick, Row, Table

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})


def open_images(
    names: Iterable[str],
    *,
    image_column: str = "image",
    id_column: str | None = None,
    label_column: str | None = None,
    input_format: str | None = None,
    split: str | None = None,
) -> Source:
    """Return the images of files, folders, quoted globs, tables and saved datasets.

    The text of a record is the path of its image, its item what an image encoder takes.

    Parameters
    ----------
    names : iterable of str
        At least one. Of a folder, all images in and below it; if it has none, its tables.
    image_column : str
        The column of a table that holds paths, relative to the table's own folder, or bytes, or
        both, as the image column of a dataset.
    id_column : str, optional
        Of tables.
    label_column : str, optional
        Give image files a column of that name with the class they are filed under: the first
        folder below the folder that was named, or the folder of a file that was named itself.
    input_format : {"csv", "tsv", "jsonl", "parquet"}, optional
        Read every file that is no image as this.
    split : str, optional
        Of a saved dataset.

    Raises
    ------
    InputError
        If a file is missing, is neither image nor table, or a table lacks a wanted column.
    OptionError
        If there is no such `input_format`.
    """
    check_format(input_format)
    found = [file for name in names for file in _found(name, input_format)]
    if not found:
        raise InputError("no images given; name a file, a folder or a table with a column of paths")
    inputs: list[Input] = []
    for is_image, group in groupby(found, key=lambda file: file.is_image):
        if is_image:
            inputs.append(ImageFiles(tuple(group), label_column))
        else:
            inputs += [_table(file.path, input_format, split) for file in group]
    return Source(inputs, Pick(image_column, id_column))


def has_images(names: Iterable[str]) -> bool:
    """Return whether one of the names is an image file, or a folder or glob that holds some.

    Of a table it cannot be told whether a column of text is one of paths: that takes being asked
    for.
    """
    return any(_is_image(file) for name in names if name != "-" for file in _files(name))


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and the class that its folder says.

    Attributes
    ----------
    path : str
    is_image : bool
    label : str or None
    """

    path: str
    is_image: bool
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """Image files, one row each."""

    files: tuple[Found, ...]
    label_column: str | None = None
    name: str = "images"

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Return the rows; no file is opened yet."""
        if pick.id_column is not None:
            raise InputError(
                f"image files have no column {pick.id_column!r}; leave --id-column out"
            )
        columns = () if self.label_column is None else (pick.text_column, self.label_column)
        yield Table(columns, (self._row(file, columns) for file in self.files))

    def _row(self, file: Found, columns: Sequence[str]) -> Row:
        cells = dict(zip(columns, (file.path, file.label), strict=True)) if columns else {}
        return Row(file.path, columns=cells, item=file.path)


@dataclass(frozen=True, slots=True)
class ImageTable:
    """A table one column of which holds images.

    Attributes
    ----------
    table : Input
    folder : Path
        What relative paths start from.
    """

    table: Input
    folder: Path

    @property
    def name(self) -> str:
        """What errors and row ids call it."""
        return self.table.name

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Return the table; in the column of images stand their paths, never their bytes."""
        with self.table.open(pick) as table:
            rows = (self._row(row, pick.text_column) for row in table.rows)
            yield Table(table.columns, rows, _with_text(table.schema, pick.text_column))

    def _row(self, row: Row, column: str) -> Row:
        if row.reason is not None:
            return row
        path, item, reason = self._image(row.text)
        columns = {**row.columns, column: path} if column in row.columns else row.columns
        return replace(row, text=path, columns=columns, reason=reason, item=item)

    def _image(self, cell: object) -> tuple[str | None, object, str | None]:
        """Return what to show of a cell, what to classify, and why that cannot be."""
        if isinstance(cell, Mapping):
            path, data = cell.get("path"), cell.get("bytes")
            if data:
                return path, bytes(data), None
            return self._image(path)
        if isinstance(cell, bytes):
            return None, cell or None, None if cell else Reason.EMPTY
        if isinstance(cell, str):
            if not cell.strip():
                return cell, None, Reason.EMPTY
            return cell, str(self.folder / cell), None
        return None, None, Reason.MISSING if cell is None else Reason.NOT_AN_IMAGE


def _table(path: str, input_format: str | None, split: str | None) -> ImageTable:
    if is_saved_dataset(Path(path)):
        return ImageTable(DatasetInput(path, split), Path(path))
    return ImageTable(file_input(path, path, input_format), Path(path).parent)


def _found(name: str, input_format: str | None) -> list[Found]:
    """Return what a name stands for: images, and tables where it names no images."""
    files = _files(name)
    if Path(name).is_dir() and not is_saved_dataset(Path(name)):
        images = [Found(f, True, _class_below(name, f)) for f in files if _is_image(f)]
        tables = [Found(f, False) for f in files if PurePath(f).suffix.lower() in SUFFIXES]
        if not images and not tables:
            raise InputError(
                f"the folder {name!r} has no image; expected {' '.join(sorted(IMAGE_SUFFIXES))}"
            )
        return images or tables
    return [_named(file, input_format) for file in files]


def _named(file: str, input_format: str | None) -> Found:
    if _is_image(file):
        return Found(file, True, Path(file).absolute().parent.name or None)
    suffix = PurePath(file).suffix.lower()
    if input_format is None and suffix not in SUFFIXES and not is_saved_dataset(Path(file)):
        raise InputError(
            f"{file!r} is neither an image nor a table: its suffix is {suffix or 'missing'}, "
            f"expected one of {' '.join(sorted(IMAGE_SUFFIXES | set(SUFFIXES)))}"
        )
    return Found(file, False)


def _files(name: str) -> list[str]:
    if name == "-":
        raise InputError("images cannot be read from standard input; name files or a folder")
    return expand([name], any_suffix=True)


def _class_below(folder: str, file: str) -> str | None:
    """Return the first folder below `folder` on the way to `file`; None if it lies in it."""
    parts = PurePath(os.path.relpath(file, folder)).parts
    return parts[0] if len(parts) > 1 else None


def _is_image(file: str) -> bool:
    return PurePath(file).suffix.lower() in IMAGE_SUFFIXES


def _with_text(schema: Any, column: str) -> Any:
    """Return the schema with a column of text in place of one of bytes."""
    if schema is None or column not in schema.names:
        return schema
    import pyarrow as pa

    return schema.set(schema.get_field_index(column), pa.field(column, pa.string()))
