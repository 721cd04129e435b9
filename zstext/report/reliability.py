"""The reliability diagram: confidence against accuracy, and how many items say so."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zstext.metrics import ReliabilityBins
from zstext.protocols import FloatArray, IntArray
from zstext.report.style import BLUE, FAINT, GREY, ORANGE, axes_at, new_figure


def draw_reliability(bins: ReliabilityBins, *, what: str, right: str) -> Figure:
    """Return the diagram with the counts below it.

    Parameters
    ----------
    bins : ReliabilityBins
    what : str
        What is counted, such as "items".
    right : str
        What it is for one to be right, such as "accuracy".
    """
    figure = new_figure(6.4, 6.6)
    top = axes_at(figure, 0.8, 2.9, 5.2, 3.4)
    low = axes_at(figure, 0.8, 1.4, 5.2, 1.1)
    low.sharex(top)
    _draw_accuracy(top, bins, right)
    _draw_counts(low, bins)
    low.set(ylabel=what, xlabel=f"confidence (ECE {bins.ece:.3f})", yticks=[])
    handles, labels = top.get_legend_handles_labels()
    below = (0.0, -0.48)
    low.legend(handles, labels, loc="upper left", bbox_to_anchor=below, borderaxespad=0, ncols=3)
    return figure


def _draw_accuracy(ax: Axes, bins: ReliabilityBins, right: str) -> None:
    full = bins.count > 0
    ax.bar(*_bars(bins, bins.accuracy), color=BLUE, label=right)
    mean = bins.confidence[full]
    label = "mean confidence"
    ax.plot(mean, mean, "o", color=ORANGE, mec="black", ms=5, label=label, clip_on=False, zorder=3)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle=(0, (4, 3)), label="honest")
    ax.set(xlim=(0, 1), ylim=(0, 1), ylabel=right)
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(labelbottom=False)


def _draw_counts(ax: Axes, bins: ReliabilityBins) -> None:
    x, count, width = _bars(bins, bins.count)
    ax.bar(x, count, width, color=GREY)
    above = (0.0, 2.0)
    for at, n in zip(x, count, strict=True):
        text = _short_count(int(n))
        ax.annotate(text, (at, n), above, textcoords="offset points", ha="center", fontsize=7)
    ax.set_ylim(0, 1.25 * int(count.max()))


def _bars(
    bins: ReliabilityBins, height: FloatArray | IntArray
) -> tuple[FloatArray, FloatArray | IntArray, FloatArray]:
    """Return centre, height and width of the bars of the bins that hold something."""
    full = bins.count > 0
    centre, width = (bins.edges[1:] + bins.edges[:-1]) / 2, np.diff(bins.edges) * 0.92
    return centre[full], height[full], width[full]


def _short_count(n: int) -> str:
    if n < 10_000:
        return f"{n}"
    return f"{n / 1000:.0f}k" if n < 1_000_000 else f"{n / 1e6:.1f}M"
