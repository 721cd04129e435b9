"""Two curves: seen against unseen accuracy, and risk against coverage."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zstext.evaluation import Generalized, Selective
from zstext.evaluation.summary import number
from zstext.metrics import SeenUnseenCurve
from zstext.report.style import BLUE, FAINT, GREY, ORANGE, axes_at, new_figure

_ISO_H = (0.2, 0.4, 0.6, 0.8)


def draw_seen_unseen(generalized: Generalized, curve: SeenUnseenCurve) -> Figure:
    """Return the seen-unseen curve with the operating point, over lines of equal H."""
    figure = new_figure(6.4, 6.4)
    ax = axes_at(figure, 0.8, 1.6, 4.6, 4.6)
    _iso_lines(ax)
    ax.plot(curve.U, curve.S, color=BLUE, linewidth=1.8, label=f"AUSUC {curve.ausuc:.3f}")
    best, zero = int(curve.H.argmax()), int(np.searchsorted(curve.flips, 0.0))
    for marker, at, label in (("s", zero, "no penalty"), ("D", best, "best on these rows")):
        gamma = curve.best_gamma() if at == best else 0.0
        text = f"{label}: H {curve.H[at]:.3f} at γ = {gamma:.3g}"
        _mark(ax, marker, "white", curve.U[at], curve.S[at], text)
    text = f"operating point: H {number(generalized.point.H)}"
    if generalized.gamma is not None:
        text += f" at γ = {generalized.gamma:.3g}"
    _mark(ax, "o", ORANGE, generalized.point.U, generalized.point.S, text)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.set_xlabel("U, mean accuracy of the unseen classes")
    ax.set_ylabel("S, mean accuracy of the seen classes")
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.13), borderaxespad=0, handlelength=1.6)
    return figure


def draw_risk_coverage(selective: Selective) -> Figure:
    """Return the risk-coverage curve; with abstention, with the point that was chosen."""
    curve = selective.curve
    figure = new_figure(6.4, 5.0)
    ax = axes_at(figure, 0.8, 1.3, 4.6, 3.4)
    label = f"surest items first: AURC {curve.area:.3f}"
    ax.plot(
        curve.coverage, curve.risk, color=BLUE, linewidth=1.8, drawstyle="steps-pre", label=label
    )
    all_wrong = float(curve.risk[-1])
    ax.axhline(all_wrong, color=GREY, linestyle=(0, (4, 3)), label=f"all items: {all_wrong:.3f}")
    if selective.answered.any() and not selective.answered.all():
        risk = 1 - selective.precision
        label = f"answered: coverage {selective.coverage:.3f}, risk {risk:.3f}"
        _mark(ax, "o", ORANGE, selective.coverage, risk, label)
    ax.set(xlim=(0, 1), ylim=(0, max(0.05, 1.08 * float(curve.risk.max()))))
    ax.set_xlabel("coverage, share of the items answered")
    ax.set_ylabel("risk, share of the answers that is wrong")
    ax.grid(color=FAINT, linewidth=0.6)
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.17), borderaxespad=0, handlelength=1.6)
    return figure


def _iso_lines(ax: Axes) -> None:
    for H in _ISO_H:
        U = np.linspace(H / (2 - H), 1, 100)
        ax.plot(U, H * U / (2 * U - H), color=FAINT, linewidth=1.0, zorder=0)
        ax.text(1.02, H / (2 - H), f"H = {H}", va="center", color=GREY, fontsize=8)


def _mark(ax: Axes, marker: str, face: str, x: float, y: float, label: str) -> None:
    ax.plot(x, y, marker, color=face, mec="black", ms=7, label=label, clip_on=False, zorder=3)
