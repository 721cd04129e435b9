"""Class shares before and after adapting, as a line for every class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from zstext.protocols import FloatArray, IntArray
from zstext.report.style import BLUE, GREY, axes_at, new_figure

MAX_CLASSES = 40


def shown_classes(before: FloatArray, after: FloatArray) -> IntArray:
    """Return the classes to draw, those whose share changed most first.

    Parameters
    ----------
    before, after : ndarray of shape (n_classes,)
    """
    order = np.argsort(-np.abs(after - before), kind="stable")
    return np.asarray(order[:MAX_CLASSES])


def draw_shares(before: FloatArray, after: FloatArray, names: Sequence[str]) -> Figure:
    """Return the figure: a ring where a class was, a dot where it is.

    Parameters
    ----------
    before, after : ndarray of shape (n_shown,)
    names : sequence of str, length n_shown
    """
    n = len(names)
    figure = new_figure(8.0, 0.9 + 0.24 * n)
    ax = axes_at(figure, 2.4, 0.5, 5.3, 0.24 * n + 0.1)
    y = np.arange(n)[::-1]
    ax.hlines(y, 100 * before, 100 * after, color=GREY, linewidth=1.2, zorder=1)
    ax.scatter(100 * before, y, s=28, facecolors="white", edgecolors=GREY, zorder=2, label="before")
    ax.scatter(100 * after, y, s=28, color=BLUE, zorder=3, label="after")
    ax.set_yticks(y, names)
    ax.set(xlabel="share of the documents, %", ylim=(-0.7, n - 0.3))
    ax.set_xlim(left=0)
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
    return figure
