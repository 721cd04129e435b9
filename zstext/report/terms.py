"""The words by which some documents differ from the others."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from zstext.protocols import BoolArray, FloatArray

Shown: TypeAlias = str | os.PathLike[str] | None
"""What stands for a document: its text, or the path of an image, which has no words."""

MOST = 8
_AT_LEAST = 2  # documents with a term, or it says nothing
_SURE = 1.96


class TermCounts:
    """In which documents every word and pair of words occurs.

    Parameters
    ----------
    texts : sequence of str, path or None
    """

    def __init__(self, texts: Sequence[Shown]) -> None:
        vectorizer = CountVectorizer(
            binary=True, ngram_range=(1, 2), stop_words="english", max_features=50_000
        )
        words = [text if isinstance(text, str) else "" for text in texts]
        try:
            self._counts = vectorizer.fit_transform(words)
            self.terms = vectorizer.get_feature_names_out()
        except ValueError:  # no text has a word
            self._counts, self.terms = None, np.array([], dtype=object)

    def typical(self, of: BoolArray) -> list[str]:
        """Return up to 8 terms that these documents have more often than the others, best first.

        Parameters
        ----------
        of : ndarray of shape (n_documents,), bool
        """
        if self._counts is None or not of.any() or of.all():
            return []
        own = np.asarray(self._counts[np.flatnonzero(of)].sum(axis=0), np.float64).ravel()
        rest = np.asarray(self._counts[np.flatnonzero(~of)].sum(axis=0), np.float64).ravel()
        z = log_odds(own, int(of.sum()), rest, int((~of).sum()))
        z[own < _AT_LEAST] = -np.inf
        best = np.argsort(-z, kind="stable")[:MOST]
        return [str(self.terms[i]) for i in best if z[i] > _SURE]


def log_odds(a: FloatArray, n_a: int, b: FloatArray, n_b: int) -> FloatArray:
    """Return z-scores of the log-odds ratio of terms in two groups, drawn to that of both.

    Monroe, Colaresi and Quinn, "Fightin' words", Political Analysis 2008, equations 16 to 22, on
    document counts, with a prior of one document spread as in both groups. The documents without
    a term count in the variance as well: a term may be in nearly all of them.

    Parameters
    ----------
    a, b : ndarray of shape (n_terms,)
        Documents with the term.
    n_a, n_b : int
        Documents of the groups.
    """
    prior = (a + b + 1) / (n_a + n_b + 2)
    own, other = a + prior, b + prior
    own_without, other_without = n_a + 1 - own, n_b + 1 - other
    odds = np.log(own / own_without) - np.log(other / other_without)
    variance = 1 / own + 1 / own_without + 1 / other + 1 / other_without
    return np.asarray(odds / np.sqrt(variance))
