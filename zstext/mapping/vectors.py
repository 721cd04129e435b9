"""Vector arithmetic that the mappings share."""

from __future__ import annotations

import numpy as np

from zstext.protocols import FloatArray, IntArray


def unit_rows(X: FloatArray) -> FloatArray:
    """Return the rows of `X` at length 1, in float64; a zero row stays zero.

    Parameters
    ----------
    X : ndarray of shape (..., d)
    """
    X = np.asarray(X, dtype=np.float64)
    lengths = np.linalg.norm(X, axis=-1, keepdims=True)
    unit: FloatArray = np.divide(X, lengths, out=np.zeros_like(X), where=lengths > 0)
    return unit


def equal_rows(X: FloatArray) -> tuple[IntArray, IntArray]:
    """Return which rows of `X` are the first of their kind, and for every row which of those it is.

    Parameters
    ----------
    X : ndarray of shape (n, d)

    Returns
    -------
    first : ndarray of shape (n_distinct,), int
        Row numbers, ascending.
    inverse : ndarray of shape (n,), int
        ``X[first][inverse]`` equals `X`.
    """
    kinds: dict[bytes, int] = {}
    inverse = [kinds.setdefault(row.tobytes(), len(kinds)) for row in X]
    numbers: IntArray = np.array(inverse, dtype=np.intp)
    first: IntArray = np.unique(numbers, return_index=True)[1]
    return first, numbers
