"""Documents in an order of their own, each once: so that neither order nor copies matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zstext.errors import InputError
from zstext.protocols import FloatArray, IntArray


def as_features(X: ArrayLike) -> NDArray[np.float32]:
    """Return features in float32, whose memory a million documents do not exceed.

    Raises
    ------
    InputError
        If it is no matrix or holds a value that is not finite.
    """
    F = np.asarray(X, dtype=np.float32)
    if F.ndim != 2:
        raise InputError(f"features must be a matrix, got an array of shape {F.shape}")
    if not np.isfinite(F).all():
        raise InputError("features holds values that are not finite; remove or repair those rows")
    return F


def canonical(X: FloatArray, y: IntArray, P: FloatArray) -> IntArray:
    """Return the rows to learn from: the distinct ones, in an order that their content decides.

    Rows are equal if their features, their labels and their log-probabilities are: with the same
    features, entailment may still tell two documents apart. The order is that of the bytes, on
    little-endian machines of the last bits first: every other row is as good as a random sample.

    Parameters
    ----------
    X : ndarray of shape (n_documents, n_features), float32
    y : ndarray of shape (n_documents,), int
    P : ndarray of shape (n_documents, n_classes), float64
    """
    content = np.dtype([("X", "f4", X.shape[1]), ("y", "f4"), ("P", "f8", P.shape[1])])
    whole = np.empty(len(X), dtype=content)
    whole["y"] = y
    np.add(X, 0.0, out=whole["X"])  # -0 is 0
    np.add(P, 0.0, out=whole["P"])
    return np.asarray(np.unique(whole.view(f"V{content.itemsize}"), return_index=True)[1])
