"""Vector arithmetic that the mappings share."""

from __future__ import annotations

import numpy as np

from zstext.protocols import FloatArray


def unit_rows(X: FloatArray) -> FloatArray:
    """Return the rows of `X` at length 1, in float64; a zero row stays zero.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    """
    X = np.asarray(X, dtype=np.float64)
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    unit: FloatArray = np.divide(X, lengths, out=np.zeros_like(X), where=lengths > 0)
    return unit
