"""The tables and pictures of an adaptation."""

from __future__ import annotations

from collections.abc import Sequence

from zstext.adaptation import Changes
from zstext.protocols import BoolArray, FloatArray
from zstext.report import scatter
from zstext.report.pictures import Picture
from zstext.report.shares import draw_shares, shown_classes
from zstext.report.style import to_png
from zstext.report.tables import Table, cut
from zstext.report.terms import Shown, TermCounts


def moved_tables(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> list[Table]:
    """Return class shares, the terms that moved with each class, and examples.

    Parameters
    ----------
    changes : Changes
    names : sequence of str, length n_classes
    texts : sequence of str, path or None, length n_documents
    """
    return [
        _shares(changes, names),
        _terms(changes, names, texts),
        _examples(changes, names, texts),
    ]


def moved_pictures(
    changes: Changes, names: Sequence[str], features: FloatArray, usable: BoolArray
) -> list[Picture]:
    """Return the shares, and where the documents are with their labels before and after.

    Call it inside `style`.

    Parameters
    ----------
    changes : Changes
    names : sequence of str, length n_classes
        Label names that fit into a picture.
    features : ndarray of shape (n_documents, n_features)
    usable : ndarray of shape (n_documents,), bool
        Rows of features to draw.
    """
    before, after = changes.shares_before, changes.shares_after
    shown = shown_classes(before, after)
    figure = draw_shares(before[shown], after[shown], [names[c] for c in shown])
    most = shown[0]
    said = f"{names[most]} from {before[most]:.0%} to {after[most]:.0%}"
    hidden = len(names) - len(shown)
    note = f"The {hidden:,} classes that changed least are not drawn." if hidden else ""
    alt = f"Shares of {len(shown):,} classes before and after. Largest change: {said}."
    pictures = [Picture("shares", "Class shares", alt, note, to_png(figure))]
    X = features[usable]
    if len(X) < 3 or X.shape[1] < 2:
        return pictures
    Z, kept = scatter.flatten(X)
    coloured = scatter.coloured_classes(Z, changes.after[usable])
    for when, y in (("before", changes.before[usable]), ("after", changes.after[usable])):
        there = coloured[[bool((y == c).any()) for c in coloured]]
        pictures.append(
            Picture(
                when,
                f"Where the documents are, labels {when} adapting",
                f"Scatter of {len(X):,} documents on two principal axes, coloured by their label "
                f"{when} adapting.",
                f"The two principal axes hold {kept:.0%} of the variance; the same in both.",
                to_png(scatter.draw_scatter(Z, y, there, names)),
            )
        )
    return pictures


def _shares(changes: Changes, names: Sequence[str]) -> Table:
    joined = [int(((changes.after == c) & (changes.before != c)).sum()) for c in range(len(names))]
    left = [int(((changes.before == c) & (changes.after != c)).sum()) for c in range(len(names))]
    rows = [
        (name, f"{b:.1%}", f"{a:.1%}", f"{j:,}", f"{o:,}")
        for name, b, a, j, o in zip(
            names, changes.shares_before, changes.shares_after, joined, left, strict=True
        )
    ]
    columns = ("class", "share before#", "share after#", "joined#", "left#")
    return Table("Shares of the classes", columns, rows, "Equal documents count once.")


def _terms(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> Table:
    counts = TermCounts(texts)
    rows = []
    for c, name in enumerate(names):
        old, new = changes.before == c, changes.after == c
        if (old != new).any():
            groups = (old, new & ~old, old & ~new)
            rows.append((name, *(", ".join(counts.typical(group)) for group in groups)))
    return Table(
        "Terms that moved with the classes",
        ("class", "typical before", "of those that joined", "of those that left"),
        rows,
        "Words and pairs of words that such documents have more often than all others. If those "
        "that joined are not what you mean by the class, describe the class or do not adapt.",
    )


def _examples(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> Table:
    rows = [
        (names[changes.before[i]], names[changes.after[i]], cut(texts[i]))
        for i in map(int, changes.examples)
    ]
    title = "Documents that changed their label, the surest"
    return Table(title, ("before", "after", "text"), rows)
