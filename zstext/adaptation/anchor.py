"""What zero-shot scores say before any document is learned from, and the bias they carry."""

from __future__ import annotations

from dataclasses import dataclass

from zstext.calibration.probability import log_softmax
from zstext.protocols import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """Zero-shot log-probabilities, less a share of what each label scores whatever the document.

    A label that scores high on average has either many documents or a name that suits any text, and
    no average says which. How much of it is taken off is for the caller to decide.

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
    def of(cls, log_proba: FloatArray, share: float) -> Anchor:
        """Estimate both from the documents.

        Parameters
        ----------
        log_proba : ndarray of shape (n_documents, n_classes)
        share : float
            Of the average log-probability of a label above the others, what is taken off: 0..1.
        """
        D = log_proba - log_proba.mean(axis=1, keepdims=True)
        o = D.mean(axis=0)
        spread = float((D - o).std())
        return cls(share * o, spread)

    def apply(self, log_proba: FloatArray) -> FloatArray:
        """Return log-probabilities without the bias, rows summing to 1 after exp."""
        return log_softmax(log_proba - self.offsets)
