"""`zstext.evaluate`: a fitted classifier and labelled documents in, an `Evaluation` out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zstext.adapting import plain_parts
from zstext.calibration import SeenPenalty
from zstext.classifier import ZeroShotClassifier
from zstext.documents import as_documents, chunks, unusable
from zstext.errors import InputError
from zstext.evaluation import Evaluation, Shortlist, evaluate_scores, provenance
from zstext.labels import LabelSpace
from zstext.learning import class_indices, is_unlabelled
from zstext.protocols import BoolArray
from zstext.scoring import CascadeScorer


def evaluate(
    classifier: ZeroShotClassifier, X: Sequence[Any], y: Sequence[Any], *, scatter: bool = True
) -> Evaluation:
    """Measure a fitted classifier on labelled documents.

    If it has seen and unseen classes, S, U, H and AUSUC are among the measures.

    Parameters
    ----------
    classifier : ZeroShotClassifier
    X : sequence of str
    y : sequence of (str or None)
        Labels; None, NaN or -1 for a document of no class. With `multi_label` a sequence of label
        names for each document.
    scatter : bool
        Keep the features, for the picture of them in a report.

    Raises
    ------
    LabelError
        If `y` holds what is not a label.
    InputError
        If `X` and `y` differ in length, or nothing is labelled.
    """
    documents, labels = as_documents(X), classifier.labels_
    if len(documents) != len(y):
        raise InputError(f"{len(documents)} documents, but {len(y)} labels")
    scores = classifier.decision_function(documents)
    proba = classifier.calibrator_.proba(scores, classifier.seen_mask_)
    has_features = classifier.scorer_.encoding is not None
    common: dict[str, Any] = {
        "features": classifier.features(documents) if scatter and has_features else None,
        "provenance": _origin(classifier, documents, y),
    }
    least = classifier.decision().threshold
    if classifier.multi_label:
        threshold = 0.5 if least is None else min(least, 1.0)
        Y = _memberships(y, labels)
        result = evaluate_scores(proba, Y, labels, multi_label=True, threshold=threshold, **common)
        return replace(result, shortlist=_shortlist(classifier, documents, Y))
    if classifier.seen_mask_.any() and not classifier.seen_mask_.all():
        seen = classifier.calibrator_.seen
        common |= {
            "scores": scores,
            "seen_mask": classifier.seen_mask_,
            "gamma": seen.gamma if isinstance(seen, SeenPenalty) else None,
        }
    confidence = proba.max(axis=1)
    answered = ~np.isnan(confidence) if least is None else confidence >= least
    truth = class_indices(y, labels)
    result = evaluate_scores(proba, truth, labels, answered=answered, **common)
    Y = truth[:, None] == np.arange(len(labels))
    return replace(result, shortlist=_shortlist(classifier, documents, Y))


def _shortlist(
    classifier: ZeroShotClassifier, documents: Sequence[Any], Y: BoolArray
) -> Shortlist | None:
    """Return how often a class of a document is on the shortlist of a cascade."""
    labels = classifier.labels_
    scorer, _ = plain_parts(classifier.scorer_, classifier.calibrator_)
    if not isinstance(scorer, CascadeScorer) or scorer.size(labels) == len(labels):
        return None
    rows = [i for i, text in enumerate(documents) if Y[i].any() and unusable(text) is None]
    if not rows:
        return None
    hits = 0
    for part in chunks(rows):
        listed = scorer.shortlists([documents[i] for i in part], labels)
        hits += int((listed & Y[list(part)]).sum())
    return Shortlist(scorer.size(labels), hits / int(Y.sum()))


def _memberships(y: Sequence[Any], labels: LabelSpace) -> BoolArray:
    Y = np.zeros((len(y), len(labels)), dtype=np.bool_)
    for row, names in enumerate(y):
        given = [] if is_unlabelled(names) else [names] if isinstance(names, str) else list(names)
        Y[row, class_indices(given, labels)] = True
    return Y


def _origin(
    classifier: ZeroShotClassifier, documents: Sequence[Any], y: Sequence[Any]
) -> dict[str, Any]:
    digest = hashlib.sha256()
    for row in zip(documents, y, strict=True):
        digest.update(json.dumps(row, default=_as_text).encode())
    scorer = classifier.scorer_
    return provenance(
        models={role: (m.name, m.fingerprint) for role, m in scorer.models.items()},
        labels=classifier.labels_,
        settings=scorer.settings(),
        calibrator=classifier.calibrator_.to_state(),
        data_sha256=digest.hexdigest(),
    )


def _as_text(value: object) -> str:
    """Return what stands for a value in the hash of the data: for an image its own hash."""
    if isinstance(value, bytes | bytearray):
        return hashlib.sha256(value).hexdigest()
    return str(value)
