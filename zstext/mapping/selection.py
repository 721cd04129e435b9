"""Cross-validation over classes: hide some seen classes, and treat them as unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid

from zstext.errors import InputError, OptionError
from zstext.mapping.arrays import UNLABELLED, as_class_indices, as_matrix
from zstext.mapping.base import LearnedMapping
from zstext.protocols import BoolArray, FloatArray, IntArray

_MIN_CLASSES = 5


class ClassKFold:
    """A scikit-learn splitter whose folds are groups of classes.

    The test rows of a fold are all rows of its classes (pseudo-unseen) and, if `held_out` is above
    zero, a part of the rows of every other class that has two or more. Unlabelled rows (-1) are
    always in the training part.

    Works as ``cv`` of GridSearchCV, with the class embeddings as a fit parameter:
    ``GridSearchCV(RidgeMapping(), grid, cv=ClassKFold()).fit(X, y, S=S)``. scikit-learn cuts any
    fit parameter that is as long as `X`, so there must not be as many classes as items; `select`
    has no such limit.

    Parameters
    ----------
    n_splits : int, >= 2
        No more folds are made than there are classes.
    held_out : float, in 0..1
    random_state : int
    """

    def __init__(self, n_splits: int = 3, *, held_out: float = 0.0, random_state: int = 0) -> None:
        if n_splits < 2 or not 0 <= held_out < 1:
            raise OptionError(
                f"n_splits must be at least 2 and held_out in 0..1, got {n_splits} and {held_out}"
            )
        self.n_splits = n_splits
        self.held_out = held_out
        self.random_state = random_state

    def get_n_splits(
        self,
        X: ArrayLike | None = None,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> int:
        """Return the number of folds, which the number of classes in `y` limits."""
        if y is None:
            return self.n_splits
        return min(self.n_splits, len(np.setdiff1d(np.asarray(y), [UNLABELLED])))

    def split(
        self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None
    ) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield the training and the test rows of every fold.

        Raises
        ------
        InputError
            If fewer than two classes occur in `y`.
        """
        y = np.asarray(y)
        classes = np.setdiff1d(y, [UNLABELLED])
        if len(classes) < 2:
            raise InputError(f"folds of classes need two classes or more, got {len(classes)}")
        rng = np.random.default_rng(self.random_state)
        shuffled, n_splits = rng.permutation(classes), self.get_n_splits(y=y)
        for fold in range(n_splits):
            test = np.isin(y, shuffled[fold::n_splits])
            for c in np.setdiff1d(classes, shuffled[fold::n_splits]):
                rows = rng.permutation(np.flatnonzero(y == c))
                n_held = min(max(round(self.held_out * len(rows)), 1), len(rows) - 1)
                test[rows[: n_held if self.held_out else 0]] = True
            yield np.flatnonzero(~test), np.flatnonzero(test)


class Fold(NamedTuple):
    """Scores of rows that a mapping was not fitted on, some of them of classes it never saw.

    Attributes
    ----------
    scores : ndarray of shape (n_items, n_classes)
    y : ndarray of shape (n_items,), int
    seen_mask : ndarray of shape (n_classes,), bool
        False for the pseudo-unseen classes, and for those that no label is known of.
    """

    scores: FloatArray
    y: IntArray
    seen_mask: BoolArray


def pseudo_unseen_folds(
    mapping: LearnedMapping,
    X: ArrayLike,
    y: ArrayLike,
    S: ArrayLike,
    *,
    n_splits: int = 10,
    held_out: float = 0.1,
    random_state: int = 0,
) -> list[Fold]:
    """Fit clones of `mapping` with some seen classes hidden; score what was held out.

    A fold is to be as much like what is fitted in the end as can be: only a tenth of the seen
    classes is hidden, each in one fold, and the classes that are really unseen compete. Of those
    the embeddings take part, which the user has given; what is scored are labelled rows, all of
    seen classes, so that no row known to be of an unseen class can leak into what is chosen.

    Unlabelled rows take part in fitting, as in `fit`, and half of the rows of a hidden class join
    them without their labels, so that a mapping that learns from unlabelled rows is measured as it
    will be used.

    Parameters
    ----------
    mapping : LearnedMapping
        Not changed.
    X, y, S
        As for `LearnedMapping.fit`.
    n_splits, held_out, random_state
        As for `ClassKFold`.

    Returns
    -------
    list of Fold
        Empty if fewer than five classes are seen, or no class has a row to spare. With so few,
        what is left to fit on is unlike the whole: on data/train a penalty chosen on it did harm.
    """
    X, S = as_matrix(X, "features"), as_matrix(S, "class embeddings")
    y = as_class_indices(y, len(X), len(S))
    classes, counts = np.unique(y[y != UNLABELLED], return_counts=True)
    if len(classes) < _MIN_CLASSES or counts.max(initial=0) < 2:
        return []
    splitter = ClassKFold(n_splits, held_out=held_out, random_state=random_state)
    return [_scored(mapping, X, y, S, *split) for split in splitter.split(X, _by_embedding(y, S))]


def _scored(
    mapping: LearnedMapping,
    X: FloatArray,
    y: IntArray,
    S: FloatArray,
    train: IntArray,
    test: IntArray,
) -> Fold:
    """Fit on `train`, score `test` over all classes."""
    y_fit = y.copy()
    hidden = test[~np.isin(y[test], y[train])]
    if (y == UNLABELLED).any():
        lent = hidden[::2]
        y_fit[lent] = UNLABELLED
        train, test = np.union1d(train, lent), np.setdiff1d(test, lent)
    fitted = _fresh(mapping).fit(X[train], y_fit[train], S)
    seen_mask = np.isin(np.arange(len(S)), fitted.seen_)
    return Fold(fitted.compatibility(X[test], S), y[test], seen_mask)


def select(
    mapping: LearnedMapping,
    grid: Mapping[str, Any],
    X: ArrayLike,
    y: ArrayLike,
    S: ArrayLike,
    *,
    n_splits: int = 3,
    random_state: int = 0,
) -> LearnedMapping:
    """Return `mapping` with the options of `grid` that do best on classes never trained on, fitted.

    Parameters
    ----------
    mapping : LearnedMapping
        Not changed.
    grid : mapping of str to sequence
        As for scikit-learn's ParameterGrid. The first of equally good options is taken.
    X, y, S
        As for `LearnedMapping.fit`. With fewer than two seen classes nothing can be compared, and
        the options of `mapping` stay as they are.
    n_splits, random_state
        As for `ClassKFold`.
    """
    X, y = as_matrix(X, "features"), np.asarray(y)
    if len(np.setdiff1d(y, [UNLABELLED])) < 2:
        return _fresh(mapping).fit(X, y, S)
    dealt = _by_embedding(y, as_matrix(S, "class embeddings"))
    splits = list(ClassKFold(n_splits, random_state=random_state).split(X, dealt))

    def quality(options: dict[str, Any]) -> float:
        model = _fresh(mapping, **options)
        return float(np.mean([model.fit(X[a], y[a], S).score(X[b], y[b]) for a, b in splits]))

    best = max(ParameterGrid(dict(grid)), key=quality)
    return _fresh(mapping, **best).fit(X, y, S)


def _by_embedding(y: IntArray, S: FloatArray) -> IntArray:
    """Return the classes of rows, numbered in the order of their embeddings.

    Folds are dealt out by number, and must not depend on the order in which labels are named.
    """
    rank = np.empty(len(S), dtype=np.int64)
    rank[np.lexsort(S.T[::-1])] = np.arange(len(S))
    return np.where(y == UNLABELLED, UNLABELLED, rank[y])


def _fresh(mapping: LearnedMapping, **options: Any) -> LearnedMapping:
    copy: LearnedMapping = clone(mapping).set_params(**options)
    return copy
