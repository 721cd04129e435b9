"""`write_report`: an evaluation in, a page and its pictures out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zstext.errors import InputError, OutputError
from zstext.evaluation import Evaluation
from zstext.files import write_whole
from zstext.report.extra import require_matplotlib
from zstext.report.place import check_place

PAGE = "report.html"


def write_report(
    evaluation: Evaluation,
    directory: str | os.PathLike[str],
    *,
    texts: Sequence[str | None] | None = None,
    images: Sequence[Any] | None = None,
) -> Path:
    """Write `report.html`, which needs no other file, and its pictures as PNG files beside it.

    Parameters
    ----------
    evaluation : Evaluation
    directory : path
        Made if it is not there. The pictures of an earlier report in it are replaced or removed.
    texts : sequence of str or None, length n_items, optional
        Shown with the surest errors.
    images : sequence, length n_items, optional
        Paths, bytes or PIL images: the surest right and wrong answers, and those abstained from,
        are shown as thumbnails.

    Returns
    -------
    Path
        Of the page.

    Raises
    ------
    MissingExtraError
        If matplotlib, or with `images` Pillow, is not installed.
    InputError
        If there is not one text, or image, for each item.
    OutputError
        If the directory cannot be written to.
    """
    for what, given in (("texts", texts), ("images", images)):
        if given is not None and len(given) != len(evaluation.items):
            raise InputError(
                f"{len(given)} {what} for {len(evaluation.items)} items; give one for each"
            )
    require_matplotlib()
    folder = Path(directory)
    check_place(folder)
    from zstext.report.build import build
    from zstext.report.pictures import PICTURE_NAMES

    html, pictures = build(evaluation, texts, images)
    try:
        for name in PICTURE_NAMES:
            if name in pictures:
                write_whole(folder / f"{name}.png", pictures[name])
            else:
                (folder / f"{name}.png").unlink(missing_ok=True)
        write_whole(folder / PAGE, html.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {folder}: {error}") from error
    return folder / PAGE
