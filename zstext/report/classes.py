"""Bars for every class, the best on top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from zstext.metrics import ClassReport
from zstext.protocols import BoolArray
from zstext.report.style import BLUE, FAINT, ORANGE, axes_at, new_figure

MAX_CLASSES = 200
"""Of more, the worst are drawn: a picture has a limit, and they are what one looks for."""

_ROW, _TWO_SCALES_ABOVE = 0.19, 30


def draw_classes(
    report: ClassReport, names: Sequence[str], *, seen_mask: BoolArray | None = None
) -> Figure:
    """Return F1 as bars, precision and recall as marks, and the number of items of each class.

    Parameters
    ----------
    report : ClassReport
        Classes without items are left out.
    names : sequence of str, length n_classes
    seen_mask : ndarray of shape (n_classes,), bool, optional
        Colours seen and unseen classes apart.
    """
    tested = np.flatnonzero(report.support)
    order = tested[np.argsort(-report.f1[tested], kind="stable")][-MAX_CLASSES:]
    rows = np.arange(len(order))
    seen = np.ones(len(names), bool) if seen_mask is None else seen_mask
    height, tall = _ROW * len(order), len(order) > _TWO_SCALES_ABOVE
    left = max(len(names[c]) for c in order) * 8 * 0.7 / 72 + 0.3
    figure = new_figure(left + 6.2, height + 1.2)
    ax = axes_at(figure, left, 0.4, 4.6, height)
    ax.barh(rows, report.f1[order], 0.72, color=np.where(seen[order], BLUE, ORANGE).tolist())
    ax.plot(report.precision[order], rows, "<", color="white", mec="black", ms=4, clip_on=False)
    ax.plot(report.recall[order], rows, ">", color="black", mec="black", ms=4, clip_on=False)
    ax.set_yticks(rows, [names[c] for c in order], fontsize=8)
    ax.set(xlim=(0, 1), ylim=(len(order) - 0.5, -0.5))
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labeltop=tall)
    ax.grid(axis="x", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)
    for row, c in enumerate(order):
        text = f"{report.f1[c]:.2f}   n = {report.support[c]:,}"
        ax.text(1.03, row, text, va="center", fontsize=8)
    _legend(ax, by_kind=seen_mask is not None, tall=tall)
    return figure


def _legend(ax: Axes, *, by_kind: bool, tall: bool) -> None:
    dpi = ax.figure.dpi_scale_trans
    bars = [("F1 of a seen class", BLUE), ("F1 of an unseen class", ORANGE)]
    handles: list[Artist] = [
        Patch(color=color, label=label) for label, color in (bars if by_kind else [("F1", BLUE)])
    ]
    for label, marker, face in (("precision", "<", "white"), ("recall", ">", "black")):
        handles.append(
            Line2D([], [], marker=marker, color=face, mec="black", ms=4, ls="", label=label)
        )
    ax.legend(
        handles=handles,
        ncols=4,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        bbox_transform=ax.transAxes + ScaledTranslation(0, 0.3 if tall else 0.1, dpi),
        borderaxespad=0.0,
    )
