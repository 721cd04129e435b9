"""Accuracy and F1 of single-label predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zstext.errors import InputError
from zstext.protocols import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class ClassReport:
    """How every class fared.

    Attributes
    ----------
    precision, recall, f1 : ndarray of shape (n_classes,), in 0..1
        0 where the denominator is 0.
    support : ndarray of shape (n_classes,), int
        True items of the class.
    predicted : ndarray of shape (n_classes,), int
        Items said to be of the class.
    """

    precision: FloatArray
    recall: FloatArray
    f1: FloatArray
    support: IntArray
    predicted: IntArray


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Return the share of items whose prediction is right, in 0..1."""
    y_true, y_pred = _pair(y_true, y_pred)
    return float((y_true == y_pred).mean())


def confusion_counts(y_true: ArrayLike, y_pred: ArrayLike, n_classes: int) -> IntArray:
    """Return how many items of class i were said to be of class j, shape (n_classes, n_classes).

    Items whose prediction is -1 (no answer) are in no column.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    counts = np.zeros((n_classes, n_classes), dtype=np.int64)
    answered = y_pred >= 0
    np.add.at(counts, (y_true[answered], y_pred[answered]), 1)
    return counts


def class_report(y_true: ArrayLike, y_pred: ArrayLike, n_classes: int) -> ClassReport:
    """Return precision, recall and F1 of every class."""
    y_true, y_pred = _pair(y_true, y_pred)
    right = np.diag(confusion_counts(y_true, y_pred, n_classes))
    support = np.bincount(y_true, minlength=n_classes)
    predicted = np.bincount(y_pred[y_pred >= 0], minlength=n_classes)
    return ClassReport(
        precision=right / np.maximum(predicted, 1),
        recall=right / np.maximum(support, 1),
        f1=2 * right / np.maximum(support + predicted, 1),
        support=support,
        predicted=predicted,
    )


def macro_f1(y_true: ArrayLike, y_pred: ArrayLike, n_classes: int) -> float:
    """Return the mean F1 of the classes that occur, as truth or as prediction, in 0..1."""
    report = class_report(y_true, y_pred, n_classes)
    return float(report.f1[(report.support + report.predicted) > 0].mean())


def _pair(y_true: ArrayLike, y_pred: ArrayLike) -> tuple[IntArray, IntArray]:
    truth, prediction = np.asarray(y_true, dtype=np.int64), np.asarray(y_pred, dtype=np.int64)
    if truth.shape != prediction.shape or truth.ndim != 1 or not len(truth):
        raise InputError(
            "need one prediction for each of one or more items, got shapes "
            f"{truth.shape} and {prediction.shape}"
        )
    return truth, prediction
