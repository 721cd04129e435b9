"""Documents in an order of their own, each once: so that neither order nor copies matter."""

from __future__ import annotations

import numpy as np

from zstext.protocols import FloatArray, IntArray


def canonical(X: FloatArray, y: IntArray) -> IntArray:
    """Return the rows to learn from: the distinct ones, in an order that their content decides.

    Rows are equal if their features are so in float32 and their label is the same.

    Parameters
    ----------
    X : ndarray of shape (n_documents, n_features)
    y : ndarray of shape (n_documents,), int
    """
    whole = np.column_stack([X.astype(np.float32), y.astype(np.float32)]) + 0.0  # -0 is 0
    keys = np.ascontiguousarray(whole).view(f"V{whole.shape[1] * whole.itemsize}").ravel()
    return np.asarray(np.unique(keys, return_index=True)[1])
