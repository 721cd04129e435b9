"""The pictures of `synthetic_zero_shot.py`. No pyplot: nothing global, no window, any thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from synthetic_textbook import NAMES, Textbook

try:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
except ImportError as error:
    raise SystemExit("--out needs matplotlib; run: pip install 'zstext[report]'") from error

if TYPE_CHECKING:
    from synthetic_zero_shot import Result, Table

# Okabe and Ito's colours: they stay apart for colour-blind readers.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#999999"


def write_all(out: Path, textbook: Textbook, table: Table) -> Iterator[Path]:
    """Write every picture, and yield where."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = {
        "confusion_matrix": confusion_matrix(textbook),
        "predictions": predictions(textbook),
        "cross_validation": cross_validation(textbook),
        "class_report": class_report(textbook),
        "seen_unseen_curve": seen_unseen_curve(table),
        "before_after": before_after(table),
    }
    for name, figure in pictures.items():
        FigureCanvasAgg(figure).print_png(str(out / f"{name}.png"))
        yield out / f"{name}.png"


def new_figure(width: float, height: float) -> Figure:
    return Figure(figsize=(width, height), dpi=120, layout="constrained")


def tidy(ax: Axes) -> None:
    ax.spines[["top", "right"]].set_visible(False)


def confusion_matrix(t: Textbook) -> Figure:
    figure = new_figure(5, 4)
    ax = figure.subplots()
    heat_map(ax, t.confusion, ".0f", top=t.confusion.max())
    ax.set_xticks([0, 1], NAMES)
    ax.set_yticks([0, 1], NAMES)
    ax.set(xlabel="predicted", ylabel="true")
    ax.set_title(f"Textbook: confusion matrix, accuracy {t.accuracy:.3f}")
    return figure


def heat_map(ax: Axes, values: np.ndarray, form: str, *, top: float) -> None:
    """Draw a matrix with its numbers, white on dark cells."""
    ax.imshow(values, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for (i, j), v in np.ndenumerate(values):
        colour = "white" if v > top / 2 else "black"
        ax.text(j, i, format(v, form), ha="center", va="center", color=colour, fontsize=14)


def predictions(t: Textbook) -> Figure:
    """Draw two of the five features, where the classes overlap, and the sum that is the label."""
    figure = new_figure(10, 4.6)
    left, right = figure.subplots(1, 2)
    jitter = np.random.default_rng(0).uniform(-1, 1, len(t.y))
    scatter(left, t, t.X[:, 0], t.X[:, 1])
    left.set(xlabel="feature 1, standardised", ylabel="feature 2, standardised")
    left.set_title("Two of the five features")
    scatter(right, t, t.sums, jitter)
    right.axvline(2.5, color="black", linewidth=1, linestyle="--")
    right.set(xlabel="sum of the five features; label = sum > 2.5", yticks=[])
    right.set_ylabel("spread at random, to see all points")
    right.set_title("What the label is made of")
    figure.suptitle("Textbook: predictions on 200 test rows")
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    return figure


def scatter(ax: Axes, t: Textbook, x: np.ndarray, y: np.ndarray) -> None:
    for c, colour, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        of = t.predicted == c
        label = f"predicted {NAMES[c]}"
        ax.scatter(x[of], y[of], c=colour, marker=marker, s=22, alpha=0.75, label=label)
    wrong = t.predicted != t.y
    style = {"facecolors": "none", "edgecolors": "black", "s": 130, "linewidths": 1.5}
    ax.scatter(x[wrong], y[wrong], label=f"wrong ({wrong.sum()})", **style)
    tidy(ax)


def cross_validation(t: Textbook) -> Figure:
    figure = new_figure(5.5, 4)
    ax = figure.subplots()
    colours = [BLUE if t.chosen == C else GREY for C in t.C]
    bars = ax.bar([f"C = {C:g}" for C in t.C], t.cv_mean, 0.55, color=colours)
    ax.errorbar(range(len(t.C)), t.cv_mean, t.cv_std, fmt="none", ecolor="black", capsize=6)
    for bar, mean in zip(bars, t.cv_mean, strict=True):
        # Inside the bar, near its foot: the error bar has the top.
        x = bar.get_x() + bar.get_width() / 2
        ax.text(x, 0.962, f"{mean:.4f}", ha="center", color="white", fontsize=12)
    ax.set(ylim=(0.96, 1.0), ylabel="accuracy (the axis starts at 0.96)")
    ax.set_title("Textbook: 5-fold cross-validation,\nmean and standard deviation")
    tidy(ax)
    return figure


def class_report(t: Textbook) -> Figure:
    figure = new_figure(5.5, 3.4)
    ax = figure.subplots()
    values = np.column_stack([t.report.precision, t.report.recall, t.report.f1])
    heat_map(ax, values, ".3f", top=1.0)
    ax.set_xticks(range(3), ["precision", "recall", "F1"])
    rows = [f"{n}\n({s} rows)" for n, s in zip(NAMES, t.report.support, strict=True)]
    ax.set_yticks([0, 1], rows)
    ax.set_title("Textbook: class report")
    return figure


def seen_unseen_curve(table: Table) -> Figure:
    """Draw the curves of the first draw: an average over draws has no operating point."""
    figure = new_figure(7.4, 6.4)
    ax = figure.subplots()
    draw_equal_h(ax)
    for name, colour in CURVES.items():
        draw_curve(ax, table[name][0], name, colour)
    ax.plot([], [], "o", color="black", fillstyle="none", label="gamma = 0")
    ax.plot([], [], "o", color="black", label="gamma chosen on hidden seen classes")
    ax.plot([], [], "*", color="black", markersize=11, label="best H (needs the test labels)")
    ax.set(xlim=(0, 100), ylim=(0, 103), xlabel="U: accuracy on unseen classes, %")
    ax.set_ylabel("S: accuracy on seen classes, %")
    ax.set_title(f"Honest: what gamma trades, first of {len(table['ridge'])} draws")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    tidy(ax)
    return figure


CURVES = {"ridge": ORANGE, "prototype": BLUE, "guessing": PURPLE}


def draw_equal_h(ax: Axes) -> None:
    """Draw lines along which H is the same."""
    for H in (20, 40, 60, 80):
        U = np.linspace(H / 2 + 0.5, 100, 200)
        S = H * U / (2 * U - H)
        ax.plot(U, S, color="#DDDDDD", linewidth=0.8, zorder=0)
        ax.text(100 * H / (200 - H) + 1, 99, f"H = {H}", color="#777777", va="center")


def draw_curve(ax: Axes, result: Result, name: str, colour: str) -> None:
    curve, best = result.curve, result.curve.H.argmax()
    label = f"{name}, AUSUC {100 * curve.ausuc:.0f}"
    ax.plot(100 * curve.U, 100 * curve.S, color=colour, linewidth=2, label=label)
    if name == "guessing":  # has no gamma to choose
        return
    mark = {"color": colour, "markeredgecolor": "black", "zorder": 5}
    ax.plot(100 * curve.U[best], 100 * curve.S[best], "*", markersize=16, **mark)
    ax.plot(100 * result.after.U, 100 * result.after.S, "o", markersize=9, **mark)
    hollow = {"color": "white", "markeredgecolor": colour, "markeredgewidth": 2, "zorder": 5}
    ax.plot(100 * result.before.U, 100 * result.before.S, "o", markersize=9, **hollow)


def before_after(table: Table) -> Figure:
    figure = new_figure(11, 4.4)
    panels = figure.subplots(1, 3, sharey=True)
    titles = {"S": "S: seen classes", "U": "U: unseen classes", "H": "H: harmonic mean"}
    for ax, (key, title) in zip(panels, titles.items(), strict=True):
        draw_bars(ax, table, key)
        ax.set_title(title)
        tidy(ax)
    panels[0].set(ylim=(0, 105), ylabel=f"%, mean of {len(table['ridge'])} draws")
    figure.suptitle("Honest: before and after the penalty on seen classes")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    return figure


def draw_bars(ax: Axes, table: Table, key: str) -> None:
    names = [name for name in table if name != "guessing"]
    for shift, when, label, colour in (
        (-0.2, "before", "gamma = 0", GREY),
        (0.2, "after", "gamma chosen on hidden seen classes", GREEN),
    ):
        values = [mean_of(table[name], when, key) for name in names]
        bars = ax.bar(np.arange(len(names)) + shift, values, 0.38, color=colour, label=label)
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        ax.bar_label(bars, fmt="%.0f", fontsize=8, padding=2, bbox=paper)
    chance = mean_of(table["guessing"], "before", key)
    ax.axhline(chance, color=PURPLE, linewidth=1.5, linestyle="--", label="guessing", zorder=0)
    ticks = [name.replace(", ", ",\n") for name in names]
    ax.set_xticks(range(len(names)), ticks, rotation=40, ha="right", rotation_mode="anchor")


def mean_of(results: list[Result], when: str, key: str) -> float:
    return 100 * float(np.mean([getattr(getattr(r, when), key) for r in results]))
