"""Class vectors from a file: attributes that people rated, word vectors, anything with a name."""

from __future__ import annotations

import csv
import io
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from zstext.errors import InputError, LabelError, did_you_mean
from zstext.labels import LabelSpace
from zstext.protocols import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ClassVectors:
    """A vector for every class that a file names; more classes than are used may be there.

    Attributes
    ----------
    names : tuple of str
    values : ndarray of shape (n_names, n_attributes), float32
    """

    names: tuple[str, ...]
    values: FloatArray

    def of(self, labels: LabelSpace) -> FloatArray:
        """Return the vectors of these labels, shape (n_classes, n_attributes), in their order.

        Names are compared without regard to case; "_" and "+" are spaces.

        Raises
        ------
        LabelError
            If a label has no vector; the message names it and the nearest name that has one.
        """
        row_of = {_plain(name): row for row, name in enumerate(self.names)}
        missing = [name for name in labels if _plain(name) not in row_of]
        if missing:
            raise LabelError(
                f"no class vector for {len(missing)} of {len(labels)} labels, for example "
                f"{missing[0]!r}{did_you_mean(missing[0], self.names)}"
            )
        return self.values[[row_of[_plain(name)] for name in labels]]


Semantics: TypeAlias = "str | os.PathLike[str] | ClassVectors"


def read_class_vectors(path: str | os.PathLike[str]) -> ClassVectors:
    """Read class vectors from a .csv or .npz file.

    A .csv file has a header; the first column holds the class, every other a number. An .npz file
    holds either one array for every class, under its name, or two: the names (text) and the vectors
    (a matrix). Nothing in it is unpickled.

    Raises
    ------
    InputError
        If the file cannot be read as that.
    """
    path = Path(path)
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if path.suffix.lower() not in readers:
        raise InputError(f"class vectors are read from .csv or .npz, got {path.name!r}")
    try:
        names, values = readers[path.suffix.lower()](path)
        vectors = ClassVectors(tuple(names), np.asarray(values, dtype=np.float32))
    except (OSError, ValueError, TypeError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a table of class vectors: {error}") from None
    shape = vectors.values.shape
    if len(shape) != 2 or 0 in shape or not np.isfinite(vectors.values).all():
        raise InputError(f"{path}: class vectors must be finite numbers, as many for every class")
    if len({_plain(name) for name in vectors.names}) != len(vectors.values):
        raise InputError(f"{path}: every class needs one vector, and a name of its own")
    return vectors


def as_class_vectors(semantics: Semantics | Sequence[Semantics] | None) -> tuple[ClassVectors, ...]:
    """Return files and class vectors, one or several or none, as a tuple of class vectors."""
    if semantics is None:
        return ()
    if isinstance(semantics, str | os.PathLike | ClassVectors):
        semantics = [semantics]
    return tuple(s if isinstance(s, ClassVectors) else read_class_vectors(s) for s in semantics)


def _read_csv(path: Path) -> tuple[list[str], list[list[float]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    if len(rows) < 2:
        raise ValueError("a header and at least one class are needed")
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("rows differ in length")
    return [row[0] for row in rows[1:]], [[float(cell) for cell in row[1:]] for row in rows[1:]]


def _read_npz(path: Path) -> tuple[list[str], FloatArray]:
    archive = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)  # no file stays open
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise ValueError("one array and no names")
    arrays = {name: archive[name] for name in archive.files}
    texts = [name for name, array in arrays.items() if array.dtype.kind == "U"]
    matrices = [name for name, array in arrays.items() if array.dtype.kind in "fiu"]
    if len(texts) == 1 and len(matrices) == 1:
        return [str(name) for name in arrays[texts[0]]], arrays[matrices[0]]
    if texts or not matrices:
        raise ValueError(f"cannot tell names from vectors among {', '.join(arrays)}")
    return matrices, np.stack([arrays[name] for name in matrices])


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("+", " ").casefold().split())
