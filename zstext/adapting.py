"""From unlabelled documents to an adapted scorer."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zstext.adaptation import Adaptation, Changes, Support, Trust
from zstext.adaptation.anchor import Anchor
from zstext.adaptation.fitted import MOST
from zstext.adaptation.mixture import TRUST
from zstext.calibration import CalibrationChain, TemperatureScaling
from zstext.documents import chunks
from zstext.errors import OptionError
from zstext.labels import LabelSpace
from zstext.mapping import UNLABELLED
from zstext.protocols import FloatArray, IntArray
from zstext.scoring import AdaptedScorer, AnyScorer, CascadeScorer, PlainScorer, anchored

DROPPED = (
    "the adaptation was one to the labels before, all of them together: with more labels the plain "
    "scores count, and what was calibrated on top is gone; fit again on the documents"
)

UNCALIBRATED = (
    "adapting moved the scores: they are calibrated no more, and a threshold that calibrating "
    "chose is gone; calibrate the adapted classifier again"
)

FOR_NOTHING = (
    "the documents do not support adapting, so their labels count for nothing: {}. The encoder "
    "learns from them, and any classifier can be calibrated with them"
)

FUSED_TRUST = Trust(evidence=0.35, shares=0.7, rounds=20, heated=0.6)
"""What documents count beside the scores of two models, which know more than features do."""

ADAPTED_CHAIN = CalibrationChain(TemperatureScaling(1.0))
"""Adapted scores are log-probabilities already."""


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """An adaptation, and the documents that it was made on.

    Attributes
    ----------
    adaptation : Adaptation
    scorer : AdaptedScorer or None
        None if the documents do not support adapting.
    changes : Changes
        Before against after, on `documents`.
    documents : list of length n_documents
        The different documents that could be read, in an order of their own.
    features : ndarray of shape (n_documents, n_features), float32
        The first view of them: the encoder's, if there is one.
    """

    adaptation: Adaptation
    scorer: AdaptedScorer | None
    changes: Changes
    documents: list[Any]
    features: FloatArray


def adapt(
    scorer: PlainScorer,
    chain: CalibrationChain,
    labels: LabelSpace,
    documents: Sequence[Any],
    y: IntArray | None = None,
) -> Adapted:
    """Adapt the scores of a scorer to documents, if these support it.

    Neither the order of the documents nor how often each occurs makes a difference.

    Parameters
    ----------
    scorer : EncoderScorer, EntailmentScorer or CascadeScorer
    chain : CalibrationChain
        Makes probabilities of its scores.
    labels : LabelSpace
    documents : sequence
        What the scorer takes. Those that cannot be read are left out.
    y : ndarray of shape (n_documents,), int, optional
        Classes of labelled documents, which stay with them; -1 for the others.

    Raises
    ------
    OptionError
        If none of its models has features.
    """
    if not scorer.observe([], labels).views:
        raise OptionError(
            f"model {scorer.models['entailer'].name!r} has no features to adapt by: use the "
            "encoder, cascade or auto backend, or another model"
        )
    chain = replace(chain, prior=None, abstention=None)
    kept: list[Any] = []
    columns: list[int] = []
    views: list[tuple[FloatArray, ...]] = []
    log_proba: list[FloatArray] = []
    y = np.full(len(documents), UNLABELLED) if y is None else y
    for chunk in chunks(different(documents, y)):
        rows, seen, P = anchored(scorer.observe([d for d, _ in chunk], labels), chain)
        kept += [chunk[i][0] for i in rows]
        columns += [chunk[i][1] for i in rows]
        views.append(seen)
        log_proba.append(P)
    if not kept:
        return _nothing(len(labels))
    X, P = np.concatenate([np.hstack(seen) for seen in views]), np.concatenate(log_proba)
    widths = [view.shape[1] for view in views[0]]
    trust = FUSED_TRUST if isinstance(scorer, CascadeScorer) else TRUST
    adaptation = Adaptation.fit(X, P, columns, views=widths, trust=trust)
    changes = adaptation.changes(X, P)
    adapted = AdaptedScorer(scorer, chain, adaptation) if changes.adapted else None
    return Adapted(adaptation, adapted, changes, kept, X[:, : widths[0]])


def check_adaptable(*, multi_label: bool, learned: bool = False) -> None:
    """Raise `OptionError` for a classifier that cannot adapt to unlabelled documents.

    Parameters
    ----------
    multi_label : bool
    learned : bool
        Whether it learned from labelled documents.
    """
    if multi_label:
        raise OptionError(
            "adapting to documents is for one label a document: fit without documents, and "
            "calibrate with those that are labelled, or leave multi_label (--multi-label) out"
        )
    if learned:
        raise OptionError(
            "this classifier learned from labelled documents: give the unlabelled ones to fit "
            "beside those, without a label"
        )


def plain_parts(scorer: AnyScorer, chain: CalibrationChain) -> tuple[PlainScorer, CalibrationChain]:
    """Return scorer and chain as they were before any adaptation."""
    return (scorer.plain, scorer.chain) if isinstance(scorer, AdaptedScorer) else (scorer, chain)


def _nothing(n_classes: int) -> Adapted:
    """Return what comes of no document at all."""
    anchor = Anchor(np.zeros(n_classes), 0.0)
    adaptation = Adaptation(Support(0, n_classes, 0.0), anchor, None)
    P = np.empty((0, n_classes))
    changes = Changes.between(P, P, distinct=0, reason=adaptation.support.reason)
    return Adapted(adaptation, None, changes, [], np.empty((0, 0), dtype=np.float32))


def different(documents: Sequence[Any], y: IntArray) -> list[tuple[Any, int]]:
    """Return the different documents with their classes, at most `MOST`, labelled ones first.

    Their order is that of their hashes. One that is labelled in two ways counts as unlabelled.
    """
    keyed: dict[bytes, Any] = {}
    classes: dict[bytes, set[int]] = {}
    for place, (document, column) in enumerate(zip(documents, y.tolist(), strict=True)):
        key = _key(document, place)
        keyed[key] = document
        classes.setdefault(key, set()).add(column)
    own = {key: _only(found - {UNLABELLED}) for key, found in classes.items()}
    order = sorted(keyed, key=lambda key: (own[key] == UNLABELLED, key))
    return [(keyed[key], own[key]) for key in order[:MOST]]


def _only(columns: set[int]) -> int:
    return next(iter(columns)) if len(columns) == 1 else UNLABELLED


def _key(document: Any, place: int) -> bytes:
    """Return a hash of text, bytes or a path; anything else is different from all others."""
    if isinstance(document, str):
        data = document.encode("utf-8", "surrogatepass")
    elif isinstance(document, bytes | bytearray):
        data = bytes(document)
    elif isinstance(document, os.PathLike):
        data = os.fsencode(document)
    else:
        data = b"\0place %d" % place
    return hashlib.sha256(data).digest()
