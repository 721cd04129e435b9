"""Answers that do not depend on the batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zstext.labels import LabelSpace
from zstext.protocols import FloatArray, Scored, Scorer


def score_stably(
    scorer: Scorer,
    items: Sequence[Any],
    labels: LabelSpace,
    *,
    adjust: Callable[[FloatArray], FloatArray] = lambda scores: scores,
    rank: int = 1,
) -> Scored:
    """Score items so that the best labels of each do not depend on its batch.

    The same item in another batch differs in the last bits of float32. Where another score is that
    close to the best, but not equal, the item is scored once more, alone: always the same
    computation.

    Parameters
    ----------
    scorer : Scorer
    items : sequence
    labels : LabelSpace
    adjust : callable
        What the scores go through before the best is taken.
    rank : int
        Which set must not change: the best label, or so many.
    """
    scored = scorer.score(items, labels)
    if len(labels) <= rank or not len(items):
        return scored
    scores = scored.scores.copy()
    ranked = adjust(scores)
    last = np.partition(ranked, -rank, axis=1)[:, -rank, None]
    near = (ranked != last) & (np.abs(ranked - last) < scorer.noise)
    for i in np.flatnonzero(near.any(axis=1)):
        scores[i] = scorer.score([items[int(i)]], labels).scores[0]
    return replace(scored, scores=scores)
