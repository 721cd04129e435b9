"""How pictures look, and how a figure becomes a PNG. No pyplot: nothing global is left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

DPI = 150
BLUE, ORANGE, GREY, FAINT = "#0072B2", "#D55E00", "#767676", "#D9D9D9"
PALETTE = (BLUE, "#E69F00", "#009E73", "#CC79A7", "#56B4E9", ORANGE, "#332288")
"""Distinct to colour-blind eyes: Okabe and Ito, with Tol's indigo for a dark one."""


@contextmanager
def style(families: Sequence[str]) -> Iterator[None]:
    """Draw with these fonts. A $ in a label is a dollar, not mathematics."""
    settings: Any = {
        "font.family": list(families),
        "font.size": 9.0,
        "axes.titlesize": 11.0,
        "axes.titlelocation": "left",
        "axes.titlepad": 10.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.unicode_minus": False,
        "legend.frameon": False,
        "text.parse_math": False,
        "text.usetex": False,
    }
    with mpl.rc_context():
        mpl.rcdefaults()  # a user's matplotlibrc has no say in the report
        mpl.rcParams.update(settings)
        yield


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, in inches."""
    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def axes_at(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes at a place in inches from the lower left corner."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, bottom / h, width / w, height / h))


def to_png(figure: Figure) -> bytes:
    """Return the figure as PNG, cropped to what is drawn. The same figure gives the same bytes."""
    buffer = BytesIO()
    figure.savefig(
        buffer, format="png", bbox_inches="tight", pad_inches=0.15, metadata={"Software": None}
    )
    return buffer.getvalue()
