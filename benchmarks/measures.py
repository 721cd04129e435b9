"""The measures of the accuracy table. All are 0..1; no document or class is skipped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

BINS = 15


def single_label(truth: Sequence[str], predicted: Sequence[str | None]) -> dict[str, float]:
    """Return macro-F1 over the classes that occur in `truth`, and accuracy.

    A document without a prediction counts as wrong.
    """
    given = [p or "" for p in predicted]
    return {
        "macro_f1": float(
            f1_score(truth, given, labels=sorted(set(truth)), average="macro", zero_division=0)
        ),
        "accuracy": float(np.mean([t == p for t, p in zip(truth, given, strict=True)])),
    }


def multi_label(truth: NDArray[Any], scores: NDArray[Any]) -> dict[str, float]:
    """Return micro- and macro-F1 of scores from .5 up, and mean average precision.

    Macro-F1 and mAP are means over the classes that occur in `truth`.

    Parameters
    ----------
    truth : ndarray of shape (n_documents, n_classes), of 0 and 1
    scores : ndarray of shape (n_documents, n_classes)
    """
    occurs = truth.any(axis=0)
    truth, scores = truth[:, occurs], scores[:, occurs]
    predicted = (scores >= 0.5).astype(int)
    return {
        "micro_f1": float(f1_score(truth, predicted, average="micro", zero_division=0)),
        "macro_f1": float(f1_score(truth, predicted, average="macro", zero_division=0)),
        "map": float(average_precision_score(truth, scores, average="macro")),
    }


def calibration_error(confidence: Sequence[float], correct: Sequence[bool]) -> float:
    """Return the expected calibration error, in 15 bins of equal width (Guo et al. 2017).

    ECE = sum_b |B_b| / n * |acc(B_b) - conf(B_b)|.
    """
    p, hit = np.asarray(confidence, dtype=float), np.asarray(correct, dtype=float)
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=hit - p, minlength=BINS)
    return float(np.abs(gaps).sum() / len(p))


def detection(scores: Sequence[float], in_scope: Sequence[bool]) -> float:
    """Return the AUROC of a score that ought to be higher for documents in scope."""
    return float(roc_auc_score(in_scope, scores))
