"""What may be evaluated: arrays that fit together and are what they are said to be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError, OptionError
from zstext.protocols import BoolArray, FloatArray, IntArray

OUT_OF_SCOPE = -1
"""The true class of an item that belongs to none of the classes."""

_SUM_TOLERANCE = 1e-3


def as_proba(proba: ArrayLike, n_classes: int, *, multi_label: bool) -> FloatArray:
    """Return `proba` as float64; the row of an item that was not classified is NaN throughout.

    Raises
    ------
    InputError
        If there is no row, the columns are not the classes, a value is not in 0..1, a row is NaN in
        part, or (single-label) a row does not sum to 1.
    """
    P = np.asarray(proba, dtype=np.float64)
    if P.ndim != 2 or P.shape[1] != n_classes:
        raise InputError(
            f"probabilities must have a column for each of the {n_classes} classes, "
            f"got an array of shape {P.shape}"
        )
    if not len(P):
        raise InputError("nothing to evaluate: there are no rows; give labelled test documents")
    nan = np.isnan(P)
    bad = (nan.any(axis=1) & ~nan.all(axis=1)) | ((P < -1e-6) | (P > 1 + 1e-6)).any(axis=1)
    if bad.any():
        row = int(bad.argmax())
        raise InputError(
            f"row {row} of the probabilities is {P[row].tolist()!s:.60}; every value must be in "
            "0..1, or all NaN if the item was not classified"
        )
    off = np.abs(P.sum(axis=1) - 1) > _SUM_TOLERANCE  # never true of a NaN row
    if not multi_label and off.any():
        row = int(off.argmax())
        raise InputError(
            f"row {row} of the probabilities sums to {P[row].sum():.3g}, expected 1; give "
            "probabilities, not scores, or say multi_label=True"
        )
    return np.clip(P, 0.0, 1.0)


def as_classes(y_true: ArrayLike, n_items: int, n_classes: int) -> IntArray:
    """Return the true class of every item, -1 for an item of no class.

    Raises
    ------
    InputError
        If the length is wrong, a value is not -1 or the index of a class, or no item has a class.
    """
    y = np.asarray(y_true)
    if y.shape != (n_items,) or not np.issubdtype(y.dtype, np.integer):
        raise InputError(
            f"the truth must be one integer class index for each of {n_items} items, "
            f"got {y.dtype} of shape {y.shape}"
        )
    bad = y[(y < OUT_OF_SCOPE) | (y >= n_classes)]
    if len(bad):
        raise InputError(
            f"class index {bad[0]} but there are {n_classes} classes; use 0..{n_classes - 1}, "
            f"or {OUT_OF_SCOPE} for an item of no class"
        )
    if (y == OUT_OF_SCOPE).all():
        raise InputError(f"none of the {n_items} items belongs to a class; nothing can be measured")
    return y.astype(np.int64)


def as_label_sets(y_true: ArrayLike, n_items: int, n_classes: int) -> BoolArray:
    """Return which item has which label.

    Raises
    ------
    InputError
        If the shape is wrong, a value is not 0 or 1, or no item has a label.
    """
    Y = np.asarray(y_true)
    if Y.shape != (n_items, n_classes) or not np.isin(Y, (0, 1)).all():
        raise InputError(
            f"the multi-label truth must be true or false for each of {n_items} items and "
            f"{n_classes} classes, got {Y.dtype} of shape {Y.shape}"
        )
    if not Y.any():
        raise InputError(f"none of the {n_items} items has a label; nothing can be measured")
    return Y.astype(bool)


def as_mask(mask: ArrayLike, size: int, what: str) -> BoolArray:
    """Return `mask` as a bool vector of length `size`.

    Raises
    ------
    InputError
        If it is not one true or false for each.
    """
    M = np.asarray(mask)
    if M.shape != (size,) or M.dtype != bool:
        raise InputError(f"{what} must be {size} times true or false, got {M.dtype} {M.shape}")
    return M


def as_rows(A: ArrayLike, n_items: int, what: str, *, n_columns: int | None = None) -> FloatArray:
    """Return `A` as a float64 matrix with a row for every item.

    Raises
    ------
    InputError
        If it is not a matrix of `n_items` rows, or does not have the columns it should have.
    """
    M = np.asarray(A, dtype=np.float64)
    if M.ndim != 2 or len(M) != n_items:
        raise InputError(f"{what} must have a row for each of {n_items} items, got {M.shape}")
    if n_columns not in (None, M.shape[1]):
        raise InputError(f"{what} must have {n_columns} columns, got {M.shape[1]}")
    return M


def refuse(reason: str, **options: Any) -> None:
    """Raise OptionError if one of `options` was given."""
    if given := [name for name, value in options.items() if value is not None]:
        raise OptionError(f"{', '.join(given)}: {reason}")
