"""What adapting changed: class shares before and after, and the documents that moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zstext.protocols import FloatArray, IntArray

EXAMPLES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Before against after, on the documents that were adapted on.

    Attributes
    ----------
    adapted : bool
    reason : str or None
        Why it did not adapt.
    documents : int
        Rows that are compared.
    distinct : int
        Different documents that were adapted on.
    shares_before, shares_after : ndarray of shape (n_classes,)
        Share of the documents whose best class this is.
    before, after : ndarray of shape (n_documents,), int
        The best class of every document.
    examples : ndarray of shape (n_examples,), int
        Row numbers of up to 20 that changed, the surest first.
    """

    adapted: bool
    reason: str | None
    documents: int
    distinct: int
    shares_before: FloatArray
    shares_after: FloatArray
    before: IntArray
    after: IntArray
    examples: IntArray

    @property
    def changed(self) -> int:
        """How many documents have another best class than before."""
        return int((self.before != self.after).sum())

    @classmethod
    def between(
        cls, before: FloatArray, after: FloatArray, *, distinct: int, reason: str | None
    ) -> Changes:
        """Compare log-probabilities.

        Parameters
        ----------
        before, after : ndarray of shape (n_documents, n_classes)
        distinct : int
        reason : str or None
        """
        n, k = before.shape
        old, new = before.argmax(axis=1), after.argmax(axis=1)
        moved = np.flatnonzero(old != new)
        gain = after[moved, new[moved]] - after[moved, old[moved]]
        surest = np.argsort(-gain, kind="stable")[:EXAMPLES]
        return cls(
            adapted=reason is None,
            reason=reason,
            documents=n,
            distinct=distinct,
            shares_before=np.bincount(old, minlength=k) / max(n, 1),
            shares_after=np.bincount(new, minlength=k) / max(n, 1),
            before=old,
            after=new,
            examples=moved[surest],
        )

    def summary(self) -> str:
        """Say in one line what happened, for a terminal."""
        if not self.adapted:
            return f"not adapted: {self.reason}; the scores stay as they were"
        return (
            f"adapted on {self.distinct:,} different documents: "
            f"{self.changed:,} of {self.documents:,} changed their label"
        )
