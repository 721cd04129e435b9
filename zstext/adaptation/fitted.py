"""The fitted adaptation: small, saved, and good for documents it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from zstext.adaptation.anchor import Anchor
from zstext.adaptation.changes import Changes
from zstext.adaptation.mixture import Mixture
from zstext.adaptation.rows import as_features, canonical
from zstext.adaptation.support import Support
from zstext.adaptation.sureness import as_sure_as
from zstext.adaptation.trust import Trust
from zstext.calibration.probability import log_softmax
from zstext.errors import InputError
from zstext.mapping.arrays import UNLABELLED, as_class_indices, as_matrix
from zstext.protocols import FloatArray
from zstext.state import State

MOST = 50_000
"""Documents learned from; of more, a sample of that size."""
_CHUNK = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Adaptation:
    """Where the classes lie among the user's documents, next to the zero-shot anchor.

    Attributes
    ----------
    support : Support
    anchor : Anchor
    mixture : Mixture or None
        None if the documents do not support adapting: `apply` then returns what it is given.
    temperature : float
        Of the adapted logits; see `as_sure_as`.
    views : tuple of int
        How many columns each kind of features takes; empty without a mixture.
    """

    support: Support
    anchor: Anchor
    mixture: Mixture | None
    temperature: float = 1.0
    views: tuple[int, ...] = ()

    @classmethod
    def fit(
        cls,
        X: ArrayLike,
        log_proba: ArrayLike,
        y: ArrayLike | None = None,
        *,
        views: Sequence[int] = (),
        trust: Trust | None = None,
    ) -> Self:
        """Learn from documents and what zero-shot says about them.

        The result does not depend on the order of the documents, and a document that occurs
        several times counts once.

        Parameters
        ----------
        X : array-like of shape (n_documents, n_features)
            Features.
        log_proba : array-like of shape (n_documents, n_classes)
            Log-probabilities of the classes, from an encoder, entailment, or the sum of both.
        y : array-like of shape (n_documents,), int, optional
            Classes of labelled documents, -1 for the others; labelled ones stay with their class
            and count more, the others follow them as far as the anchor lets them.
        views : sequence of int
            How many columns of X each kind of features takes, where kinds stand side by side. They
            are brought to one scale. Nothing: there is one kind.
        trust : Trust, optional
            What the documents count beside the anchor; less suits an anchor that knows more than
            the features do. By default what suits an encoder's own scores.

        Raises
        ------
        InputError
            If shapes disagree, a value is not finite, a class does not exist, or no row is given.
        """
        F, P = as_features(X), as_matrix(log_proba, "log-probabilities")
        n, k = P.shape
        if len(F) != n or not P.size:
            raise InputError(f"got {len(F)} rows of features and log-probabilities of {P.shape}")
        views = tuple(views) or (F.shape[1],)
        if sum(views) != F.shape[1]:
            raise InputError(f"got views of {list(views)} columns for {F.shape[1]} features")
        labels = np.full(n, UNLABELLED) if y is None else as_class_indices(y, n, k)
        distinct = canonical(F, labels, P)
        rows = distinct[:: -(-len(distinct) // MOST)]
        F, P, labels = F[rows].astype(np.float64), log_softmax(P[rows]), labels[rows]
        anchor = Anchor.of(P)
        support = Support(len(distinct), k, anchor.spread)
        if support.reason is not None:
            return cls(support, anchor, None)
        debiased = anchor.apply(P)
        mixture = Mixture.fit(F, debiased, labels, views, trust)
        logits = mixture.evidence(F) + debiased
        sureness = float(np.exp(P.max(axis=1)).mean())
        return cls(support, anchor, mixture, as_sure_as(logits, sureness), views)

    def apply(self, X: ArrayLike, log_proba: ArrayLike) -> FloatArray:
        """Return adapted log-probabilities of any documents, new ones included.

        Parameters
        ----------
        X : array-like of shape (n_documents, n_features)
        log_proba : array-like of shape (n_documents, n_classes)
            From the same scorer as in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_classes), float64
            Rows sum to 1 after exp. What is returned for a document does not depend on the others.

        Raises
        ------
        InputError
            If a shape is not that of `fit`, or a value is not finite.
        """
        X, P = as_matrix(X, "features"), as_matrix(log_proba, "log-probabilities")
        if P.shape != (len(X), self.support.classes):
            raise InputError(
                f"got log-probabilities of shape {P.shape} for {len(X)} rows of features, expected "
                f"{self.support.classes} columns"
            )
        P = log_softmax(P)
        if self.mixture is None:
            return P
        if X.shape[1] != len(self.mixture.mean):
            raise InputError(
                f"got {X.shape[1]} features, but adapted on {len(self.mixture.mean)}: adapt again"
            )
        for start in range(0, len(X), _CHUNK):
            part = slice(start, start + _CHUNK)
            logits = self.mixture.evidence(X[part]) + self.anchor.apply(P[part])
            P[part] = log_softmax(logits / self.temperature)
        return P

    def changes(self, X: ArrayLike, log_proba: ArrayLike) -> Changes:
        """Return what adapting changes on documents, those of `fit` as a rule."""
        P = log_softmax(as_matrix(log_proba, "log-probabilities"))
        return Changes.between(
            P,
            self.apply(X, P),
            distinct=self.support.documents,
            reason=self.support.reason,
        )

    def to_state(self) -> State:
        """Return what `from_state` needs: 3 vectors and one matrix."""
        values = {
            "documents": self.support.documents,
            "classes": self.support.classes,
            "spread": self.anchor.spread,
            "temperature": self.temperature,
            "views": list(self.views),
        }
        arrays = {"offsets": self.anchor.offsets}
        if self.mixture is not None:
            arrays |= {
                "mean": self.mixture.mean,
                "weights": self.mixture.weights,
                "bias": self.mixture.bias,
            }
        return State("Adaptation", values, arrays)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the adaptation that was saved.

        Raises
        ------
        PersistenceError
            If the state is that of something else.
        """
        state.expect("Adaptation")
        v, a = state.values, state.arrays
        support = Support(int(v["documents"]), int(v["classes"]), float(v["spread"]))
        anchor = Anchor(a["offsets"], float(v["spread"]))
        mixture = Mixture(a["mean"], a["weights"], a["bias"]) if "mean" in a else None
        views = tuple(int(width) for width in v.get("views", ()))
        return cls(support, anchor, mixture, float(v["temperature"]), views)
