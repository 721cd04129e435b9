"""The confusion matrix, from 2 classes to hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from zstext.protocols import FloatArray, IntArray
from zstext.report.style import FAINT, GREY, axes_at, new_figure

MAX_CLASSES = 160
"""More do not fit into a picture that can be read."""

_ORDERED_ABOVE, _COUNTS_UP_TO, _BOTH_SIDES_ABOVE = 12, 25, 40


class ConfusedPair(NamedTuple):
    """Items of class `true` that were said to be of class `predicted`."""

    true: int
    predicted: int
    items: int
    share: float


class _Size(NamedTuple):
    n_classes: int
    cell: float  # inches
    font: float  # points


_SIZES = (_Size(5, 0.9, 9.0), _Size(12, 0.55, 9.0), _Size(25, 0.38, 8.0), _Size(60, 0.19, 7.5))
_SMALLEST = _Size(MAX_CLASSES, 0.145, 7.0)


def confused_pairs(counts: IntArray, support: IntArray, n: int = 25) -> list[ConfusedPair]:
    """Return the `n` most frequent confusions, ties in the order of the classes.

    Parameters
    ----------
    counts : ndarray of shape (n_classes, n_classes), int
        True class by predicted class.
    support : ndarray of shape (n_classes,), int
        Items of each class: those without a label are in no column of `counts`.
    """
    wrong = counts * (1 - np.eye(len(counts), dtype=np.int64))
    shares = _shares(wrong, support)
    best = np.argsort(-wrong, axis=None, kind="stable")[:n]
    cells = (divmod(int(k), len(counts)) for k in best if wrong.flat[k])
    return [ConfusedPair(i, j, int(wrong[i, j]), float(shares[i, j])) for i, j in cells]


def shown_classes(counts: IntArray, support: IntArray) -> IntArray:
    """Return the classes to show, in order: neighbours are confused with each other.

    Up to 12 classes keep the user's order. Of more than 160, those with the most errors are shown.
    """
    n = len(counts)
    if n <= _ORDERED_ABOVE:
        return np.arange(n)
    wrong = counts * (1 - np.eye(n, dtype=np.int64))
    errors = wrong.sum(axis=0) + wrong.sum(axis=1)
    keep = np.sort(np.argsort(-errors, kind="stable")[:MAX_CLASSES])
    share = _shares(counts, support)[np.ix_(keep, keep)]
    alike = (share + share.T) / 2
    distance = 1 - alike
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return np.asarray(keep[leaves_list(tree)])


def draw_confusion(counts: IntArray, support: IntArray, names: Sequence[str]) -> Figure:
    """Return the picture of the classes in the order given.

    Parameters
    ----------
    counts : ndarray of shape (n_classes, n_classes), int
    support : ndarray of shape (n_classes,), int
        The color of a cell is its share of the items of the true class.
    names : sequence of str, length n_classes
    """
    n = len(names)
    size = next((s for s in _SIZES if n <= s.n_classes), _SMALLEST)
    side = n * size.cell
    margin = max(map(len, names)) * size.font * 0.7 / 72 + 0.6
    figure = new_figure(side + 2 * margin + 1, side + 2 * margin)
    ax = axes_at(figure, margin, margin, side, side)
    shares = _shares(counts, support)
    norm = PowerNorm(0.5 if n > _COUNTS_UP_TO else 1.0, 0, 1)
    image = ax.imshow(
        np.ma.masked_equal(shares, 0), cmap="Blues", norm=norm, interpolation="nearest"
    )
    _name_sides(ax, names, size)
    if n <= _COUNTS_UP_TO:
        _write_counts(ax, counts, shares, size.font)
    gap = 0.2 + (margin if n > _BOTH_SIDES_ABOVE else 0)
    bar = axes_at(figure, margin + side + gap, margin, 0.15, min(side, 3.0))
    figure.colorbar(image, cax=bar, label="share of the true class")
    return figure


def _shares(counts: IntArray, support: IntArray) -> FloatArray:
    return np.asarray(counts / np.maximum(support, 1)[:, None])


def _name_sides(ax: Axes, names: Sequence[str], size: _Size) -> None:
    n = len(names)
    fits = max(map(len, names)) * size.font * 0.65 / 72 < size.cell
    ax.set_xticks(range(n), names, rotation=0 if fits else 90, fontsize=size.font)
    ax.set_yticks(range(n), names, fontsize=size.font)
    both = n > _BOTH_SIDES_ABOVE
    ax.tick_params(length=0, labelright=both, labeltop=both)
    ax.set_xlabel("predicted class")
    ax.set_ylabel("true class")
    edges = np.arange(1, n) - 0.5
    ax.hlines(edges, -0.5, n - 0.5, color=FAINT, linewidth=0.4)
    ax.vlines(edges, -0.5, n - 0.5, color=FAINT, linewidth=0.4)
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
    for spine in ax.spines.values():
        spine.set(visible=True, color=GREY, linewidth=0.6)


def _write_counts(ax: Axes, counts: IntArray, shares: FloatArray, font: float) -> None:
    for i, j in zip(*np.nonzero(counts), strict=True):
        color = "white" if shares[i, j] > 0.5 else "black"
        text = f"{counts[i, j]}" if counts[i, j] < 10_000 else f"{counts[i, j] / 1000:.0f}k"
        ax.text(j, i, text, ha="center", va="center", color=color, fontsize=font)
