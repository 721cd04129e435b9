"""The tables of a report, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zstext.evaluation import Evaluation, MultiLabel
from zstext.evaluation.summary import number
from zstext.report.confusion import confused_pairs
from zstext.report.terms import Shown

MAX_ERRORS = 25
_TEXT = 300
NO_CLASS = "(no class)"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text under column names. A name that ends in # is of a column of numbers."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


def summary_table(e: Evaluation) -> Table:
    """Return the summary."""
    return Table("Summary", ("measure", "value#", ""), e.summary())


def class_table(e: Evaluation) -> Table:
    """Return precision, recall and F1 of every class, in the user's order."""
    c = e.classes
    columns = {
        "precision#": list(map(number, c.precision)),
        "recall#": list(map(number, c.recall)),
        "F1#": list(map(number, c.f1)),
        "items#": [f"{n:,}" for n in c.support],
        "predicted#": [f"{n:,}" for n in c.predicted],
    }
    if e.multi is not None:
        columns["average precision#"] = list(map(number, e.multi.average_precision))
    if e.generalized is not None:
        columns["kind"] = ["seen" if s else "unseen" for s in e.generalized.seen_mask]
    numbers = [f"{k}" for k in range(1, len(e.labels) + 1)]
    rows = list(zip(numbers, e.labels.names, *columns.values(), strict=True))
    note = "Classes without items are in no average." if e.untested else ""
    return Table("Numbers for every class", ("no.#", "class", *columns), rows, note)


def pairs_table(e: Evaluation) -> Table | None:
    """Return the classes that are most often confused; None if none are, or with multi-label."""
    pairs = [] if e.confusion is None else confused_pairs(e.confusion, e.classes.support)
    names = e.labels.names
    rows = [(names[p.true], names[p.predicted], f"{p.items:,}", f"{p.share:.0%}") for p in pairs]
    columns = ("true class", "predicted class", "items#", "share of the true class#")
    return Table("Most confused pairs", columns, rows) if rows else None


def errors_table(e: Evaluation, texts: Sequence[str | None] | None) -> Table | None:
    """Return the surest errors, with their texts if there are any; None if nothing is wrong."""
    cells = _errors(e) if e.multi is None else _multi_label_errors(e, e.multi)
    columns: tuple[str, ...] = ("row#", "truth", "answer", "probability#")
    rows = [(f"{i:,}", *rest) for i, *rest in cells]
    if texts is not None:
        columns = (*columns, "text")
        rows = [(*row, cut(texts[i])) for row, (i, *_) in zip(rows, cells, strict=True)]
    return Table("Surest errors", columns, rows, "Rows count from 0.") if rows else None


def provenance_table(e: Evaluation) -> Table | None:
    """Return where the numbers come from; None if it was not said."""
    rows = list(_flat(e.provenance))
    return Table("Provenance", ("", ""), rows) if rows else None


def _errors(e: Evaluation) -> list[tuple[int, str, str, str]]:
    y, y_pred, p = e.items.y_true, e.items.y_pred, e.items.confidence
    wrong = np.flatnonzero(e.items.classified & (y != y_pred))
    surest = wrong[np.argsort(-p[wrong], kind="stable")][:MAX_ERRORS]
    names = (*e.labels.names, NO_CLASS)  # so that names[-1] is that of an item of no class
    return [(int(i), names[y[i]], names[y_pred[i]], number(p[i])) for i in surest]


def _multi_label_errors(e: Evaluation, multi: MultiLabel) -> list[tuple[int, str, str, str]]:
    Y, D, P = e.items.y_true, e.items.y_pred, e.items.proba
    wrong = (Y != D) & e.items.classified[:, None]
    distance = np.where(wrong, np.abs(Y - np.nan_to_num(P)), -1.0)
    cells = np.argsort(-distance, axis=None, kind="stable")[:MAX_ERRORS]
    out = []
    for i, c in (divmod(int(k), len(e.labels)) for k in cells if wrong.flat[k]):
        name = e.labels.names[c]
        said, truth = (name, f"not {name}") if D[i, c] else (f"not {name}", name)
        out.append((i, truth, said, number(P[i, c])))
    return out


def cut(text: Shown) -> str:
    """Return a text on one line, of at most 300 characters."""
    line = " ".join(str(text or "").split())
    return line if len(line) <= _TEXT else line[: _TEXT - 1] + "…"


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} ")
        elif value is None:
            yield f"{prefix}{name}", "none"
        else:
            lines = value if isinstance(value, list | tuple) else [value]
            yield f"{prefix}{name}", "; ".join(map(str, lines)) or "none"
