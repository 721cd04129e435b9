"""Photos in a report: the surest right answers, the surest wrong ones, those abstained from."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zstext.encoders.images.decoding import UndecodableError, decode
from zstext.evaluation import Evaluation
from zstext.evaluation.summary import number
from zstext.protocols import BoolArray
from zstext.report.tables import NO_CLASS

SIDE = 160
"""Longest side of a thumbnail, in pixels."""

MAX_THUMBNAILS = 12
"""Of each gallery."""

SAME_ANSWER = 3
"""Of a gallery have one answer, unless there are not enough others to fill it."""

_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small JPEG and what is said of it.

    Attributes
    ----------
    jpeg : bytes
        Empty if the image cannot be read any more.
    width, height : int
    lines : tuple of str
        The answer, the truth where it is another one, the number of the row.
    """

    jpeg: bytes
    width: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """Thumbnails under a heading."""

    title: str
    note: str
    thumbnails: tuple[Thumbnail, ...]


def galleries(e: Evaluation, images: Sequence[Any]) -> list[Gallery]:
    """Return the galleries that have something to show.

    Parameters
    ----------
    e : Evaluation
    images : sequence, length n_items
        Paths, bytes, PIL images: what an image encoder takes. Only those shown are decoded.
    """
    right, answered = _right(e), _answered(e)
    found = (
        ("Surest right answers", "", right & answered),
        ("Surest wrong answers", "", ~right & answered),
        (
            "Abstained",
            "No answer was given: the probability is below the threshold. The surest first.",
            e.items.classified & ~answered,
        ),
    )
    return [
        Gallery(title, note, tuple(_thumbnail(e, i, images[i]) for i in _surest(e, rows)))
        for title, note, rows in found
        if rows.any()
    ]


def _right(e: Evaluation) -> BoolArray:
    same = e.items.y_true == e.items.y_pred
    return np.asarray(same.all(axis=1) if same.ndim == 2 else same & e.items.in_scope)


def _answered(e: Evaluation) -> BoolArray:
    return e.items.classified if e.selective is None else e.selective.answered & e.items.classified


def _surest(e: Evaluation, rows: BoolArray) -> list[int]:
    """Return up to `MAX_THUMBNAILS` of the rows, the surest first; ties stay in their order.

    A class that is easy to tell would otherwise fill the gallery.
    """
    order = [int(i) for i in np.argsort(-e.items.confidence, kind="stable") if rows[i]]
    count: Counter[str] = Counter()
    first: list[int] = []
    more: list[int] = []
    for i in order:
        answer = _names(e, e.items.y_pred[i])
        count[answer] += 1
        (first if count[answer] <= SAME_ANSWER else more).append(i)
    shown = set((first + more)[:MAX_THUMBNAILS])
    return [i for i in order if i in shown]


def _thumbnail(e: Evaluation, i: int, image: Any) -> Thumbnail:
    truth, answer = _names(e, e.items.y_true[i]), _names(e, e.items.y_pred[i])
    lines = [f"{answer} {number(float(e.items.confidence[i]))}"]
    if answer != truth:
        lines.append(f"truth: {truth}")
    lines.append(f"row {i:,}")
    try:
        small = decode(image)
    except UndecodableError as error:
        return Thumbnail(b"", SIDE, SIDE, (*lines, error.reason))
    small.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=_QUALITY)
    return Thumbnail(buffer.getvalue(), *small.size, tuple(lines))


def _names(e: Evaluation, y: Any) -> str:
    if np.ndim(y):  # a set of labels
        return ", ".join(np.array(e.labels.names)[y]) or NO_CLASS
    return NO_CLASS if y < 0 else e.labels.names[int(y)]
