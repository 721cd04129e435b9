"""Features and class embeddings of the evaluation sets, computed once and kept under cache/."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.data import SETS, EvalSet, Rows
from zstext.defaults import DEFAULT_TEMPLATES, scale_for
from zstext.encoders import load_encoder
from zstext.labels import LabelSpace
from zstext.protocols import Encoder
from zstext.scoring import EncoderScorer

FOLDER = Path(__file__).with_name("cache") / "observed"
OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Embedded:
    """One set as an encoder with the default templates sees it.

    Attributes
    ----------
    X : ndarray of shape (n_documents, n_features), float32
    middle : ndarray of shape (n_documents, n_hidden), float32
        What the middle layer of the encoder says of them.
    S : ndarray of shape (n_classes, n_features), float32
    y : ndarray of shape (n_documents,), int
        Columns of the true labels; -1 for a document out of scope.
    temperature : float
        Of the encoder's cosines.
    """

    X: NDArray[np.float32]
    middle: NDArray[np.float32]
    S: NDArray[np.float32]
    y: NDArray[np.int64]
    temperature: float


def embedded(folder: Path, chosen: EvalSet, encoder: Encoder, *, limit: int | None) -> Embedded:
    """Return a single-label set embedded, from the cache if it was embedded before."""
    rows = data.load(folder, chosen, limit=limit)
    key = hashlib.sha256(_key(rows, limit, encoder).encode()).hexdigest()[:16]
    path = FOLDER / f"{chosen.name}-{key}.npz"
    if not path.exists():
        _write(path, chosen, rows, encoder)
    with np.load(path) as kept:
        X, middle, S = kept["X"], kept["middle"], kept["S"]
    column = {label: j for j, label in enumerate(rows.labels)}
    y = np.array([column[truth[0]] if truth else OUTSIDE for truth in rows.truth])
    return Embedded(X, middle, S, y, scale_for(encoder).temperature_among(len(S)))


def _key(rows: Rows, limit: int | None, encoder: Encoder) -> str:
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    return repr((rows.digest, limit, rows.labels, templates, encoder.fingerprint))


def _write(path: Path, chosen: EvalSet, rows: Rows, encoder: Encoder) -> None:
    print(f"embedding {chosen.name}: {len(rows.texts)} documents", file=sys.stderr, flush=True)
    scorer = EncoderScorer(encoder, DEFAULT_TEMPLATES)
    labels = LabelSpace.of(rows.labels)
    S = scorer.class_embeddings(labels)
    X, middle = scorer.observe(rows.texts, labels).views
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, X=X, middle=middle, S=S)


def main() -> None:
    args, encoder = data.parser(__doc__).parse_args(), load_encoder()
    for chosen in SETS:
        if not chosen.multi_label:
            embedded(args.data, chosen, encoder, limit=3000)


if __name__ == "__main__":
    main()
