"""What an evaluation found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zstext.evaluation.inputs import OUT_OF_SCOPE
from zstext.evaluation.plain import as_dict
from zstext.evaluation.summary import Row, summarise
from zstext.labels import LabelSpace
from zstext.metrics import (
    ClassReport,
    ReliabilityBins,
    RiskCoverage,
    SeenUnseen,
    SeenUnseenCurve,
)
from zstext.protocols import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """What was evaluated, item by item.

    Attributes
    ----------
    proba : ndarray of shape (n_items, n_classes), float64
        The row of an item that was not classified is NaN.
    y_true, y_pred : ndarray of shape (n_items,), int, or (n_items, n_classes), bool
        Class indices, or with multi-label the sets of labels. The truth is -1 for an item of no
        class, the prediction -1 for one that was not classified.
    features : ndarray of shape (n_items, n_features) or None
    """

    proba: FloatArray
    y_true: IntArray | BoolArray
    y_pred: IntArray | BoolArray
    features: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.proba)

    @property
    def classified(self) -> BoolArray:
        """Which items have probabilities, shape (n_items,)."""
        return np.asarray(~np.isnan(self.proba).any(axis=1))

    @property
    def in_scope(self) -> BoolArray:
        """Which items belong to a class, shape (n_items,); with multi-label all of them."""
        if self.y_true.ndim == 2:
            return np.ones(len(self), bool)
        return np.asarray(self.y_true != OUT_OF_SCOPE)

    @property
    def confidence(self) -> FloatArray:
        """Probability of the best class, shape (n_items,); 0 for an item that has none."""
        return np.asarray(np.nan_to_num(self.proba.max(axis=1), nan=0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Generalized:
    """Generalized zero-shot: seen and unseen classes compete.

    Attributes
    ----------
    seen_mask : ndarray of shape (n_classes,), bool
    point : SeenUnseen
        The operating point: S, U and H of the predictions.
    curve : SeenUnseenCurve or None
        Of the scores before calibration; None without scores, or without items of both kinds.
    gamma : float or None
        The penalty on seen classes that the predictions were made with, if they were.
    """

    seen_mask: BoolArray
    point: SeenUnseen
    curve: SeenUnseenCurve | None = None
    gamma: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Selective:
    """Answering only when sure. Items of no class, and items without a label, are wrong answers.

    Attributes
    ----------
    curve : RiskCoverage
        Over all items; one without a label has confidence 0.
    answered : ndarray of shape (n_items,), bool
        Items that have a label and were not abstained from.
    precision : float, in 0..1
        Share of the answers that is right; nan without an answer.
    out_of_scope_auroc : float or None, in 0..1
        Chance that an item of a class is surer than one of no class; None if all have a class.
    """

    curve: RiskCoverage
    answered: BoolArray
    precision: float
    out_of_scope_auroc: float | None = None

    @property
    def coverage(self) -> float:
        """Share of the items that was answered, in 0..1."""
        return float(self.answered.mean())


@dataclass(frozen=True, slots=True, eq=False)
class MultiLabel:
    """What there is to say only where an item may have several labels.

    Attributes
    ----------
    threshold : float, in 0..1
        A label is given at this probability or above.
    micro_f1 : float, in 0..1
        Over all (item, class) decisions.
    average_precision : ndarray of shape (n_classes,), in 0..1
        nan for a class without items.
    """

    threshold: float
    micro_f1: float
    average_precision: FloatArray

    @property
    def mean_average_precision(self) -> float:
        """Mean over the classes that have items, in 0..1."""
        return float(np.nanmean(self.average_precision))


@dataclass(frozen=True, slots=True)
class Shortlist:
    """How good the first stage of a cascade is.

    Attributes
    ----------
    size : int
        How many labels the second stage looks at.
    recall : float, in 0..1
        Share of the true classes that are among them: no cascade is right more often, unless it
        was adapted.
    """

    size: int
    recall: float


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """How good the answers are.

    Attributes
    ----------
    labels : LabelSpace
    items : Items
    classes : ClassReport
        Over the items of a class; an item without a label is a miss for its class.
    accuracy : float, in 0..1
        Share of the items of a class whose class is the most probable one, whether or not it was
        answered; with multi-label, share of the items whose set of labels is exactly right.
    macro_f1 : float, in 0..1
        Mean F1 of the classes that have items.
    reliability : ReliabilityBins or None
        Of the most probable class, or with multi-label of all (item, class) decisions. Items of no
        class and items without a label are left out; None if nothing is left.
    brier : float or None
        Over the same items: squared distance to the truth summed over classes, in 0..2, or with
        multi-label averaged over them, in 0..1.
    confusion : ndarray of shape (n_classes, n_classes), int, or None
        True class by predicted class; None with multi-label.
    selective : Selective or None
        None with multi-label.
    multi : MultiLabel or None
        None without multi-label.
    generalized : Generalized or None
        None if it was not said which classes are seen.
    shortlist : Shortlist or None
        None but for a cascade, single-label, that does not look at all labels.
    provenance : dict
        See `provenance`.
    """

    labels: LabelSpace
    items: Items
    classes: ClassReport
    accuracy: float
    macro_f1: float
    reliability: ReliabilityBins | None
    brier: float | None
    confusion: IntArray | None = None
    selective: Selective | None = None
    multi: MultiLabel | None = None
    generalized: Generalized | None = None
    shortlist: Shortlist | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def untested(self) -> tuple[str, ...]:
        """Names of the classes without items: they are in no average over classes."""
        pairs = zip(self.labels, self.classes.support, strict=True)
        return tuple(name for name, n in pairs if not n)

    def summary(self) -> list[Row]:
        """Return what to show on a terminal: rows of a name, a value and a note, all text."""
        return summarise(self)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the items, ready for JSON; what is undefined is None."""
        return as_dict(self)
