"""An evaluation as plain values that JSON can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from zstext.evaluation.results import Evaluation, Generalized, Selective

CURVE_POINTS = 200
"""Longer curves are thinned out to so many points, both ends kept."""


def as_dict(e: Evaluation) -> dict[str, Any]:
    """Return everything but the items. Arrays become lists and what is not finite becomes None."""
    out: dict[str, Any] = {
        "n_items": len(e.items),
        "n_no_label": int((~e.items.classified).sum()),
        "n_out_of_scope": int((~e.items.in_scope).sum()),
        "classes_without_items": list(e.untested),
        "multi_label": e.multi is not None,
        "exact_match" if e.multi else "accuracy": e.accuracy,
        "macro_f1": e.macro_f1,
    }
    if e.multi is not None:
        out |= {
            "micro_f1": e.multi.micro_f1,
            "mean_average_precision": e.multi.mean_average_precision,
            "threshold": e.multi.threshold,
        }
    if e.generalized is not None:
        out["generalized"] = _generalized(e.generalized)
    if e.shortlist is not None:
        out["shortlist"] = {"size": e.shortlist.size, "recall": e.shortlist.recall}
    out["calibration"] = _calibration(e)
    if e.selective is not None:
        out["selective"] = _selective(e.selective)
    out["per_class"] = _per_class(e)
    out["confusion"] = e.confusion
    out["provenance"] = e.provenance
    return {k: _plain(v) for k, v in out.items() if v is not None}


def _per_class(e: Evaluation) -> list[dict[str, Any]]:
    c = e.classes
    columns: dict[str, Any] = {
        "label": e.labels.names,
        "precision": c.precision,
        "recall": c.recall,
        "f1": c.f1,
        "support": c.support,
        "predicted": c.predicted,
    }
    if e.multi is not None:
        columns["average_precision"] = e.multi.average_precision
    if e.generalized is not None:
        columns["seen"] = e.generalized.seen_mask
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _generalized(g: Generalized) -> dict[str, Any]:
    out: dict[str, Any] = {"S": g.point.S, "U": g.point.U, "H": g.point.H, "gamma": g.gamma}
    if g.curve is not None:
        keep = _thin(len(g.curve.S))
        out["ausuc"] = g.curve.ausuc
        out["best_H"], out["best_gamma"] = g.curve.H.max(), g.curve.best_gamma()
        out["curve"] = {n: getattr(g.curve, n)[keep] for n in ("gamma", "S", "U")}
    return out


def _calibration(e: Evaluation) -> dict[str, Any] | None:
    if e.reliability is None:
        return None
    bins = {n: getattr(e.reliability, n) for n in ("edges", "count", "confidence", "accuracy")}
    return {"ece": e.reliability.ece, "brier": e.brier, "bins": bins}


def _selective(s: Selective) -> dict[str, Any]:
    keep = _thin(len(s.curve.coverage))
    return {
        "aurc": s.curve.area,
        "coverage": s.coverage,
        "precision": s.precision,
        "out_of_scope_auroc": s.out_of_scope_auroc,
        "curve": {n: getattr(s.curve, n)[keep] for n in ("threshold", "coverage", "risk")},
    }


def _thin(n: int) -> Any:
    return np.unique(np.linspace(0, n - 1, min(n, CURVE_POINTS)).round().astype(np.int64))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
