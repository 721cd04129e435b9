"""How good the answers are: probabilities and the truth in, one frozen result out."""

from zstext.evaluation.evaluate import evaluate_scores
from zstext.evaluation.provenance import provenance
from zstext.evaluation.results import (
    Evaluation,
    Generalized,
    Items,
    MultiLabel,
    Selective,
    Shortlist,
)

__all__ = [
    "Evaluation",
    "Generalized",
    "Items",
    "MultiLabel",
    "Selective",
    "Shortlist",
    "evaluate_scores",
    "provenance",
]
