"""Generalized zero-shot on real text: S, U, H and AUSUC of every mapping, calibrated or not.

    python -m benchmarks.gzsl --data ../shared/data

Each seed draws the seen classes and the labelled examples. Everything is fitted on training rows;
the penalty is chosen on pseudo-unseen folds of the labelled ones; test rows are only scored.
"unlabelled" adds training rows without their labels, of seen and of unseen classes, as a user's own
documents would be. Features and class embeddings are those of
zstext's default configuration, computed once and kept in benchmarks/cache.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.results import report, table
from zstext import ZeroShotClassifier, load_encoder
from zstext.calibration import SeenPenalty
from zstext.defaults import DEFAULT_TEMPLATES
from zstext.mapping import (
    UNLABELLED,
    BilinearMapping,
    ConSEMapping,
    ESZSLMapping,
    IdentityMapping,
    LearnedMapping,
    PrototypeMapping,
    ReverseRidgeMapping,
    RidgeMapping,
    SAEMapping,
    pseudo_unseen_folds,
    select,
)
from zstext.metrics import seen_unseen, seen_unseen_curve
from zstext.protocols import Encoder

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

CACHE = Path(__file__).parent / "cache"
MAX_UNLABELLED = 3000


@dataclass(frozen=True)
class Benchmark:
    """A set, how many of its classes are seen, and how many rows are read."""

    name: str
    n_seen: int
    examples: tuple[int, ...]
    max_test: int = 5000
    train_per_class: int = 60


BENCHMARKS = {
    b.name: b
    for b in (
        Benchmark("clinc150", 100, (1, 5, 30)),
        Benchmark("banking77", 50, (1, 5, 30)),
        Benchmark("20newsgroups", 12, (1, 5, 30), max_test=2000),
        Benchmark("wos_area", 100, (3,)),
        Benchmark("ag_news", 2, (1, 5, 30), max_test=2000),
    )
}

POWERS = [0.1, 1.0, 10.0, 100.0]
MAPPINGS: dict[str, tuple[LearnedMapping, dict[str, list[float]]]] = {
    "cosine": (IdentityMapping(), {}),
    "ridge": (RidgeMapping(), {"alpha": POWERS}),
    "ridge, residual": (RidgeMapping(residual=True), {"alpha": POWERS}),
    "reverse ridge": (ReverseRidgeMapping(), {"alpha": POWERS}),
    "ESZSL": (ESZSLMapping(), {"alpha": POWERS, "lam": POWERS}),
    "SAE": (SAEMapping(), {"lam": POWERS}),
    "ALE": (BilinearMapping(loss="ale"), {}),
    "DeViSE": (BilinearMapping(loss="devise"), {}),
    "ConSE": (ConSEMapping(), {}),
    "prototype": (PrototypeMapping(), {}),
    "prototype, unlabelled": (PrototypeMapping(), {}),
}


class Split(NamedTuple):
    """Labelled seen rows, unlabelled rows, test rows, and the classes."""

    X: Array
    y: Labels
    unlabelled: Array
    X_test: Array
    y_test: Labels
    S: Array
    seen_mask: NDArray[np.bool_]


Row = tuple[float, ...]


HEADER = ("set", "examples", "mapping", *"SUH", "S, γ", "U, γ", "H, γ", "best H", "AUSUC")
NOTES = """
S, U, H: mean per-class accuracy in per cent, over all classes, at gamma = 0. "S, γ" and so on:
gamma chosen on pseudo-unseen folds of the labelled rows. "best H": the best gamma there is, which
needs the test labels. Each seed draws the seen classes (clinc150 100 of 150, banking77 50 of 77,
20newsgroups 12 of 20, wos_area 100 of 136, ag_news 2 of 4) and the labelled examples; means over
the seeds.

"prototype" is what `zstext fit` learns. "prototype, unlabelled" adds up to 3,000 *training* rows
without their labels, of seen and of unseen classes: another protocol (semi-supervised), no fair
match for the rows above it. No test row is fitted on. gamma is 0 with one example a class (no row
to hold out) and with fewer than five seen classes (ag_news): nothing is left to choose it on, and
it was observed to do harm. How it is chosen was changed after a first run on these sets had shown
what it cost on 20newsgroups; the way it is chosen now was settled on data/train, on photos and on
drawn pictures. wos_area has no training rows: half of its test rows stand in. Two rules of the
default (shrinking the centre of few classes, no folds below five classes) were added after failures
seen on ag_news and 20newsgroups, their values then chosen on data/train; and CLINC150 was in view
while the mapping was designed: read those rows with that in mind.
"""


def main(argv: Sequence[str] | None = None) -> None:
    args = parse(argv)
    lines = []
    for name in args.sets:
        bench = BENCHMARKS[name]
        data = features(args.data / "eval" / name, bench)
        for k in bench.examples:
            splits = [draw(data, bench, k, seed) for seed in args.seeds]
            rows = {"logistic, seen only": [logistic_row(s) for s in splits]}
            for label in args.mappings:
                rows[label] = [mapping_row(label, s) for s in splits]
                print(name, k, label, file=sys.stderr, flush=True)
            for label, values in rows.items():
                cells = (f"{100 * v:.1f}" for v in np.mean(values, axis=0))
                lines.append((name, str(k), label, *cells))
    trial = set(args.sets) != set(BENCHMARKS) or set(args.mappings) != set(MAPPINGS)
    body = NOTES + "\n" + table(HEADER, lines)
    report("gzsl", "Generalized zero-shot on text", body, trial=trial)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="the folder that holds eval/")
    p.add_argument("--sets", nargs="+", choices=list(BENCHMARKS), default=list(BENCHMARKS))
    p.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    p.add_argument("--mappings", nargs="+", choices=list(MAPPINGS), default=list(MAPPINGS))
    return p.parse_args(argv)


def features(folder: Path, bench: Benchmark) -> dict[str, Array]:
    """Return features and class indices of the rows that are used, from the cache if there."""
    encoder = load_encoder()
    cached = CACHE / f"gzsl_{bench.name}_{_key(encoder)}.npz"
    if not cached.exists():
        print(f"encoding {bench.name}", file=sys.stderr)
        CACHE.mkdir(exist_ok=True)
        np.savez(cached, **encode_set(folder, bench, encoder))
    with np.load(cached) as stored:
        return dict(stored)


def _key(encoder: Encoder) -> str:
    """Return what the class embeddings depend on besides the names."""
    key = encoder.fingerprint + "".join(t.text for t in DEFAULT_TEMPLATES)
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def encode_set(folder: Path, bench: Benchmark, encoder: Encoder) -> dict[str, Array]:
    """Return the features of a set and its class embeddings, as `ZeroShotClassifier` has them."""
    names = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["labels"]
    classifier = ZeroShotClassifier(names, encoder=encoder).fit()
    out = {"S": classifier.scorer_.class_embeddings(classifier.labels_).astype(np.float64)}
    rng = np.random.default_rng(0)
    for part in ("train", "test"):
        if (folder / f"{part}.csv").exists():
            texts, y = read(folder / f"{part}.csv", names)
            order = rng.permutation(len(y))
            keep = order[: bench.max_test]
            if part == "train":
                keep = first_of_each(y, order, bench.train_per_class)
            out[f"X_{part}"], out[f"y_{part}"] = (
                classifier.features([texts[i] for i in keep]),
                y[keep],
            )
    return out


def read(path: Path, names: list[str]) -> tuple[list[str], Labels]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [r["text"] for r in rows], np.array([names.index(r["label"]) for r in rows])


def first_of_each(y: Labels, order: Labels, n: int) -> Labels:
    """Return, in `order`, the first `n` rows of every class."""
    return order[np.sort(np.concatenate([np.flatnonzero(y[order] == c)[:n] for c in np.unique(y)]))]


def draw(data: dict[str, Array], bench: Benchmark, k: int, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    S = data["S"]
    seen = rng.permutation(len(S))[: bench.n_seen]
    X, y = data["X_test"], data["y_test"].astype(np.int64)
    if "X_train" in data:
        X_pool, y_pool = data["X_train"], data["y_train"].astype(np.int64)
    else:  # no training rows were published: half of the test rows stand in for them
        order = rng.permutation(len(y))
        a, b = order[: len(y) // 2], order[len(y) // 2 :]
        X_pool, y_pool, X, y = X[a], y[a], X[b], y[b]
    order = rng.permutation(len(y_pool))
    order_seen = order[np.isin(y_pool[order], seen)]
    rows = first_of_each(y_pool, order_seen, k) if k else order_seen[:0]
    rest = np.setdiff1d(order, rows)
    rest = rng.permutation(rest)[:MAX_UNLABELLED]
    mask = np.isin(np.arange(len(S)), seen)
    return Split(X_pool[rows], y_pool[rows], X_pool[rest], X, y, S, mask)


def mapping_row(label: str, split: Split) -> Row:
    mapping, grid = MAPPINGS[label]
    X, y = split.X, split.y
    fitted = select(mapping, grid, X, y, split.S) if grid else mapping
    if label.endswith("unlabelled"):
        X = np.concatenate([X, split.unlabelled])
        y = np.concatenate([y, np.full(len(split.unlabelled), UNLABELLED)])
    gamma = SeenPenalty.from_folds(pseudo_unseen_folds(fitted, X, y, split.S))
    scores = fitted.fit(X, y, split.S).compatibility(split.X_test, split.S)
    return row(scores, split, lambda s: gamma.apply(s, split.seen_mask))


def logistic_row(split: Split) -> Row:
    """Return the row of a classifier that knows the seen classes only: U is 0 whatever the
    penalty."""
    model = LogisticRegression(C=10.0, max_iter=200, tol=1e-3).fit(split.X, split.y)
    result = seen_unseen(split.y_test, model.predict(split.X_test), split.seen_mask)
    return (result.S, result.U, result.H) * 2 + (result.H, 0.0)


def row(scores: Array, split: Split, calibrate: Callable[[Array], Array]) -> Row:
    cells: list[float] = []
    for s in (scores, calibrate(scores)):
        result = seen_unseen(split.y_test, s.argmax(axis=1), split.seen_mask)
        cells += [result.S, result.U, result.H]
    curve = seen_unseen_curve(scores, split.y_test, split.seen_mask)
    return (*cells, float(curve.H.max()), curve.ausuc)


if __name__ == "__main__":
    main()
