"""Metrics on plain arrays: class indices, scores and probabilities in, numbers and curves out."""

from zstext.metrics.classification import (
    ClassReport,
    accuracy,
    class_report,
    confusion_counts,
    macro_f1,
)
from zstext.metrics.multilabel import macro_f1_multilabel, mean_average_precision, micro_f1
from zstext.metrics.reliability import (
    ReliabilityBins,
    brier_score,
    expected_calibration_error,
    reliability_bins,
)
from zstext.metrics.seen_unseen import (
    SeenUnseen,
    SeenUnseenCurve,
    pooled_curve,
    seen_unseen,
    seen_unseen_curve,
)
from zstext.metrics.selective import RiskCoverage, auroc, risk_coverage

__all__ = [
    "ClassReport",
    "ReliabilityBins",
    "RiskCoverage",
    "SeenUnseen",
    "SeenUnseenCurve",
    "accuracy",
    "auroc",
    "brier_score",
    "class_report",
    "confusion_counts",
    "expected_calibration_error",
    "macro_f1",
    "macro_f1_multilabel",
    "mean_average_precision",
    "micro_f1",
    "pooled_curve",
    "reliability_bins",
    "risk_coverage",
    "seen_unseen",
    "seen_unseen_curve",
]
