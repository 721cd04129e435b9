"""What a fitted classifier says about documents: features, scores, probabilities, labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from zstext.calibration import CalibrationChain
from zstext.decisions import NEVER, Decision
from zstext.documents import CHUNK, as_documents, chunks
from zstext.documents import unusable as unusable_text
from zstext.errors import InputError, OptionError
from zstext.labels import LabelSpace
from zstext.predictions import Prediction, Reason
from zstext.protocols import BoolArray, FloatArray, IntArray, Scored
from zstext.scoring import AnyScorer, EncoderScorer, score_stably

PASSES = 4096
"""Passes through a network between two answers: about half a minute of a core."""


class Predictor:
    """The half of `ZeroShotClassifier` that needs nothing but the fitted state.

    A document is what the encoder takes: text, or with an image encoder an image.
    """

    labels_: LabelSpace
    classes_: NDArray[Any]
    scorer_: AnyScorer
    calibrator_: CalibrationChain
    seen_mask_: BoolArray
    calibrated_: bool
    multi_label: bool
    threshold: float | None

    def features(self, X: Iterable[Any]) -> FloatArray:
        """Return the features of documents, shape (n_documents, n_features), float32.

        The row of a document that cannot be classified is NaN.

        Raises
        ------
        OptionError
            If the backend is "nli", which has no features.
        """
        check_is_fitted(self)
        if self.scorer_.encoding is None:
            raise OptionError("the nli backend has no features: use encoder, cascade or auto")
        documents = as_documents(X)
        features, usable = self._features(self.scorer_.encoding, documents)
        out = np.full((len(documents), features.shape[1]), np.nan, dtype=np.float32)
        out[usable] = features
        return out

    @property
    def documents_at_once(self) -> int:
        """How many documents to hand over together where the answers are wanted as they come."""
        check_is_fitted(self)
        return max(1, min(CHUNK, PASSES // self.scorer_.passes(self.labels_)))

    def classify(self, texts: Iterable[Any], *, top_k: int | None = None) -> list[Prediction]:
        """Return one `Prediction` for every document, in order.

        Parameters
        ----------
        texts : iterable of str
            What is not text, or blank, gets a prediction without label and with a `reason`.
        top_k : int, optional
            List at most so many labels.
        """
        check_is_fitted(self)
        decision = self.decision(top_k)
        out: list[Prediction] = []
        for chunk in chunks(as_documents(texts)):
            out.extend(self._classify_chunk(chunk, decision))
        return out

    def predict(self, X: Iterable[Any]) -> NDArray[Any]:
        """Return the best label of every document; None for one that cannot be classified.

        Returns
        -------
        ndarray of shape (n_documents,), of str (of object, if a label is None)
        """
        labels = [p.label for p in self.classify(X, top_k=1)]
        return np.array(labels, dtype=object if None in labels else self.classes_.dtype)

    def predict_proba(self, X: Iterable[Any]) -> FloatArray:
        """Return probabilities of shape (n_documents, n_classes), columns as in `classes_`.

        Rows sum to 1, or with `multi_label` each entry is 0..1 by itself. The row of a document
        that cannot be classified is NaN.
        """
        scores = self.decision_function(X)
        return self.calibrator_.proba(scores, self.seen_mask_)

    def decision_function(self, X: Iterable[Any]) -> FloatArray:
        """Return compatibility scores of shape (n_documents, n_classes), before any calibration.

        Higher is better. The row of a document that cannot be classified is NaN.
        """
        check_is_fitted(self)
        documents = as_documents(X)
        scores = np.full((len(documents), len(self.labels_)), np.nan)
        unusable = unusable_for(self.scorer_)
        for start in range(0, len(documents), CHUNK):
            chunk = documents[start : start + CHUNK]
            usable = [i for i, document in enumerate(chunk) if unusable(document) is None]
            scored = self._scored([chunk[i] for i in usable])
            scores[[start + i for i in usable]] = scored.scores
        return scores

    def decision(self, top_k: int | None = None) -> Decision:
        """Return the rule that decides: the threshold of the user, or else of `calibrate`."""
        threshold = self.threshold
        abstention = self.calibrator_.abstention if hasattr(self, "calibrator_") else None
        if threshold is None and abstention is not None:
            threshold = NEVER if abstention.threshold is None else abstention.threshold
        return Decision(threshold, top_k, self.multi_label)

    def _features(
        self, scorer: EncoderScorer, documents: Sequence[Any]
    ) -> tuple[FloatArray, IntArray]:
        """Return the features of the documents that can be classified, and which those are."""
        unusable = unusable_for(scorer)
        usable = [i for i, document in enumerate(documents) if unusable(document) is None]
        parts = [scorer.features([documents[i] for i in rows]) for rows in chunks(usable)]
        features = np.concatenate(parts) if parts else scorer.features([])
        readable = np.isfinite(features).all(axis=1)
        return features[readable], np.array(usable, dtype=np.intp)[readable]

    def _null_scores(self, texts: Iterable[Any]) -> FloatArray:
        """Return what the labels score on texts that say nothing, shape (n_texts, n_classes)."""
        documents = as_documents(texts)
        scores = self.decision_function(documents)
        for document, row in zip(documents, scores, strict=True):
            if not np.isfinite(row).all():
                raise InputError(
                    f"the null text {document!r} cannot be read, so it has no scores: give texts "
                    'that say nothing but are not blank, such as "N/A"'
                )
        return scores

    def _scored(self, texts: Sequence[Any]) -> Scored:
        return score_stably(
            self.scorer_,
            texts,
            self.labels_,
            adjust=lambda scores: self.calibrator_.adjust(scores, self.seen_mask_),
        )

    def _classify_chunk(self, texts: Sequence[Any], decision: Decision) -> Iterator[Prediction]:
        unusable = unusable_for(self.scorer_)
        reasons = [unusable(text) for text in texts]
        usable = [t for t, reason in zip(texts, reasons, strict=True) if reason is None]
        scored = self._scored(usable)
        proba = self.calibrator_.proba(scored.scores, self.seen_mask_)
        row = 0
        for reason in reasons:
            if reason is not None:
                yield Prediction.none(reason, calibrated=self.calibrated_)
                continue
            if row in scored.reasons:
                yield Prediction.none(scored.reasons[row], calibrated=self.calibrated_)
            else:
                yield decision.decide(
                    proba[row],
                    self.labels_.names,
                    windows=int(scored.counts[row]),
                    truncated=bool(scored.truncated[row]),
                    calibrated=self.calibrated_,
                )
            row += 1


def unusable_for(scorer: AnyScorer) -> Callable[[Any], Reason | None]:
    """Return what tells why a document cannot be classified; the encoder may know better."""
    encoder = None if scorer.encoding is None else scorer.encoding.encoder
    told: Callable[[Any], Reason | None] = getattr(encoder, "unusable", unusable_text)
    return told
