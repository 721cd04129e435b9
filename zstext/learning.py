"""What is learned from labelled rows: a mapping, and how far its scores can be believed.

Nothing here is told which rows are of unseen classes: a class is seen if a row is labelled with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
from sklearn.base import clone

from zstext.calibration import (
    Abstention,
    CalibrationChain,
    IsotonicScaling,
    NullOffsets,
    PlattScaling,
    PriorShift,
    ScoreScale,
    SeenPenalty,
    SoftGate,
    TemperatureScaling,
)
from zstext.errors import LabelError, OptionError, did_you_mean
from zstext.labels import LabelsLike, LabelSpace
from zstext.mapping import (
    UNLABELLED,
    Fold,
    LearnedMapping,
    PrototypeMapping,
    pseudo_unseen_folds,
)
from zstext.missing import is_missing
from zstext.protocols import BoolArray, Encoder, FloatArray, IntArray

WORTHS = (5.0, 20.0, 80.0, 320.0)
"""Labelled rows that a description may be worth; the first is the usual one."""

_ROW_FOLDS = 3
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """A mapping fitted on the seen classes, and the calibration of its scores.

    Attributes
    ----------
    mapping : LearnedMapping
    seen_mask : ndarray of shape (n_classes,), bool
    chain : CalibrationChain
    """

    mapping: LearnedMapping
    seen_mask: BoolArray
    chain: CalibrationChain


def is_unlabelled(value: object) -> bool:
    """Return whether an entry of `y` says that nobody has labelled the row: None, NaN or -1."""
    return is_missing(value) or (isinstance(value, Real) and value == -1)


def class_indices(y: Sequence[Any], labels: LabelSpace) -> IntArray:
    """Return the column of every label in `y`, shape (n_items,); -1 for an unlabelled row.

    Raises
    ------
    LabelError
        If `y` holds what is not a label; the message names the nearest one.
    """
    column = {name: i for i, name in enumerate(labels.names)}
    for value in y:
        if not is_unlabelled(value) and not (isinstance(value, str) and value in column):
            raise LabelError(
                f"y holds {value!r}, which is not one of the {len(labels)} labels"
                f"{did_you_mean(str(value), labels.names)}"
            )
    return np.array([UNLABELLED if is_unlabelled(v) else column[v] for v in y], dtype=np.int64)


def as_label_column(y: Any) -> Sequence[Any]:
    """Return `y` as a sequence.

    Raises
    ------
    LabelError
        If it is a string, no iterable, or has more than one dimension.
    """
    if isinstance(y, str) or not isinstance(y, Iterable) or getattr(y, "ndim", 1) != 1:
        raise LabelError(f"y must be a one-dimensional sequence of labels, got {y!r:.80}")
    return list(y)


def choose_labels(
    labels: LabelsLike | None, y: Sequence[Any] | None, *, multi_label: bool
) -> LabelSpace:
    """Return the label space: `labels`, or else the distinct labels of `y`.

    Raises
    ------
    LabelError
        If there are none or they come from an iterator, which can be read only once, `y` is no
        column of labels, or one label would compete with no other.
    """
    if isinstance(labels, Iterator):
        raise LabelError("labels must be a list or a mapping: an iterator can be read only once")
    if labels is None and y is None:
        raise LabelError("no labels: give the classifier labels=[...], or fit it with y")
    column = () if y is None else as_label_column(y)
    given = {str(v): v for v in column if not is_unlabelled(v)}  # a list cannot be a key
    space = LabelSpace.of(list(given.values()) if labels is None else labels)
    if len(space) == 1 and not multi_label:
        name = space.names[0]
        several = "; commas part names in --labels alone, elsewhere each is by itself"
        raise LabelError(
            f"one label ({name!r}) is no choice: every document would get it with score 1; name "
            "another, or score it by itself with multi_label (--multi-label)"
            + (several if "," in name else "")
        )
    return space


def default_mapping(encoder: Encoder, X: FloatArray, y: IntArray, S: FloatArray) -> LearnedMapping:
    """Return the mapping for a user who names none.

    Where every class has two labelled rows, a description is worth as many of them as make rows
    that are held out likeliest: names say much of sentiment, little of occupations. Where some
    classes have none, the descriptions of the others cannot tell what theirs are worth.

    Where documents and labels are not in one space, unlabelled documents would all fall to the
    seen classes if their advantage were not taken off: see `PrototypeMapping`.

    Parameters
    ----------
    encoder : Encoder
    X, y, S
        As in `learn`.
    """
    apart = not getattr(encoder, "one_space", True)
    level = apart and bool((y == UNLABELLED).any())
    usual, *others = (PrototypeMapping(kappa=worth, level=level) for worth in WORTHS)
    if np.bincount(y[y != UNLABELLED], minlength=len(S)).min() < 2:
        return usual
    tried = (usual, *others)
    return tried[int(np.argmin([_loss(row_folds(mapping, X, y, S)) for mapping in tried]))]


def learn(
    X: FloatArray,
    y: IntArray,
    S: FloatArray,
    *,
    mapping: LearnedMapping | None = None,
    gamma: float | None = None,
    gate: bool = False,
    multi_label: bool = False,
    scale: ScoreScale,
) -> Learned:
    """Fit a mapping on labelled rows and calibrate it on rows and classes held out from them.

    Parameters
    ----------
    X : ndarray of shape (n_items, n_features)
    y : ndarray of shape (n_items,), int
        Rows of `S`; -1 for an unlabelled item.
    S : ndarray of shape (n_classes, n_semantic)
    mapping : LearnedMapping, optional
        A `PrototypeMapping` by default. Not changed.
    gamma : float, optional
        The penalty of seen classes. By default it is chosen on pseudo-unseen folds: some seen
        classes are hidden, and the penalty with the best H on held-out rows is taken.
    gate : bool
        Learn a soft gate on those folds instead of a penalty.
    multi_label : bool
    scale : ScoreScale
        Of scores for which too few rows are left to fit one.

    Raises
    ------
    OptionError
        If both `gamma` and `gate` are given.
    """
    check_seen_step(gamma, gate=gate)
    fitted = clone(mapping or PrototypeMapping()).fit(X, y, S)
    seen_mask = np.isin(np.arange(len(S)), fitted.seen_)
    hidden = [] if seen_mask.all() else pseudo_unseen_folds(fitted, X, y, S)
    seen = _seen_step(hidden, gamma=gamma, gate=gate)
    folds = hidden or row_folds(fitted, X, y, S)
    scaling = _scaling(folds, seen, multi_label=multi_label) or scale.scaling(
        len(S), multi_label=multi_label
    )
    return Learned(fitted, seen_mask, CalibrationChain(scaling, seen=seen))


def _loss(folds: Sequence[Fold]) -> float:
    """Return the mean of -log p of the rows of the folds, at the temperature that suits them."""
    scores, y = np.vstack([f.scores for f in folds]), np.concatenate([f.y for f in folds])
    proba = TemperatureScaling.from_validation(scores, y).proba(scores)
    return -float(np.log(np.maximum(proba[np.arange(len(y)), y], _TINY)).mean())


def check_seen_step(gamma: float | None, *, gate: bool) -> None:
    """Raise `OptionError` for a penalty and a gate at once: one takes the place of the other."""
    if gamma is not None and gate:
        raise OptionError("gamma and gate are two ways to treat seen classes: choose one of them")


def row_folds(mapping: LearnedMapping, X: FloatArray, y: IntArray, S: FloatArray) -> list[Fold]:
    """Score every third labelled row of a class by a clone fitted on the others.

    Classes with one row lend none. Empty if there is nothing to hold out.
    """
    place = np.full(len(y), -1)
    for c in np.setdiff1d(y, [UNLABELLED]):
        rows = np.flatnonzero(y == c)
        if len(rows) > 1:
            place[rows] = np.arange(len(rows)) % min(_ROW_FOLDS, len(rows))
    folds = []
    for k in range(_ROW_FOLDS):
        test = place == k
        if test.any():
            model = clone(mapping).fit(X[~test], y[~test], S)
            seen_mask = np.isin(np.arange(len(S)), model.seen_)
            folds.append(Fold(model.compatibility(X[test], S), y[test], seen_mask))
    return folds


def calibrate(
    chain: CalibrationChain,
    scores: FloatArray,
    y: IntArray,
    seen_mask: BoolArray,
    *,
    multi_label: bool = False,
    isotonic: bool = False,
    null_scores: FloatArray | None = None,
    target_precision: float | None = None,
    prior: Sequence[float] | None = None,
) -> CalibrationChain:
    """Fit the steps of a chain, in their order, on validation rows.

    Parameters
    ----------
    chain : CalibrationChain
        Its null offsets are kept; so is its treatment of seen classes, unless the rows are of seen
        and unseen ones: then the penalty is chosen on them.
    scores : ndarray of shape (n_items, n_classes)
        Raw compatibility scores.
    y : ndarray of shape (n_items,), int
        -1 for an item of no class: it counts as wrong where a precision is aimed at.
    seen_mask : ndarray of shape (n_classes,), bool
    multi_label : bool
    isotonic : bool
        In multi-label mode, fit a step function instead of a sigmoid; for a thousand rows or more.
    null_scores : ndarray of shape (n_null, n_classes), optional
        Scores of items that say nothing: what a class scores on them is taken off.
    target_precision : float, optional
        0..1: choose the threshold that reaches it.
    prior : sequence of float, length n_classes, optional
        Shares of the classes to expect. A wrong one does harm: see `PriorShift`.
    """
    chain = replace(chain, prior=None, abstention=None)
    if null_scores is not None:
        chain = replace(chain, null=NullOffsets.from_null_scores(null_scores))
    kinds = seen_mask[y[y != UNLABELLED]]
    if kinds.any() and not kinds.all():
        base = scores if chain.null is None else chain.null.apply(scores)
        chain = replace(chain, seen=SeenPenalty.from_validation(base, y, seen_mask))
    adjusted = chain.adjust(scores, seen_mask)
    if isotonic and multi_label:
        steps = IsotonicScaling.from_validation(adjusted, _one_hot(y, adjusted.shape[1]))
        chain = replace(chain, scaling=steps)
    else:
        chain = replace(chain, scaling=_fit_scaling(adjusted, y, multi_label=multi_label))
    if prior is not None:
        proba = chain.proba(scores, seen_mask)
        chain = replace(chain, prior=PriorShift.towards(proba, prior))
    if target_precision is not None:
        proba = chain.proba(scores, seen_mask)
        abstention = Abstention.from_validation(
            proba.max(axis=1), proba.argmax(axis=1) == y, target_precision=target_precision
        )
        chain = replace(chain, abstention=abstention)
    return chain


def _seen_step(
    folds: Sequence[Fold], *, gamma: float | None, gate: bool
) -> SeenPenalty | SoftGate | None:
    if gamma is not None:
        return SeenPenalty(gamma)
    triples = [(fold.scores, fold.y, fold.seen_mask) for fold in folds]
    if not triples:
        return None
    return SoftGate.from_folds(triples) if gate else SeenPenalty.from_folds(triples)


def _scaling(
    folds: Sequence[Fold], seen: SeenPenalty | SoftGate | None, *, multi_label: bool
) -> TemperatureScaling | PlattScaling | None:
    if not folds:
        return None
    adjusted = [f.scores if seen is None else seen.apply(f.scores, f.seen_mask) for f in folds]
    y = np.concatenate([f.y for f in folds])
    return _fit_scaling(np.vstack(adjusted), y, multi_label=multi_label)


def _fit_scaling(
    scores: FloatArray, y: IntArray, *, multi_label: bool
) -> TemperatureScaling | PlattScaling:
    if multi_label:
        return PlattScaling.from_validation(scores, _one_hot(y, scores.shape[1]))
    return TemperatureScaling.from_validation(scores, y)


def _one_hot(y: IntArray, n_classes: int) -> BoolArray:
    return np.asarray(y[:, None] == np.arange(n_classes))
