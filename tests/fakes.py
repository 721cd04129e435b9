"""Encoders and entailers without a model: tables, or vectors that follow from the letters."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from zstext.protocols import Encoded, Entailed


class VectorEncoder:
    """Every text has the vectors of its windows in a table; what is not in the table is an error.

    Remembers what it was asked in `asked`, as (role, texts).
    """

    name = "vectors"
    fingerprint = "vectors-1"

    def __init__(self, table: Mapping[str, Sequence]):
        self.table = {t: np.atleast_2d(np.array(v, dtype=np.float32)) for t, v in table.items()}
        self.asked = []

    def encode(self, items, *, role="document", whole=True):
        self.asked.append((role, list(items)))
        windows = [self.table[item] if whole else self.table[item][:1] for item in items]
        size = next(iter(self.table.values())).shape[1]
        return Encoded(
            np.concatenate([*windows, np.empty((0, size), dtype=np.float32)]),
            np.array([len(w) for w in windows], dtype=np.intp),
            np.array([not whole and len(self.table[i]) > 1 for i in items], dtype=np.bool_),
        )


class WordEncoder:
    """A text is the sum of its words; a word is a fixed random direction. Case does not count."""

    name = "words"
    fingerprint = "words-1"

    def encode(self, items, *, role="document", whole=True):
        vectors = [sum(map(_direction, item.lower().split()), np.zeros(32)) for item in items]
        windows = np.array(vectors, dtype=np.float32).reshape(-1, 32)
        n = len(items)
        return Encoded(windows, np.ones(n, dtype=np.intp), np.zeros(n, dtype=np.bool_))

    def __sklearn_clone__(self):
        return self


def _direction(word: str) -> np.ndarray:
    word = word.strip(".,:!?")
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=32)


class TableEntailer:
    """The logits of every (item, hypothesis) are in a table: windows of (entailment, opposite).

    Remembers in `asked` which pairs it was asked for.
    """

    name = "table"
    fingerprint = "table-1"

    def __init__(self, table: Mapping[tuple[str, str], Sequence]):
        self.table = {k: np.atleast_2d(np.array(v, dtype=np.float32)) for k, v in table.items()}
        self.asked = []

    def entail(self, items, hypotheses, *, asked=None, whole=True):
        counts, rows = [], []
        for i, item in enumerate(items):
            n = len(self.table[item, hypotheses[0]]) if whole else 1
            block = np.full((n, len(hypotheses), 2), np.nan, dtype=np.float32)
            for j, hypothesis in enumerate(hypotheses):
                if asked is None or asked[i, j]:
                    self.asked.append((item, hypothesis))
                    block[:, j] = self.table[item, hypothesis][:n]
            counts.append(n)
            rows.append(block)
        cut = [not whole and len(self.table[item, hypotheses[0]]) > 1 for item in items]
        return Entailed(
            np.concatenate([*rows, np.empty((0, len(hypotheses), 2), dtype=np.float32)]),
            np.array(counts, dtype=np.intp),
            np.array(cut, dtype=np.bool_),
        )
