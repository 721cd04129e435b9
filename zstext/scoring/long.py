"""How an item of several windows is scored."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np

from zstext.errors import OptionError, did_you_mean
from zstext.protocols import FloatArray, IntArray

LongStrategy: TypeAlias = Literal["mean", "max", "truncate"]


def check_long(long: str) -> None:
    """Raise `OptionError` unless `long` is a `LongStrategy`."""
    if long not in get_args(LongStrategy):
        raise OptionError(
            f"long must be one of {', '.join(get_args(LongStrategy))}, got {long!r}"
            f"{did_you_mean(str(long), get_args(LongStrategy))}"
        )


def best_windows(scores: FloatArray, counts: IntArray) -> FloatArray:
    """Return each item's best window for each class, shape (n_items, n_classes).

    Parameters
    ----------
    scores : ndarray of shape (n_windows, n_classes)
    counts : ndarray of shape (n_items,), int
    """
    return np.maximum.reduceat(scores, _starts(counts), axis=0) if len(counts) else scores


def mean_scores(scores: FloatArray, counts: IntArray) -> FloatArray:
    """Return the mean score of each item's windows, shape (n_items, n_classes).

    Parameters
    ----------
    scores : ndarray of shape (n_windows, n_classes)
    counts : ndarray of shape (n_items,), int
    """
    if not len(counts):
        return scores
    return np.add.reduceat(scores, _starts(counts), axis=0) / counts[:, None]


def _starts(counts: IntArray) -> IntArray:
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
