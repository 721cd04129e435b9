"""An entailment model that computes a pair once, in this run or an earlier one.

Reading a set takes most of an hour; fusing and adapting what was read, seconds. So logits are kept
under benchmarks/cache by the weights that they are of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cached import FOLDER
from zstext.nli.entailer import EntailmentModel
from zstext.protocols import BoolArray, Entailed


class Remembering:
    """An entailment model with a memory.

    Parameters
    ----------
    model : EntailmentModel
    name : str
        Of what is read: each has a file of its own.
    """

    def __init__(self, model: EntailmentModel, name: str) -> None:
        self.model = model
        self.name, self.fingerprint = model.name, model.fingerprint
        self.path = _path(name, model.fingerprint)
        self.known = _read(self.path)

    def entail(
        self,
        items: Sequence[str],
        hypotheses: Sequence[str],
        *,
        asked: BoolArray | None = None,
        whole: bool = True,
    ) -> Entailed:
        """Return what is remembered, and compute the rest."""
        wanted = np.ones((len(items), len(hypotheses)), dtype=np.bool_) if asked is None else asked
        pairs = np.argwhere(wanted)
        keys = [_key(items[i], hypotheses[j], whole) for i, j in pairs]
        new = np.zeros_like(wanted)
        for (i, j), key in zip(pairs, keys, strict=True):
            new[i, j] = key not in self.known
        fresh = self.model.entail(items, hypotheses, asked=new, whole=whole)
        ends = np.cumsum(fresh.counts)
        logits = fresh.logits.copy()
        for (i, j), key in zip(pairs, keys, strict=True):
            rows = slice(ends[i] - fresh.counts[i], ends[i])
            if new[i, j]:
                self.known[key] = fresh.logits[rows, j]
            logits[rows, j] = self.known[key]
        return Entailed(logits, fresh.counts, fresh.truncated)

    def keep(self) -> None:
        """Write what is known."""
        FOLDER.mkdir(exist_ok=True)
        logits = list(self.known.values())
        np.savez_compressed(
            self.path,
            keys=np.array(list(self.known)),
            sizes=np.array([len(windows) for windows in logits], dtype=np.intp),
            logits=np.concatenate([np.empty((0, 2), dtype=np.float32), *logits]),
        )


def _key(item: str, hypothesis: str, whole: bool) -> str:
    content = "\0".join((item, hypothesis, str(whole))).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:32]


def _path(name: str, fingerprint: str) -> Path:
    return FOLDER / f"pairs-{name}-{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}.npz"


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    stored = np.load(path)
    windows = np.split(stored["logits"], np.cumsum(stored["sizes"])[:-1])
    return dict(zip(stored["keys"].tolist(), windows, strict=True))
