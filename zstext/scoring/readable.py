"""Items that the encoder could read, among those it could not."""

from __future__ import annotations

import numpy as np

from zstext.protocols import Encoded, FloatArray, IntArray


def readable_items(encoded: Encoded) -> tuple[IntArray, Encoded]:
    """Return which items could be read, shape (n_readable,), and those alone."""
    mask = np.ones(len(encoded.counts), dtype=np.bool_)
    mask[list(encoded.reasons)] = False
    rows = np.flatnonzero(mask)
    if not encoded.reasons:
        return rows, encoded
    kept = np.repeat(mask, encoded.counts)
    middle = None if encoded.middle is None else encoded.middle[kept]
    counts, truncated = encoded.counts[rows], encoded.truncated[rows]
    return rows, Encoded(encoded.windows[kept], counts, truncated, middle=middle)


def placed(values: FloatArray, rows: IntArray, n_items: int) -> FloatArray:
    """Return a matrix of `n_items` rows with `values` in `rows`, and NaN in the others.

    Parameters
    ----------
    values : ndarray of shape (n_readable, n_columns)
    rows : ndarray of shape (n_readable,), int
    n_items : int
    """
    if len(rows) == n_items:
        return values
    out = np.full((n_items, values.shape[1]), np.nan, dtype=values.dtype)
    out[rows] = values
    return out
