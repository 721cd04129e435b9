"""Rows of words, labelled with one of them, and a classifier that reads words."""

import numpy as np

from tests.fakes import WordEncoder
from zstext import ZeroShotClassifier

SEEN = ["apple", "bread", "cheese", "duck", "egg", "fig"]
UNSEEN = ["grape", "ham"]
LABELS = [*SEEN, *UNSEEN]


def documents(label, n, seed=0):
    """The word of the label in every second text; a word of its own, and noise, in all."""
    rng = np.random.default_rng([seed, *label.encode()])
    return [
        f"{label if i % 2 else ''} {label[::-1]} n{rng.integers(30)} n{rng.integers(30)}"
        for i in range(n)
    ]


def rows(labels, n=8, seed=0):
    return [t for label in labels for t in documents(label, n, seed)], np.repeat(labels, n)


def fake(labels=LABELS, **options):
    return ZeroShotClassifier(labels, encoder=WordEncoder(), templates="{}", **options)


def learned(**options):
    return fake(**options).fit(*rows(SEEN))


TEXTS, TRUTH = rows(LABELS, seed=7)
IS_SEEN = np.isin(TRUTH, SEEN)
