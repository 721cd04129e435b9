"""The pictures of a report, each with words for who cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from zstext.evaluation import Evaluation
from zstext.evaluation.summary import number
from zstext.protocols import IntArray
from zstext.report import classes, confusion, scatter
from zstext.report.curves import draw_risk_coverage, draw_seen_unseen
from zstext.report.reliability import draw_reliability
from zstext.report.style import to_png


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it shows.

    Attributes
    ----------
    name : str
        File name without suffix.
    title, alt, note : str
        Heading, replacement text, and caption.
    png : bytes
    """

    name: str
    title: str
    alt: str
    note: str
    png: bytes


_Drawn = tuple[str, str, str, Figure] | None  # title, alt, note, figure


def draw_pictures(e: Evaluation, names: Sequence[str]) -> list[Picture]:
    """Return the pictures there is something to see in. Call it inside `style`.

    Parameters
    ----------
    e : Evaluation
    names : sequence of str, length n_classes
        Label names that fit into a picture.
    """
    drawn = {name: draw(e, names) for name, draw in _PICTURES.items()}
    return [
        Picture(name, title, alt, note, to_png(figure))
        for name, (title, alt, note, figure) in ((n, d) for n, d in drawn.items() if d is not None)
    ]


def _seen_unseen(e: Evaluation, names: Sequence[str]) -> _Drawn:
    g = e.generalized
    if g is None or g.curve is None:
        return None
    point = f"S {number(g.point.S)}, U {number(g.point.U)}, H {number(g.point.H)}"
    return (
        "Seen against unseen classes",
        f"Seen-unseen accuracy curve, area {g.curve.ausuc:.3f}. Operating point: {point}.",
        "The curve is what every penalty γ on the seen classes gives, on the scores before "
        f"calibration. The operating point is what the predictions do: {point}.",
        draw_seen_unseen(g, g.curve),
    )


def _classes(e: Evaluation, names: Sequence[str]) -> _Drawn:
    tested = np.flatnonzero(e.classes.support)
    order = tested[np.argsort(-e.classes.f1[tested], kind="stable")]
    best, worst = e.labels.names[order[0]], e.labels.names[order[-1]]
    seen = None if e.generalized is None else e.generalized.seen_mask
    notes = ["Numbers: F1 and how many items the class has."]
    if (hidden := len(order) - classes.MAX_CLASSES) > 0:
        notes.append(f"The {hidden:,} classes with the best F1 are not drawn; the table has them.")
    if e.untested:
        notes.append(f"{len(e.untested):,} classes without items are left out.")
    return (
        "Every class",
        f"F1 of {len(tested):,} classes as bars, from {e.classes.f1[order[0]]:.2f} for {best} "
        f"down to {e.classes.f1[order[-1]]:.2f} for {worst}. The table has the numbers.",
        " ".join(notes),
        classes.draw_classes(e.classes, names, seen_mask=seen),
    )


def _confusion(e: Evaluation, names: Sequence[str]) -> _Drawn:
    if e.confusion is None:
        return None
    support = e.classes.support
    shown = confusion.shown_classes(e.confusion, support)
    counts = e.confusion[np.ix_(shown, shown)]
    notes = ["Dark is a large share of the true class."]
    if len(shown) < len(names):
        notes.append(
            f"Of {len(names):,} classes, the {len(shown):,} with the most errors are shown."
        )
    if not np.array_equal(shown, np.arange(len(shown))):
        notes.append("Classes that are confused with each other are neighbours.")
    alt = f"Confusion matrix of {len(shown):,} classes, true by predicted."
    if pairs := confusion.confused_pairs(e.confusion, support, 3):
        said = (f"{e.labels.names[p.true]} for {e.labels.names[p.predicted]}" for p in pairs)
        alt += f" Most often confused: {'; '.join(said)}."
    figure = confusion.draw_confusion(counts, support[shown], [names[c] for c in shown])
    return "Confusions", alt, " ".join(notes), figure


def _reliability(e: Evaluation, names: Sequence[str]) -> _Drawn:
    if e.reliability is None:
        return None
    what, right = ("items", "accuracy") if e.multi is None else ("decisions", "share that is true")
    return (
        "Reliability",
        f"Reliability diagram: {right} in {len(e.reliability.count)} bins of confidence, expected "
        f"calibration error {e.reliability.ece:.3f}.",
        "Bars below the marks: too sure. Bars above them: too modest.",
        draw_reliability(e.reliability, what=what, right=right),
    )


def _risk_coverage(e: Evaluation, names: Sequence[str]) -> _Drawn:
    if e.selective is None:
        return None
    curve = e.selective.curve
    return (
        "Risk and coverage",
        f"Risk-coverage curve, area {curve.area:.3f}; answering everything, "
        f"{curve.risk[-1]:.3f} of the answers are wrong.",
        "What share of the answers is wrong if only the surest items are answered. Items of no "
        "class and items without a label count as wrong.",
        draw_risk_coverage(e.selective),
    )


def _embedding(e: Evaluation, names: Sequence[str]) -> _Drawn:
    X = e.items.features
    if X is None:
        return None
    usable = np.isfinite(X).all(axis=1)
    X, y = X[usable], _one_class(e)[usable]
    if len(X) < 3 or X.shape[1] < 2 or np.ptp(X, axis=0).max() == 0:
        return None
    Z, kept = scatter.flatten(X)
    coloured = scatter.coloured_classes(Z, y)
    n = len(coloured)
    notes = [f"The two principal axes hold {kept:.0%} of the variance."]
    if len(X) > scatter.MAX_POINTS:
        notes.append(f"{scatter.MAX_POINTS:,} of {len(X):,} items are drawn.")
    if n < len(names):
        notes.append(f"{n} classes that lie apart are in colour, the others are grey.")
    return (
        "Where the items are",
        f"Scatter of the features of {len(X):,} items on two principal axes, "
        f"{n} classes in colour and named.",
        " ".join(notes),
        scatter.draw_scatter(Z, y, coloured, names),
    )


def _one_class(e: Evaluation) -> IntArray:
    """Return the true class; with multi-label that of the items which have only one, else -1."""
    Y = e.items.y_true
    if e.multi is None:
        return np.asarray(Y, np.int64)
    return np.where(Y.sum(axis=1) == 1, Y.argmax(axis=1), -1)


_PICTURES: dict[str, Callable[[Evaluation, Sequence[str]], _Drawn]] = {
    "seen_unseen": _seen_unseen,
    "classes": _classes,
    "confusion_matrix": _confusion,
    "reliability": _reliability,
    "risk_coverage": _risk_coverage,
    "embedding": _embedding,
}

PICTURE_NAMES = tuple(_PICTURES)
