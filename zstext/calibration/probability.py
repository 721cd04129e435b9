"""Softmax, its logarithm, and the loss that calibration minimises."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp
from scipy.special import softmax as scipy_softmax

from zstext.protocols import FloatArray


def log_softmax(scores: FloatArray) -> FloatArray:
    """Return log probabilities, rows of which sum to 1 after exp."""
    return np.asarray(scores - logsumexp(scores, axis=1, keepdims=True))


def softmax(scores: FloatArray) -> FloatArray:
    """Return probabilities, rows of which sum to 1."""
    return np.asarray(scipy_softmax(scores, axis=1))  # exact where exp(log) is not: ties share 1/n
