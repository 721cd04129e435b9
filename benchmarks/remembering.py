"""Models that read a text once, in this run or an earlier one.

Reading a set takes minutes to an hour; fusing and adapting what was read, seconds. So what was read
is kept under benchmarks/cache, by the weights that it comes from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cached import FOLDER
from zstext.encoders.sentence import SentenceEncoder
from zstext.nli.entailer import EntailmentModel
from zstext.protocols import BoolArray, Encoded, Entailed, FloatArray, Role


class Memory:
    """Rows of numbers by a key, in a file.

    Parameters
    ----------
    kind, name : str
        Of what is read: each name has a file of its own.
    fingerprint : str
        Of the model.
    """

    def __init__(self, kind: str, name: str, fingerprint: str) -> None:
        digest = hashlib.sha256(fingerprint.encode()).hexdigest()[:16]
        self.path: Path = FOLDER / f"{kind}-{name}-{digest}.npz"
        self.rows: dict[str, Any] = {}
        if self.path.exists():
            stored = np.load(self.path)
            rows = np.split(stored["values"], np.cumsum(stored["sizes"])[:-1])
            self.rows = dict(zip(stored["keys"].tolist(), rows, strict=True))

    def keep(self) -> None:
        """Write what is known."""
        FOLDER.mkdir(exist_ok=True)
        if self.rows:
            np.savez_compressed(
                self.path,
                keys=np.array(list(self.rows)),
                sizes=np.array([len(rows) for rows in self.rows.values()], dtype=np.intp),
                values=np.concatenate(list(self.rows.values())),
            )


class RememberingEntailer:
    """An entailment model that computes a pair once."""

    def __init__(self, model: EntailmentModel, name: str) -> None:
        self.model = model
        self.name, self.fingerprint = model.name, model.fingerprint
        self.memory = Memory("pairs", name, model.fingerprint)
        self.views = Memory("views", name, model.fingerprint)

    def entail(
        self,
        items: Sequence[str],
        hypotheses: Sequence[str],
        *,
        asked: BoolArray | None = None,
        whole: bool = True,
    ) -> Entailed:
        """Return what is remembered, and compute the rest."""
        known = self.memory.rows
        wanted = np.ones((len(items), len(hypotheses)), dtype=np.bool_) if asked is None else asked
        pairs = np.argwhere(wanted)
        keys = [_key(items[i], hypotheses[j], whole) for i, j in pairs]
        new = np.zeros_like(wanted)
        for (i, j), key in zip(pairs, keys, strict=True):
            new[i, j] = key not in known
        fresh = self.model.entail(items, hypotheses, asked=new, whole=whole)
        ends = np.cumsum(fresh.counts)
        logits = fresh.logits.copy()
        for (i, j), key in zip(pairs, keys, strict=True):
            rows = slice(ends[i] - fresh.counts[i], ends[i])
            if new[i, j]:
                known[key] = fresh.logits[rows, j]
            logits[rows, j] = known[key]
        return Entailed(logits, fresh.counts, fresh.truncated)

    def represent(self, items: Sequence[str], *, whole: bool = True) -> Encoded:
        """Return what is remembered, and compute the rest."""
        known = self.views.rows
        keys = [_key(item, "", whole) for item in items]
        new = [i for i, key in enumerate(keys) if key not in known]
        fresh = self.model.represent([items[i] for i in new], whole=whole)
        for i, end, count in zip(new, np.cumsum(fresh.counts), fresh.counts, strict=True):
            known[keys[i]] = fresh.windows[end - count : end]
        return _together([known[key] for key in keys], fresh.windows[:0])

    def keep(self) -> None:
        """Write what is known."""
        self.memory.keep()
        self.views.keep()


class RememberingEncoder:
    """A sentence encoder that reads a text once."""

    def __init__(self, model: SentenceEncoder, name: str) -> None:
        self.model = model
        self.name, self.fingerprint = model.name, model.fingerprint
        self.memory = Memory("states", name, model.fingerprint)

    def encode(
        self, items: Sequence[str], *, role: Role = "document", whole: bool = True
    ) -> Encoded:
        """Return what is remembered, and compute the rest."""
        known = self.memory.rows
        keys = [_key(item, role, whole) for item in items]
        new = [i for i, key in enumerate(keys) if key not in known]
        fresh = self.model.encode([items[i] for i in new], role=role, whole=whole)
        assert fresh.middle is not None
        states, ends = np.hstack([fresh.windows, fresh.middle]), np.cumsum(fresh.counts)
        for i, end, count in zip(new, ends, fresh.counts, strict=True):
            known[keys[i]] = states[end - count : end]
        both, n = _together([known[key] for key in keys], states[:0]), self.model.n_features
        return replace(both, windows=both.windows[:, :n], middle=both.windows[:, n:])

    def keep(self) -> None:
        """Write what is known."""
        self.memory.keep()


def _together(rows: Sequence[FloatArray], none: FloatArray) -> Encoded:
    """Return windows of items; whether a text was cut is of no account here."""
    counts = np.array([len(windows) for windows in rows], dtype=np.intp)
    return Encoded(np.concatenate([none, *rows]), counts, np.zeros(len(rows), dtype=np.bool_))


def _key(item: str, other: str, whole: bool) -> str:
    content = "\0".join((item, other, str(whole))).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:32]
