"""An evaluation in a few lines, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from zstext.evaluation.results import Evaluation, Generalized, MultiLabel

Row: TypeAlias = tuple[str, str, str]

_NAMED = 5


def summarise(evaluation: Evaluation) -> list[Row]:
    """Return rows of a name, a value and a note."""
    rows = [*_counts(evaluation)]
    multi = evaluation.multi
    rows += _single_label(evaluation) if multi is None else _multi_label(evaluation, multi)
    if (shortlist := evaluation.shortlist) is not None:
        note = f"share of the true classes that are among the {shortlist.size:,} entailment reads"
        rows.append(("shortlist recall", number(shortlist.recall), note))
    if evaluation.generalized is not None:
        rows += _generalized(evaluation.generalized)
    return rows + _calibration(evaluation) + _selective(evaluation)


def number(value: float | None) -> str:
    """Return a measure with three decimals, or a dash if it is undefined."""
    return "–" if value is None or np.isnan(value) else f"{value:.3f}"


def _counts(e: Evaluation) -> list[Row]:
    rows = [("items", f"{len(e.items):,}", "")]
    if missing := int((~e.items.classified).sum()):
        rows.append(("no label", f"{missing:,}", "not classified; counted as wrong"))
    if outside := int((~e.items.in_scope).sum()):
        note = "items of no class; wrong if answered; left out of accuracy, F1 and calibration"
        rows.append(("out of scope", f"{outside:,}", note))
    rows.append(("classes", f"{len(e.labels):,}", _untested(e.untested)))
    return rows


def _untested(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return (
        f"{len(names):,} without items, left out of averages over classes: "
        f"{', '.join(names[:_NAMED])}{more}"
    )


def _single_label(e: Evaluation) -> list[Row]:
    return [
        ("accuracy", number(e.accuracy), "share of items whose best class is right"),
        ("macro-F1", number(e.macro_f1), "mean over classes"),
    ]


def _multi_label(e: Evaluation, multi: MultiLabel) -> list[Row]:
    return [
        ("micro-F1", number(multi.micro_f1), f"labels at {multi.threshold:g} or above"),
        ("macro-F1", number(e.macro_f1), "mean over classes"),
        ("mAP", number(multi.mean_average_precision), "needs no threshold"),
        ("exact match", number(e.accuracy), "all labels of the item right, and no other"),
    ]


def _generalized(g: Generalized) -> list[Row]:
    at = "" if g.gamma is None else f" at γ = {g.gamma:.3g}"
    n_seen = int(g.seen_mask.sum())
    rows = [
        ("S", number(g.point.S), f"mean accuracy over the seen classes ({n_seen:,}){at}"),
        ("U", number(g.point.U), f"over the unseen classes ({len(g.seen_mask) - n_seen:,}){at}"),
        ("H", number(g.point.H), "harmonic mean of S and U"),
    ]
    if g.curve is None:
        return rows
    best = f"best H on the curve {number(float(g.curve.H.max()))} at γ = {g.curve.best_gamma():.3g}"
    return [*rows, ("AUSUC", number(g.curve.ausuc), f"area under the seen-unseen curve; {best}")]


def _calibration(e: Evaluation) -> list[Row]:
    if e.reliability is None:
        return []
    top = "in 0..1; squared error of the probabilities" if e.multi else "in 0..2; squared error"
    return [
        ("ECE", number(e.reliability.ece), "gap of confidence and accuracy; 0 is honest"),
        ("Brier", number(e.brier), top),
    ]


def _selective(e: Evaluation) -> list[Row]:
    s = e.selective
    if s is None:
        return []
    rows = [("AURC", number(s.curve.area), "mean risk over all coverages; 0 is best")]
    if not s.answered.all():
        rows.append(("coverage", number(s.coverage), "share of items answered"))
        rows.append(("precision", number(s.precision), "share of the answers that is right"))
    if s.out_of_scope_auroc is not None:
        note = "items of a class are surer than items of none; 0.5 is chance"
        rows.append(("out-of-scope AUROC", number(s.out_of_scope_auroc), note))
    return rows
