"""The estimator: `ZeroShotClassifier`, with scikit-learn's manners."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from zstext.decisions import Decision
from zstext.defaults import DEFAULT_TEMPLATES, known_for, scale_for
from zstext.errors import InputError, LabelError, ModelError, OptionError, did_you_mean
from zstext.labels import LabelsLike, LabelSpace
from zstext.predictions import Prediction, Reason
from zstext.protocols import Encoder, FloatArray
from zstext.scoring import EncoderScorer, LongStrategy, score_stably
from zstext.templates import HypothesisTemplate, as_templates

CHUNK = 1024
"""Documents that are encoded together. Within a chunk equal documents are encoded once."""


class ZeroShotClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tags documents with categories that nobody has labelled, by what the categories are called.

    Parameters
    ----------
    labels : LabelSpace, iterable of str, mapping of str to description, or None
        The categories; `classes_` keeps their order. None takes the distinct values of `y` in
        `fit`, in the order of their first appearance.
    encoder : str, Encoder or None
        A model directory or hub id, or an encoder; None is the embedded all-MiniLM-L6-v2.
    templates : str, HypothesisTemplate, or iterable of them, or None
        Sentences with one ``{}`` for the label; the embeddings of several are averaged. None is the
        default set.
    multi_label : bool
        Score every label by itself instead of letting them compete.
    threshold : float or None
        0..1; a document whose best label scores less has no label.
    long : {"mean", "max", "truncate"}
        How a document longer than the encoder's window is read.
    known_categories : bool
        Move labels with well-known names ("positive", "sports") to where documents of such
        categories lie in public labelled sets; see `zstext.known`. The embedded encoder only.
    cache_dir : path or None
        Where the embeddings of large label spaces are kept between runs.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), of str
        The label names in the user's order (not sorted, unlike other scikit-learn classifiers).
    labels_ : LabelSpace
    scorer_ : EncoderScorer
    scale_ : ScoreScale

    Examples
    --------
    >>> from zstext import ZeroShotClassifier
    >>> clf = ZeroShotClassifier(["sports", "politics"]).fit()
    >>> clf.predict(["The striker scored twice.", "Parliament passed the budget."]).tolist()
    ['sports', 'politics']
    """

    def __init__(
        self,
        labels: LabelsLike | None = None,
        *,
        encoder: str | os.PathLike[str] | Encoder | None = None,
        templates: str | HypothesisTemplate | Iterable[str | HypothesisTemplate] | None = None,
        multi_label: bool = False,
        threshold: float | None = None,
        long: LongStrategy = "mean",
        known_categories: bool = True,
        cache_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.labels = labels
        self.encoder = encoder
        self.templates = templates
        self.multi_label = multi_label
        self.threshold = threshold
        self.long = long
        self.known_categories = known_categories
        self.cache_dir = cache_dir

    def fit(self, X: Sequence[Any] | None = None, y: Sequence[Any] | None = None) -> Self:
        """Load the encoder and embed the labels. Nothing is learned from `X`.

        Parameters
        ----------
        X : sequence of str, optional
            Ignored but for its length; scikit-learn's tools pass it.
        y : sequence of str, optional
            Labels. They must be in `labels`, or are the labels if none were given.

        Raises
        ------
        LabelError
            If there are no labels, or `y` holds one that `labels` does not.
        InputError
            If `X` and `y` differ in length.
        OptionError, TemplateError, ModelError
            If another parameter cannot be used.
        """
        self._decision()
        labels = self._label_space(y)
        if X is not None and y is not None and len(X) != len(y):
            raise InputError(f"X has {len(X)} documents, but y has {len(y)} labels")
        scorer = self._scorer()
        scorer.class_embeddings(labels)
        return self._become(labels, scorer)

    def check(self, *, top_k: int | None = None) -> None:
        """Raise what `fit` or `classify` would, as far as it can be known without a model.

        Raises
        ------
        LabelError, OptionError, TemplateError
        """
        self._decision(top_k)
        self._templates()
        if self.labels is not None:
            self._label_space(None)

    def with_labels(self, more: LabelsLike) -> ZeroShotClassifier:
        """Return a fitted classifier that knows these labels and `more`, behind them.

        Raises
        ------
        LabelError
            If a label of `more` is known already.
        """
        check_is_fitted(self)
        labels = self.labels_.extend(more)
        new = ZeroShotClassifier(**{**self.get_params(deep=False), "labels": labels})
        return new._become(labels, self.scorer_.fresh())

    def restore(self, S: FloatArray, fingerprint: str) -> Self:
        """Return to the fitted state with class embeddings that were computed before.

        Parameters
        ----------
        S : ndarray of shape (n_classes, n_features), float32
        fingerprint : str
            That of the encoder they came from.

        Raises
        ------
        ModelError
            If the encoder is another one.
        """
        labels = self._label_space(None)
        scorer = self._scorer()
        if scorer.encoder.fingerprint != fingerprint:
            raise ModelError(
                f"the classifier was saved with another {scorer.encoder.name!r}: its "
                f"fingerprint is {scorer.encoder.fingerprint}, expected {fingerprint}; "
                "use the same model files"
            )
        scorer.remember(labels, S)
        return self._become(labels, scorer)

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
        decision = self._decision(top_k)
        out: list[Prediction] = []
        for chunk in _chunks(_checked(texts)):
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
        return self.scale_.proba(scores, multi_label=self.multi_label)

    def decision_function(self, X: Iterable[Any]) -> FloatArray:
        """Return compatibility scores of shape (n_documents, n_classes), higher is better.

        The row of a document that cannot be classified is NaN.
        """
        check_is_fitted(self)
        documents = _checked(X)
        scores = np.full((len(documents), len(self.labels_)), np.nan)
        for start in range(0, len(documents), CHUNK):
            chunk = documents[start : start + CHUNK]
            usable = [i for i, text in enumerate(chunk) if unusable(text) is None]
            scored = score_stably(self.scorer_, [chunk[i] for i in usable], self.labels_)
            scores[[start + i for i in usable]] = scored.scores
        return scores

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Write the fitted classifier to a directory: `config.json` and `arrays.safetensors`."""
        from zstext.persistence import save

        check_is_fitted(self)
        save(self, Path(directory))

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> ZeroShotClassifier:
        """Read a classifier that `save` wrote.

        Raises
        ------
        PersistenceError
            If it is damaged, incomplete, or written by a newer version.
        """
        from zstext.persistence import load

        return load(Path(directory))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True  # X is a sequence of texts, never a matrix
        tags.input_tags.two_d_array = False
        tags.input_tags.allow_nan = True
        tags.target_tags.required = False
        tags.no_validation = True
        return tags

    def _become(self, labels: LabelSpace, scorer: EncoderScorer) -> Self:
        self.labels_ = labels
        self.classes_ = np.array(labels.names)
        self.scorer_ = scorer
        self.scale_ = scale_for(scorer.encoder)
        return self

    def _scorer(self) -> EncoderScorer:
        encoder = self._resolved_encoder()
        return EncoderScorer(
            encoder,
            self._templates(),
            long=self.long,
            known=known_for(encoder) if self.known_categories else None,
            cache_dir=None if self.cache_dir is None else Path(self.cache_dir),
        )

    def _templates(self) -> tuple[HypothesisTemplate, ...]:
        return DEFAULT_TEMPLATES if self.templates is None else as_templates(self.templates)

    def _decision(self, top_k: int | None = None) -> Decision:
        return Decision(self.threshold, top_k, self.multi_label)

    def _resolved_encoder(self) -> Encoder:
        if self.encoder is not None and not isinstance(self.encoder, str | os.PathLike):
            if not callable(getattr(self.encoder, "encode", None)):
                raise OptionError(f"encoder must be a model or an encoder, got {self.encoder!r}")
            return self.encoder
        from zstext.encoders import load_encoder

        return load_encoder(self.encoder)

    def _label_space(self, y: Sequence[Any] | None) -> LabelSpace:
        if self.labels is None and y is None:
            raise LabelError("no labels: give the classifier labels=[...], or fit it with y")
        if y is not None and (isinstance(y, str) or getattr(y, "ndim", 1) != 1):
            raise LabelError(f"y must be a one-dimensional sequence of labels, got {y!r:.80}")
        given = {} if y is None else dict.fromkeys(y)
        labels = LabelSpace.of(list(given) if self.labels is None else self.labels)
        if len(labels) == 1 and not self.multi_label:
            raise LabelError(
                f"one label ({labels.names[0]!r}) is no choice: every document would get it with "
                "score 1; name another, or score it by itself with multi_label (--multi-label)"
            )
        known = set(labels.names)
        for value in given:
            if value not in known:
                near = did_you_mean(str(value), labels.names)
                raise LabelError(
                    f"y holds {value!r}, which is not one of the {len(labels)} labels{near}"
                )
        return labels

    def _classify_chunk(self, texts: Sequence[Any], decision: Decision) -> Iterator[Prediction]:
        reasons = [unusable(text) for text in texts]
        usable = [t for t, reason in zip(texts, reasons, strict=True) if reason is None]
        scored = score_stably(self.scorer_, usable, self.labels_)
        proba = self.scale_.proba(scored.scores, multi_label=self.multi_label)
        row = 0
        for reason in reasons:
            if reason is not None:
                yield Prediction.none(reason)
                continue
            yield decision.decide(
                proba[row],
                self.labels_.names,
                windows=int(scored.counts[row]),
                truncated=bool(scored.truncated[row]),
            )
            row += 1


def unusable(text: Any) -> Reason | None:
    """Return why a document cannot be classified, or None if it can.

    A document of blanks, control characters and the like alone has nothing to go by: it is empty.
    """
    if isinstance(text, str):
        return None if any(c.isprintable() and c != " " for c in text) else Reason.EMPTY
    return Reason.MISSING if _is_missing(text) else Reason.NOT_TEXT


def _is_missing(value: Any) -> bool:
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return True
    pandas = sys.modules.get("pandas")  # its own kinds of nothing: only where it is in use
    return pandas is not None and (value is pandas.NA or value is pandas.NaT)


def _checked(texts: Iterable[Any]) -> list[Any]:
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise InputError(
            f"documents must be a list of texts, got {texts!r:.80}; write [text] for one"
        )
    check_column(texts)
    return list(texts)


def check_column(texts: Any) -> None:
    """Raise `InputError` if `texts` is a table, or an array of other than one dimension."""
    if (dimensions := getattr(texts, "ndim", 1)) != 1:
        raise InputError(
            f"documents must be a one-dimensional sequence of texts, got {dimensions} dimensions; "
            "choose the column that holds the text"
        )


def _chunks(documents: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(documents), CHUNK):
        yield documents[start : start + CHUNK]
