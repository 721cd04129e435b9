"""What a fitted classifier is fitted to besides: unlabelled documents, and rows held out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from zstext.adaptation import Adaptation
from zstext.adapting import (
    ADAPTED_CHAIN,
    FOR_NOTHING,
    UNCALIBRATED,
    Adapted,
    adapt,
    check_adaptable,
    plain_parts,
)
from zstext.calibration import CalibrationChain
from zstext.documents import as_documents
from zstext.errors import InputError, ZstextWarning
from zstext.labels import LabelSpace
from zstext.learning import as_label_column, calibrate, class_indices
from zstext.mapping import UNLABELLED
from zstext.predictor import Predictor, unusable_for
from zstext.protocols import BoolArray
from zstext.scoring import AdaptedScorer, AnyScorer


class Adjustable(Predictor):
    """The part of `ZeroShotClassifier` that changes a fitted state: `adapt` and `calibrate`."""

    adaptation_: Adaptation | None

    def adapt(self, X: Iterable[Any], y: Sequence[Any] | None = None) -> Adapted:
        """Move the classes of a fitted classifier to where documents lie, most of them unlabelled.

        Everything stays as it was if the documents do not support that: too few of them for the
        labels, or labels that hardly tell them apart. Otherwise every later answer depends on
        these documents and on none of an earlier adaptation. Adapting starts from the scores as
        they are, calibrated or not; what comes of it is not calibrated, and says so with a warning
        if it was before.

        Parameters
        ----------
        X : iterable of str
            Documents, or what else the encoder takes; those that cannot be read are left out. Of
            more than 50,000 different ones that many are looked at.
        y : sequence of (str or None), optional
            Labels of some of them, which stay with their class; None, NaN or -1 for the others.

        Returns
        -------
        Adapted
            Its `changes` say what moved; `adaptation_` is what was learned.

        Raises
        ------
        OptionError
            In multi-label mode, after `fit` learned a mapping, or if no model has features.
        LabelError, InputError
            If `y` holds what is not a label, or is not as long as `X`.
        """
        check_is_fitted(self)
        learned = bool(self.seen_mask_.any())
        check_adaptable(multi_label=self.multi_label, learned=learned)
        scorer, chain = plain_parts(self.scorer_, self.calibrator_)
        documents, unusable = as_documents(X), unusable_for(scorer)
        given = [None] * len(documents) if y is None else as_label_column(y)
        columns = class_indices(given, self.labels_)
        if len(documents) != len(columns):
            raise InputError(f"X has {len(documents)} documents, but y has {len(columns)} labels")
        usable = [i for i, document in enumerate(documents) if unusable(document) is None]
        readable = [documents[i] for i in usable]
        adapted = adapt(scorer, chain, self.labels_, readable, columns[usable])
        reason = adapted.changes.reason
        if reason is not None and (columns != UNLABELLED).any():
            warnings.warn(FOR_NOTHING.format(reason), ZstextWarning, stacklevel=2)
        if adapted.scorer is not None:
            if self.calibrated_:
                warnings.warn(UNCALIBRATED, ZstextWarning, stacklevel=2)
            self._become(self.labels_, adapted.scorer, ADAPTED_CHAIN, self.seen_mask_)
        if adapted.scorer is not None or not isinstance(self.scorer_, AdaptedScorer):
            self.adaptation_ = adapted.adaptation
        return adapted

    def calibrate(
        self,
        X: Sequence[Any],
        y: Sequence[Any],
        *,
        isotonic: bool = False,
        null_texts: Sequence[str] | None = None,
        target_precision: float | None = None,
        prior: Sequence[float] | None = None,
    ) -> Self:
        """Fit the calibration on labelled documents that were not used in `fit`.

        If they are of seen and of unseen classes, the penalty of the seen ones is chosen on them;
        then a temperature (in multi-label mode a sigmoid); then what was asked for.

        Parameters
        ----------
        X : sequence of str
        y : sequence of (str or None)
            Labels of `labels_`; None, NaN or -1 for a document that belongs to no class.
        isotonic : bool
            In multi-label mode, fit a step function instead of a sigmoid.
        null_texts : sequence of str, optional
            Texts that say nothing, such as "N/A": what a label scores on them is taken off.
        target_precision : float, optional
            Give no label below the score from which this share of the labels is right.
        prior : sequence of float, length n_classes, optional
            Shares of the classes to expect. A wrong one does harm.

        Returns
        -------
        self
            Whose results are `calibrated`; `calibrator_.abstention` says what was achieved.

        Raises
        ------
        LabelError, InputError, OptionError
            If a label is not known, nothing is labelled, or an option is out of range.
        """
        documents = as_documents(X)
        if len(documents) != len(y):
            raise InputError(f"X has {len(documents)} documents, but y has {len(y)} labels")
        scores = self.decision_function(documents)
        rows = ~np.isnan(scores).any(axis=1)
        self.calibrator_ = calibrate(
            self.calibrator_,
            scores[rows],
            class_indices(y, self.labels_)[rows],
            self.seen_mask_,
            multi_label=self.multi_label,
            isotonic=isotonic,
            null_scores=None if null_texts is None else self._null_scores(null_texts),
            target_precision=target_precision,
            prior=prior,
        )
        self.calibrated_ = True
        return self

    def _become(
        self,
        labels: LabelSpace,
        scorer: AnyScorer,
        chain: CalibrationChain,
        seen_mask: BoolArray,
    ) -> Self:
        self.labels_ = labels
        self.classes_ = np.array(labels.names)
        self.scorer_ = scorer
        self.calibrator_ = chain
        self.calibrated_ = False
        self.adaptation_ = None
        self.seen_mask_ = seen_mask
        return self
