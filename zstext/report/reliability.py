"""The reliability diagram: confidence against accuracy, and how many items say so."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from zstext.metrics import ReliabilityBins
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
    centre, width = (bins.edges[1:] + bins.edges[:-1]) / 2, np.diff(bins.edges) * 0.92
    full = bins.count > 0
    top.bar(centre[full], bins.accuracy[full], width[full], color=BLUE, label=right)
    top.plot(
        bins.confidence[full],
        bins.confidence[full],
        "o",
        color=ORANGE,
        markeredgecolor="black",
        markersize=5,
        label="mean confidence",
        clip_on=False,
        zorder=3,
    )
    top.plot([0, 1], [0, 1], color=GREY, linestyle=(0, (4, 3)), label="honest")
    top.set(xlim=(0, 1), ylim=(0, 1), ylabel=right)
    top.grid(axis="y", color=FAINT, linewidth=0.6)
    top.set_axisbelow(True)
    top.tick_params(labelbottom=False)
    low.bar(centre[full], bins.count[full], width[full], color=GREY)
    for x, n in zip(centre[full], bins.count[full], strict=True):
        text = _short_count(int(n))
        above = (0.0, 2.0)
        low.annotate(text, (x, n), above, textcoords="offset points", ha="center", fontsize=7)
    low.set(ylabel=what, xlabel=f"confidence (ECE {bins.ece:.3f})", yticks=[])
    low.set_ylim(0, 1.25 * int(bins.count.max()))
    handles, labels = top.get_legend_handles_labels()
    low.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.0, -0.48), borderaxespad=0, ncols=3
    )
    return figure


def _short_count(n: int) -> str:
    if n < 10_000:
        return f"{n}"
    return f"{n / 1000:.0f}k" if n < 1_000_000 else f"{n / 1e6:.1f}M"
