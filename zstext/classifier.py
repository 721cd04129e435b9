"""The estimator: `ZeroShotClassifier`, with scikit-learn's manners."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from zstext.adapting import DROPPED, check_adaptable, plain_parts
from zstext.adjustable import Adjustable
from zstext.backends import Backend, Backends, learns, scale_of
from zstext.calibration import CalibrationChain
from zstext.calibration.chain import Scaling
from zstext.defaults import DEFAULT_BACKEND
from zstext.documents import as_documents
from zstext.errors import InputError, OptionError, ZstextWarning
from zstext.fitted import Fitted
from zstext.labels import LabelsLike, LabelSpace
from zstext.learning import (
    choose_labels,
    class_indices,
    default_mapping,
    learn,
)
from zstext.mapping import UNLABELLED, LearnedMapping
from zstext.protocols import Encoder, Entailer, IntArray
from zstext.scoring import AdaptedScorer, EncoderScorer, LongStrategy, PlainScorer
from zstext.semantics import Semantics
from zstext.templates import HypothesisTemplate


class ZeroShotClassifier(ClassifierMixin, Adjustable, BaseEstimator):  # type: ignore[misc]
    """Tags documents with categories that nobody has labelled, by what the categories are called.

    Parameters
    ----------
    labels : LabelSpace, iterable of str, mapping of str to description, or None
        The categories; `classes_` keeps their order. None takes the distinct values of `y` in
        `fit`, in the order of their first appearance.
    backend : {"encoder", "nli", "cascade", "auto"}
        What scores: embeddings compared; an entailment model that reads document and label
        together; or both, entailment on a shortlist of the encoder ("cascade") or on all labels
        where they are few ("auto"). With labelled rows in `fit`, "auto" is the encoder.
    encoder : str, Encoder or None
        A model directory or hub id, or an encoder; None is zstext-encoder.
    entailer : str, Entailer or None
        The same for the entailment model; None is the compact one that comes with zstext.
    shortlist : int or None
        Labels that entailment looks at in a cascade; None is 5, and with "auto" all up to 10.
    templates : str, HypothesisTemplate, or iterable of them, or None
        Sentences with one ``{}`` for the label; several are averaged. None is the default set of
        the backend.
    multi_label : bool
        Score every label by itself instead of letting them compete.
    threshold : float or None
        0..1; a document whose best label scores less has no label.
    long : {"mean", "max", "truncate"}
        How a document longer than the encoder's window is read.
    semantics : path, ClassVectors, or sequence of them, or None
        Attributes or word vectors of the classes (.csv or .npz), side by side with the embeddings
        of their names. They need labelled rows: a mapping to that space is learned.
    semantic_weights : sequence of float, or None
        What the embeddings of the names, and then each of `semantics`, count; 1 each by default, 0
        leaves one out.
    mapping : LearnedMapping or None
        What is learned from labelled rows; None is a `PrototypeMapping`, and where every class has
        labelled rows, rows held out choose what the descriptions count in it.
    gamma : float or None
        Taken from the scores of seen classes. None chooses it on pseudo-unseen folds.
    gate : bool
        Learn a soft gate between seen and unseen classes in place of that penalty.
    cache_dir : path or None
        Where the embeddings of large label spaces are kept between runs.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,), of str
        The label names in the user's order (not sorted, unlike other scikit-learn classifiers).
    labels_ : LabelSpace
    seen_mask_ : ndarray of shape (n_classes,), bool
        The classes that a mapping was learned of, from labelled rows in `fit`.
    scorer_ : EncoderScorer, EntailmentScorer, CascadeScorer or AdaptedScorer
    calibrator_ : CalibrationChain
    calibrated_ : bool
        Whether `calibrate` was called.
    adaptation_ : Adaptation or None
        What `fit` learned from unlabelled documents; its `support.reason` says why the plain scores
        were kept, if they were. None if there were none.

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
        backend: Backend = DEFAULT_BACKEND,
        encoder: str | os.PathLike[str] | Encoder | None = None,
        entailer: str | os.PathLike[str] | Entailer | None = None,
        shortlist: int | None = None,
        templates: str | HypothesisTemplate | Iterable[str | HypothesisTemplate] | None = None,
        multi_label: bool = False,
        threshold: float | None = None,
        long: LongStrategy = "mean",
        semantics: Semantics | Sequence[Semantics] | None = None,
        semantic_weights: Sequence[float] | None = None,
        mapping: LearnedMapping | None = None,
        gamma: float | None = None,
        gate: bool = False,
        cache_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        self.labels = labels
        self.backend = backend
        self.encoder = encoder
        self.entailer = entailer
        self.shortlist = shortlist
        self.templates = templates
        self.multi_label = multi_label
        self.threshold = threshold
        self.long = long
        self.semantics = semantics
        self.semantic_weights = semantic_weights
        self.mapping = mapping
        self.gamma = gamma
        self.gate = gate
        self.cache_dir = cache_dir

    def fit(self, X: Sequence[Any] | None = None, y: Sequence[Any] | None = None) -> Self:
        """Embed the labels; and learn from documents, if there are any, labelled or not.

        Without documents there is nothing to learn. If none of them is labelled, the classes are
        adapted to where they lie: see `adapt`. If some are, the labels in `y` are seen, the others
        of `labels` unseen: a mapping is fitted, the advantage of the seen classes over the unseen
        ones is estimated on seen classes that are hidden in turn, and a temperature is chosen on
        rows held out. No row is ever known to be of an unseen class. The backends "nli" and
        "cascade" learn no mapping: the classes are adapted, and labelled rows stay with theirs.

        Parameters
        ----------
        X : sequence of str, optional
            Documents, or what else the encoder takes; those that cannot be classified are passed
            over.
        y : sequence of (str or None), optional
            Their labels, which must be in `labels`, or are the labels if none were given. None, NaN
            or -1 marks a document nobody has labelled: it helps to see where documents lie.

        Raises
        ------
        LabelError
            If there are no labels, or `y` holds one that `labels` does not.
        InputError
            If `X` and `y` differ in length.
        OptionError, TemplateError, ModelError
            If another parameter cannot be used, or the backend cannot learn or adapt.
        """
        self.decision()
        if X is not None and y is not None and len(X) != len(y):
            raise InputError(f"X has {len(X)} documents, but y has {len(y)} labels")
        labels = choose_labels(self.labels, y, multi_label=self.multi_label)
        columns = None if y is None else class_indices(y, labels)
        labelled = columns is not None and bool((columns != UNLABELLED).any())
        if X is not None and columns is not None and labelled and learns(self.backend):
            return self._learn(labels, as_documents(X), columns)
        documents = None if X is None else as_documents(X)
        if documents is not None:
            check_adaptable(multi_label=self.multi_label)
        if labelled:
            self._check_unmapped()
        scorer = self._backends().scorer()
        scorer.prepare(labels)
        chain = CalibrationChain(self._scaling(scorer, labels))
        self._become(labels, scorer, chain, np.zeros(len(labels), dtype=np.bool_))
        if documents is not None:
            self.adapt(documents, y)
        return self

    def check(self, *, top_k: int | None = None) -> None:
        """Raise what `fit` or `classify` would, as far as it can be known without a model.

        Raises
        ------
        LabelError, OptionError, TemplateError
        """
        self.decision(top_k)
        self._backends().check()
        if self.labels is not None:
            choose_labels(self.labels, None, multi_label=self.multi_label)

    def with_labels(self, more: LabelsLike) -> ZeroShotClassifier:
        """Return a fitted classifier that knows these labels and `more`, behind them.

        An adaptation, which is one to all labels together, is dropped with a warning.

        Raises
        ------
        LabelError
            If a label of `more` is known already, or `semantics` has no vector for it.
        """
        check_is_fitted(self)
        labels = self.labels_.extend(more)
        new = ZeroShotClassifier(**{**self.get_params(deep=False), "labels": labels})
        seen_mask = np.pad(self.seen_mask_, (0, len(labels) - len(self.labels_)))
        adapted = isinstance(self.scorer_, AdaptedScorer)
        if adapted:
            warnings.warn(DROPPED, ZstextWarning, stacklevel=2)
        plain, chain = plain_parts(self.scorer_, self.calibrator_)
        scorer = plain.copy()
        scorer.prepare(labels)  # what is missing is an error here, not in `predict`
        if chain.scaling == self._scaling(plain, self.labels_):  # not fitted to anything
            chain = replace(chain, scaling=self._scaling(scorer, labels))
        new._become(labels, scorer, chain, seen_mask)
        new.calibrated_ = self.calibrated_ and not adapted
        return new

    def restore(self, fitted: Fitted) -> Self:
        """Return to a fitted state that was saved; the models must be those it came from."""
        scorer = self._backends().scorer(learning=bool(fitted.seen_mask.any()))
        restored = fitted.restored(scorer)
        self._become(fitted.labels, restored, fitted.calibrator, fitted.seen_mask)
        self.adaptation_ = fitted.adaptation
        self.calibrated_ = fitted.calibrated
        return self

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Write the fitted classifier to a directory; one that was saved there is replaced."""
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

    def _check_unmapped(self) -> None:
        """Raise `OptionError` for what is about a mapping, where labelled rows make none."""
        if self.gamma is not None or self.gate or self.mapping is not None:
            raise OptionError(
                f"gamma, gate and mapping are about a mapping, and the {self.backend} backend "
                "learns none: leave them out"
            )

    def _learn(self, labels: LabelSpace, documents: Sequence[Any], columns: IntArray) -> Self:
        """Fit a mapping and the calibration of its scores."""
        scorer = self._backends().scorer(learning=True)
        assert isinstance(scorer, EncoderScorer)
        S = scorer.class_embeddings(labels)
        features, usable = self._features(scorer, documents)
        y = columns[usable]
        learned = learn(
            features,
            y,
            S,
            mapping=self.mapping or default_mapping(scorer.encoder, features, y, S),
            gamma=self.gamma,
            gate=self.gate,
            multi_label=self.multi_label,
            scale=scale_of(scorer),
        )
        scorer = replace(scorer, mapping=learned.mapping)
        scorer.remember(labels, S)
        return self._become(labels, scorer, learned.chain, learned.seen_mask)

    def _scaling(self, scorer: PlainScorer, labels: LabelSpace) -> Scaling:
        return scale_of(scorer).scaling(len(labels), multi_label=self.multi_label)

    def _backends(self) -> Backends:
        return Backends.of(self.get_params(deep=False))
