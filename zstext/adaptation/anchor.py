"""What zero-shot scores say before any document is learned from, and the bias they carry."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.calibration.probability import log_softmax
from zstext.protocols import FloatArray

BIAS = 0.75
"""How much a label's name alone shifts its scores, a standard deviation in nats."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """Zero-shot log-probabilities, less what each label scores whatever the document.

    A label that scores high on average has either many documents or a name that suits any text.
    The average log-probability of a label above the others, o_c, is therefore taken off by
    ``BIAS^2 / (BIAS^2 + spread^2)``, the share of its variance that names explain if a class share
    moves it as much as documents differ (`spread`). Where labels hardly tell documents apart, most
    of it goes; where they do, most of it stays, and a common class keeps its advantage.

    Attributes
    ----------
    offsets : ndarray of shape (n_classes,)
        What is taken off, in nats; they sum to 0.
    spread : float
        Standard deviation, in nats, of the log-probabilities of a document against each other,
        averages of labels and documents taken off.
    """

    offsets: FloatArray
    spread: float

    @classmethod
    def of(cls, log_proba: FloatArray) -> Anchor:
        """Estimate both from the documents.

        Parameters
        ----------
        log_proba : ndarray of shape (n_documents, n_classes)
        """
        D = log_proba - log_proba.mean(axis=1, keepdims=True)
        o = D.mean(axis=0)
        spread = float((D - o).std())
        return cls(o * BIAS**2 / (BIAS**2 + spread**2), spread)

    def apply(self, log_proba: FloatArray) -> FloatArray:
        """Return log-probabilities without the bias, rows summing to 1 after exp."""
        return log_softmax(log_proba - self.offsets)
