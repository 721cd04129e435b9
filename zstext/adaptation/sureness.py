"""How sure the adapted probabilities may be."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from zstext.calibration.probability import softmax
from zstext.protocols import FloatArray

_LOG_RANGE = (np.log(1e-2), np.log(1e4))


def as_sure_as(scores: FloatArray, sureness: float) -> float:
    """Return the temperature at which scores are as sure as zero-shot was.

    Gaussians in many dimensions are far too sure of themselves, and without labels nothing says how
    often they are right. Zero-shot probabilities were made honest on labelled sets, so the adapted
    ones get the same mean top probability: if adapting helps, they say too little, not too much.

    Parameters
    ----------
    scores : ndarray of shape (n_documents, n_classes)
        Logits.
    sureness : float
        The mean top probability wanted.

    Returns
    -------
    float
        In 0.01..10,000; the mean top probability falls as it grows.
    """

    def excess(log_t: float) -> float:
        return float(softmax(scores / np.exp(log_t)).max(axis=1).mean()) - sureness

    low, high = _LOG_RANGE
    if excess(low) <= 0:
        return float(np.exp(low))
    if excess(high) >= 0:
        return float(np.exp(high))
    return float(np.exp(brentq(excess, low, high, xtol=1e-9)))
