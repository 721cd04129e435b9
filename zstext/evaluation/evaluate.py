"""`evaluate_scores`: the one way from probabilities and truth to an `Evaluation`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import OptionError
from zstext.evaluation.inputs import (
    as_classes,
    as_label_sets,
    as_mask,
    as_proba,
    as_rows,
    refuse,
)
from zstext.evaluation.results import Evaluation, Generalized, Items, MultiLabel, Selective
from zstext.labels import LabelsLike, LabelSpace
from zstext.metrics import (
    ClassReport,
    SeenUnseenCurve,
    accuracy,
    auroc,
    brier_score,
    class_report,
    confusion_counts,
    mean_average_precision,
    micro_f1,
    reliability_bins,
    risk_coverage,
    seen_unseen,
    seen_unseen_curve,
)
from zstext.protocols import BoolArray, FloatArray, IntArray


def evaluate_scores(
    proba: ArrayLike,
    y_true: ArrayLike,
    labels: LabelsLike,
    *,
    scores: ArrayLike | None = None,
    seen_mask: ArrayLike | None = None,
    gamma: float | None = None,
    multi_label: bool = False,
    threshold: float = 0.5,
    features: ArrayLike | None = None,
    answered: ArrayLike | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Measure how good probabilities are against the truth.

    Parameters
    ----------
    proba : array-like of shape (n_items, n_classes), in 0..1
        Rows sum to 1 without `multi_label`. A row of NaN is an item without a label: it counts as
        wrong, and says nothing about calibration.
    y_true : array-like of shape (n_items,), int, or with `multi_label` (n_items, n_classes), bool
        Class indices. -1 is an item of no class: whatever is answered to it is a wrong answer
        (risk-coverage), and it is left out of accuracy, F1, S, U, H and calibration.
    labels : LabelSpace or what makes one
        Columns of `proba`.
    scores : array-like of shape (n_items, n_classes), optional
        Scores before the penalty on seen classes, for the seen-unseen curve. Needs `seen_mask`.
    seen_mask : array-like of shape (n_classes,), bool, optional
    gamma : float, optional
        The penalty that `proba` was made with. Needs `seen_mask`.
    multi_label : bool
    threshold : float, in 0..1
        With `multi_label`: give a label at this probability or above.
    features : array-like of shape (n_items, n_features), optional
        For the embedding scatter of the report.
    answered : array-like of shape (n_items,), bool, optional
        Items that were not abstained from; all by default.
    provenance : mapping, optional
        See `zstext.evaluation.provenance`.

    Raises
    ------
    InputError
        If there is no row, arrays do not fit together, or no item belongs to a class.
    LabelError
        If `labels` is no label space.
    OptionError
        If options contradict each other, or `threshold` is not in 0..1.
    """
    space = LabelSpace.of(labels)
    P = as_proba(proba, len(space), multi_label=multi_label)
    X = None if features is None else as_rows(features, len(P), "features")
    origin = dict(provenance or {})
    if seen_mask is None:
        refuse("only with seen_mask, which says what classes are seen", scores=scores, gamma=gamma)
    if multi_label:
        refuse("not with multi_label", seen_mask=seen_mask, answered=answered)
        if not 0 <= threshold <= 1:
            raise OptionError(f"the threshold must be in 0..1, got {threshold}")
        return _multi_label(P, as_label_sets(y_true, *P.shape), space, threshold, X, origin)
    y = as_classes(y_true, *P.shape)
    items = Items(P, y, np.where(np.isnan(P[:, 0]), -1, P.argmax(axis=1)), X)
    generalized = None
    if seen_mask is not None:
        seen = as_mask(seen_mask, len(space), "seen_mask")
        generalized = _generalized(items, seen, scores, gamma)
    said = np.ones(len(P), bool) if answered is None else as_mask(answered, len(P), "answered")
    return _single_label(items, space, generalized, said, origin)


def _single_label(
    items: Items,
    labels: LabelSpace,
    generalized: Generalized | None,
    answered: BoolArray,
    provenance: dict[str, Any],
) -> Evaluation:
    scope = items.in_scope
    y, y_pred = items.y_true[scope], items.y_pred[scope]
    report = class_report(y, y_pred, len(labels))
    known = scope & items.classified
    hit = items.y_pred == items.y_true
    some = bool(known.any())
    return Evaluation(
        labels=labels,
        items=items,
        classes=report,
        accuracy=accuracy(y, y_pred),
        macro_f1=_macro_f1(report),
        reliability=reliability_bins(items.confidence[known], hit[known]) if some else None,
        brier=brier_score(items.proba[known], items.y_true[known]) if some else None,
        confusion=confusion_counts(y, y_pred, len(labels)),
        selective=_selective(items, answered & items.classified),
        generalized=generalized,
        provenance=provenance,
    )


def _selective(items: Items, answered: BoolArray) -> Selective:
    right = (items.y_pred == items.y_true) & items.in_scope & items.classified
    scope = items.in_scope
    return Selective(
        curve=risk_coverage(items.confidence, right),
        answered=answered,
        precision=float(right[answered].mean()) if answered.any() else float("nan"),
        out_of_scope_auroc=None if scope.all() else auroc(items.confidence, scope),
    )


def _generalized(
    items: Items, seen: BoolArray, scores: ArrayLike | None, gamma: float | None
) -> Generalized:
    scope = items.in_scope
    y = np.asarray(items.y_true[scope], np.int64)
    point = seen_unseen(y, items.y_pred[scope], seen)
    both_kinds = bool(seen[y].any() and (~seen[y]).any())
    curve = None
    if scores is not None:
        F = as_rows(scores, len(items), "scores", n_columns=len(seen))[scope]
        curve = _curve(F, y, seen) if both_kinds else None
    return Generalized(seen, point, curve, gamma)


def _curve(F: FloatArray, y: IntArray, seen: BoolArray) -> SeenUnseenCurve:
    """Return the seen-unseen curve; an item without scores is wrong all along it.

    Such an item prefers two classes that nothing belongs to, one seen and one unseen.
    """
    missing = np.isnan(F).any(axis=1)
    F = np.pad(F, ((0, 0), (0, 2)), constant_values=-np.inf)
    F[missing] = -np.inf
    F[missing, -2:] = 0.0
    return seen_unseen_curve(F, y, np.append(seen, [True, False]))


def _multi_label(
    P: FloatArray,
    Y: BoolArray,
    labels: LabelSpace,
    threshold: float,
    features: FloatArray | None,
    provenance: dict[str, Any],
) -> Evaluation:
    ranked = np.nan_to_num(P, nan=-1.0)  # an item without a label comes last
    D = ranked >= threshold
    report = _decision_report(Y, D)
    known = ~np.isnan(P[:, 0])
    p, t = P[known].ravel(), Y[known].ravel()
    each = [
        mean_average_precision(Y[:, [c]], ranked[:, [c]]) if Y[:, c].any() else float("nan")
        for c in range(len(labels))
    ]
    return Evaluation(
        labels=labels,
        items=Items(P, Y, D, features),
        classes=report,
        accuracy=float(((D == Y).all(axis=1) & known).mean()),
        macro_f1=_macro_f1(report),
        reliability=reliability_bins(p, t) if len(p) else None,
        brier=float(((p - t) ** 2).mean()) if len(p) else None,
        multi=MultiLabel(threshold, micro_f1(Y, D), np.array(each)),
        provenance=provenance,
    )


def _decision_report(Y: BoolArray, D: BoolArray) -> ClassReport:
    right, support, predicted = (Y & D).sum(axis=0), Y.sum(axis=0), D.sum(axis=0)
    return ClassReport(
        precision=right / np.maximum(predicted, 1),
        recall=right / np.maximum(support, 1),
        f1=2 * right / np.maximum(support + predicted, 1),
        support=support,
        predicted=predicted,
    )


def _macro_f1(report: ClassReport) -> float:
    return float(report.f1[report.support > 0].mean())
