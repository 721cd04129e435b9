"""The report of an adaptation: what moved where, in words, numbers and pictures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zstext.adaptation import Changes
from zstext.errors import InputError, OutputError
from zstext.files import write_whole
from zstext.protocols import FloatArray
from zstext.report.extra import require_matplotlib
from zstext.report.place import check_place, page_at
from zstext.report.terms import Shown

TITLE = "zstext adaptation"


def write_adaptation_report(
    changes: Changes,
    names: Sequence[str],
    path: str | os.PathLike[str],
    *,
    texts: Sequence[Shown],
    features: FloatArray,
) -> Path:
    """Write one HTML page, which needs no other file.

    Parameters
    ----------
    changes : Changes
    names : sequence of str, length n_classes
    path : path
        The file, or a directory that gets `adaptation.html`.
    texts : sequence of str, path or None, length n_documents
        The documents that were adapted on; images by their paths.
    features : ndarray of shape (n_documents, n_features)

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InputError
        If there is not one text and one row of features for each document.
    OutputError
        If the file cannot be written.
    """
    if not len(texts) == len(features) == changes.documents:
        raise InputError(
            f"{len(texts)} texts and {len(features)} rows of features for "
            f"{changes.documents} documents; give one of each for each"
        )
    require_matplotlib()
    target = page_at(path)
    check_place(target.parent)
    html = _build(changes, names, texts, features)
    try:
        write_whole(target, html.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {target}: {error}") from error
    return target


def _build(
    changes: Changes,
    names: Sequence[str],
    texts: Sequence[Shown],
    features: FloatArray,
) -> str:
    from zstext.report.html import page
    from zstext.report.moved import moved_pictures, moved_tables
    from zstext.report.names import drawable, fonts_for
    from zstext.report.pictures import Picture
    from zstext.report.style import style
    from zstext.report.tables import Table

    parts: list[Picture | Table | str] = [changes.summary()]
    families, missing = fonts_for(set("".join(names)))
    if changes.changed:
        with style(families):
            usable = np.asarray(np.isfinite(features).all(axis=1))
            pictures = moved_pictures(changes, drawable(names, missing), features, usable)
        parts += [*pictures[:1], *moved_tables(changes, names, texts), *pictures[1:]]
    return page(TITLE, parts)
