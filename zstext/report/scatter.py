"""The items in two dimensions, coloured by class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from sklearn.decomposition import PCA

from zstext.protocols import FloatArray, IntArray
from zstext.report.placement import place_labels
from zstext.report.style import FAINT, GREY, PALETTE, axes_at, new_figure

MAX_COLOURED, MAX_POINTS = 20, 3000
_MARKERS, _GLYPHS = "os^", "●■▲"
_PAD = 5.0  # pixels around a class name: its frame and some air


def flatten(X: FloatArray) -> tuple[FloatArray, float]:
    """Return `X` on its first two principal axes, and the share of its variance that is left.

    Parameters
    ----------
    X : ndarray of shape (n_items, n_features), n_items >= 3, n_features >= 2
    """
    pca = PCA(n_components=2, svd_solver="full").fit(X)
    return np.asarray(pca.transform(X)), float(pca.explained_variance_ratio_.sum())


def coloured_classes(Z: FloatArray, y: IntArray) -> IntArray:
    """Return the classes to colour, ascending: all, or 20 that lie apart.

    Of the 60 with the most items: the largest, and then always the one farthest from those chosen.

    Parameters
    ----------
    Z : ndarray of shape (n_items, 2)
    y : ndarray of shape (n_items,), int
        Class indices; -1 for an item of no class.
    """
    classes, count = np.unique(y[y >= 0], return_counts=True)
    largest = classes[np.argsort(-count, kind="stable")[: 3 * MAX_COLOURED]]
    if len(largest) <= MAX_COLOURED:
        return np.sort(largest)
    centres = np.array([np.median(Z[y == c], axis=0) for c in largest])
    chosen = [0]
    while len(chosen) < MAX_COLOURED:
        gaps = np.linalg.norm(centres[:, None] - centres[chosen], axis=2).min(axis=1)
        chosen.append(int(gaps.argmax()))
    return np.sort(largest[chosen])


def draw_scatter(Z: FloatArray, y: IntArray, classes: IntArray, names: Sequence[str]) -> Figure:
    """Return the scatter, each class named where it is, or as near as there is room.

    Parameters
    ----------
    Z : ndarray of shape (n_items, 2)
    y : ndarray of shape (n_items,), int
        Class indices; -1 for an item of no class.
    classes : ndarray of shape (<= 20,), int
        The classes to colour; the others are grey.
    names : sequence of str, length n_classes
    """
    drawn = np.unique(np.linspace(0, len(Z) - 1, min(len(Z), MAX_POINTS)).astype(np.int64))
    figure = new_figure(8.4, 6.8)
    ax = axes_at(figure, 0.6, 0.6, 7.4, 5.8)
    rest = drawn[~np.isin(y[drawn], classes)]
    ax.scatter(Z[rest, 0], Z[rest, 1], s=7, color=FAINT, linewidths=0)
    for k, c in enumerate(classes):
        marker, color = _MARKERS[k // len(PALETTE)], PALETTE[k % len(PALETTE)]
        own = drawn[y[drawn] == c]
        ax.scatter(Z[own, 0], Z[own, 1], s=13, color=color, marker=marker, linewidths=0, alpha=0.65)
    ax.set(xticks=[], yticks=[], xlabel="first principal axis", ylabel="second principal axis")
    ax.autoscale_view()  # now, not when drawn: names are placed in pixels
    ax.set_autoscale_on(False)
    centres = np.array([np.median(Z[y == c], axis=0) for c in classes])
    _name_classes(ax, centres, [names[c] for c in classes])
    return figure


def _name_classes(ax: Axes, centres: FloatArray, names: Sequence[str]) -> None:
    n = len(PALETTE)
    texts = [
        _boxed(ax, f"{_GLYPHS[k // n]} {name}", PALETTE[k % n]) for k, name in enumerate(names)
    ]
    sizes = np.array([t.get_window_extent().size for t in texts]) + 2 * _PAD
    anchors = ax.transData.transform(centres)
    placed = place_labels(anchors, sizes, ax.bbox.extents)
    for text, size, anchor, place in zip(texts, sizes, anchors, placed, strict=True):
        if np.isnan(place).any():
            text.remove()
            continue
        x, y = ax.transData.inverted().transform(place)
        text.set_position((float(x), float(y)))
        if (np.abs(place - anchor) > size / 2).any():
            line = ax.transData.inverted().transform([anchor, place])
            ax.plot(*line.T, color=GREY, linewidth=0.8, zorder=3)


def _boxed(ax: Axes, name: str, color: str) -> Text:
    box = {"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": color, "alpha": 0.9}
    return ax.text(0, 0, name, fontsize=8, ha="center", va="center", bbox=box, zorder=4)
