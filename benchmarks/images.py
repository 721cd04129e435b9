"""Zero-shot classification of photos: every mapping and semantic space, classic and generalized.

    python -m benchmarks.images --data ../shared/data
    python -m benchmarks.images --data ../shared/data --part unlabelled

The encoder, EfficientNet-Lite0, was trained on ImageNet, which has many of these classes: "unseen"
means unseen by the mapping. Test photos are only scored; nothing is chosen on them.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.gzsl import MAPPINGS, first_of_each
from benchmarks.image_data import Array, Labels, Photos, caltech101, cifar10, spaces
from benchmarks.results import report, table
from zstext.calibration import SeenPenalty
from zstext.mapping import (
    UNLABELLED,
    DAPMapping,
    ESZSLMapping,
    LearnedMapping,
    PrototypeMapping,
    prototype,
    pseudo_unseen_folds,
    select,
)
from zstext.metrics import seen_unseen, seen_unseen_curve
from zstext.semantics import concatenate

LEVEL = "prototype, unlabelled, level"
UNLABELLED_TOO = {
    "prototype": PrototypeMapping(),
    "prototype, unlabelled": PrototypeMapping(),
    LEVEL: PrototypeMapping(level=True),
}
"""Compared in the second part. A name with "unlabelled" learns from the pool as well."""

CHOICE_SEED = 100
"""The split that the options of the mappings are chosen on, by folds of its seen classes. None of
the reported splits, which are 0 to 9, has this seed."""

LITERATURE = ("GloVe-50", "names", "descriptions")
"""The spaces that the mappings of the literature are measured on."""

IN_PLACE = ("cosine", "ridge, residual")  # need one space for photos and names
HEADER = (
    "set",
    "classes by",
    "mapping",
    "unseen only",
    *"SUH",
    *("S, γ", "U, γ", "H, γ"),
    "best H",
    "AUSUC",
)
NOTES = """
**The encoder, EfficientNet-Lite0, saw ImageNet.** Many of these classes, or near relatives, were
among its 1,000: "unseen" means unseen by the mapping, in every figure here.

Caltech-101: ten random splits (seeds 0 to 9) of 81 seen and 20 unseen classes, 14 labelled photos
of each seen class; of the other photos one half is tested and the other is the pool that
"unlabelled" rows may learn from, without labels. CIFAR-10: ten splits of 8 and 2 classes, 30
labelled photos a class of the first 100 of the training set, the rest of those are the pool; tested
on the 2,000 test photos (32 x 32 pixels, enlarged).

Per cent, means over the splits. "unseen only": mean per-class accuracy among the unseen classes
alone (the classic setting; chance is 5, on CIFAR-10 50). S, U, H: all classes compete, gamma = 0;
"S, γ" and so on: gamma from pseudo-unseen folds of the labelled photos; "best H" is the best gamma
there is, which needs the test labels.

The options of the mappings of the literature were chosen by folds of the seen classes of one other
split (seed 100). How gamma is chosen was changed after a first run on splits 0 to 9 had shown what
it cost there; the way it is chosen now was settled on data/train, on drawn discs and squares, and
on splits 100 to 103 of both sets. "prototype" has zstext's defaults, which were chosen on texts.
The encoder's square root of features, the scaling of the whole photo in place of a crop, and which
spaces to put side by side were settled while looking at splits 100 to 103 of Caltech-101, seen and
unseen classes alike: other splits, but the same photos. Descriptions are one sentence a class,
written for this benchmark before any was scored (`caltech101_descriptions.yaml`) and never changed;
they say what the thing looks like, which a name does not. Two folders are both named "face": with
names and GloVe they have one vector and cannot be told apart.
"""

NOTES_UNLABELLED = """
**The encoder, EfficientNet-Lite0, saw ImageNet**: "unseen" means unseen by the mapping. The same
splits, columns and choices as in "Photos". "unlabelled": half of the photos that are left on
Caltech-101 (CIFAR-10: the 70 or 100 training photos a class that are not labelled), of seen and
unseen classes alike and without their labels, take part in fitting; the photos that are tested do
not. "level" is `PrototypeMapping(level=True)`: the advantage that seen classes have is estimated
by leaving out each seen class in turn, and taken off while unlabelled photos are shared out. It has
no constant to choose. It was written after the first run of "Photos" had shown that unlabelled
photos lowered H on the splits 0 to 9, and tried on the splits 100 to 103 of Caltech-101 with
descriptions, at the default weight of an unlabelled photo and at a higher one, which was better
there and is not used.
"""


class Split(NamedTuple):
    """Rows to learn from, to look at without labels, and to test on."""

    labelled: Labels
    pool: Labels
    test: Labels
    seen_mask: np.ndarray


def main(argv: Sequence[str] | None = None) -> None:
    args = parse(argv)
    # Whitening knows nothing of the classes' vectors: most of the time goes into it, once a split.
    prototype.within_class_whitening = remembered(prototype.within_class_whitening)
    trial = len(args.seeds) < 10 or len(args.sets) < 2 or bool(args.mappings)
    unlabelled = args.part == "unlabelled"
    lines = []
    for name, load in (("caltech101", caltech101), ("cifar10", cifar10)):
        if name in args.sets:
            photos = load(args.data)
            by = spaces(args.data, photos, name)
            lines += list(rows_of(name, photos, by if unlabelled else with_blocks(by), args))
    if unlabelled:
        body = NOTES_UNLABELLED + "\n" + table(HEADER, lines)
        report("images-unlabelled", "Photos: learning from unlabelled ones", body, trial=trial)
        return
    body = NOTES + "\n" + table(HEADER, lines)
    if "caltech101" in args.sets:
        body += "\n\n" + animals(args.data)
    report("images", "Photos", body, trial=trial)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="the folder that holds image/")
    p.add_argument("--sets", nargs="+", default=["caltech101", "cifar10"])
    p.add_argument("--seeds", nargs="+", type=int, default=list(range(10)))
    p.add_argument("--mappings", nargs="+", default=[], help="only these, as a trial")
    p.add_argument("--part", choices=["mappings", "unlabelled"], default="mappings")
    return p.parse_args(argv)


def with_blocks(by: dict[str, Array]) -> dict[str, Array]:
    """Add spaces side by side, as `semantics=` does."""
    sides = [("GloVe-50", "names")]
    if "descriptions" in by:
        sides += [("names", "descriptions"), ("GloVe-50", "names", "descriptions")]
    return by | {" + ".join(s): concatenate([by[name] for name in s]) for s in sides}


def rows_of(
    name: str, photos: Photos, by: dict[str, Array], args: argparse.Namespace
) -> Iterator[tuple[str, ...]]:
    cells: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    mappings = wanted(photos, by, args.part, args.mappings)
    for seed in args.seeds:
        for (space, label), mapping in mappings.items():
            row = measure(label, mapping, photos, by[space], seed)
            cells.setdefault((space, label), []).append(row)
        print(name, "split", seed, file=sys.stderr, flush=True)
    for (space, label), values in cells.items():
        yield (name, space, label, *(f"{100 * v:.1f}" for v in np.mean(values, axis=0)))


def wanted(
    photos: Photos, by: dict[str, Array], part: str, only: Sequence[str]
) -> dict[tuple[str, str], LearnedMapping]:
    """Return the mappings of a part of the benchmark, by semantic space and name."""
    if part == "unlabelled":
        pairs = [(space, label) for space in by for label in UNLABELLED_TOO]
    else:
        pairs = [
            (space, label)
            for space in by
            for label in MAPPINGS
            if label not in IN_PLACE and (label.startswith("prototype") or space in LITERATURE)
        ]
    return {
        (space, label): UNLABELLED_TOO[label]
        if part == "unlabelled"
        else chosen(label, photos, by[space])
        for space, label in pairs
        if label in only or not only
    }


def chosen(label: str, photos: Photos, S: Array) -> LearnedMapping:
    """Return a mapping with options chosen on another split than those that are reported."""
    mapping, grid = MAPPINGS[label]
    if not grid:
        return mapping
    rows = draw(photos, CHOICE_SEED).labelled
    return select(mapping, grid, photos.X[rows], photos.y[rows], S)


def draw(photos: Photos, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    n_classes, own = len(photos.names), photos.test.any()
    seen = rng.permutation(n_classes)[: 8 if own else 81]
    mask = np.isin(np.arange(n_classes), seen)
    order = rng.permutation(np.flatnonzero(~photos.test))
    of_seen = order[mask[photos.y[order]]]
    labelled = of_seen[first_of_each(photos.y[of_seen], np.arange(len(of_seen)), 30 if own else 14)]
    rest = order[~np.isin(order, labelled)]
    if own:
        return Split(labelled, rest, np.flatnonzero(photos.test), mask)
    return Split(labelled, rest[::2], rest[1::2], mask)


def measure(
    label: str, mapping: LearnedMapping, photos: Photos, S: Array, seed: int
) -> tuple[float, ...]:
    split = draw(photos, seed)
    rows, y = split.labelled, photos.y[split.labelled]
    if "unlabelled" in label:
        rows = np.concatenate([rows, split.pool])
        y = np.concatenate([y, np.full(len(split.pool), UNLABELLED)])
    X, mask, truth = photos.X[rows], split.seen_mask, photos.y[split.test]
    penalty = SeenPenalty.from_folds(pseudo_unseen_folds(mapping, X, y, S))
    scores = mapping.fit(X, y, S).compatibility(photos.X[split.test], S)
    cells = [classic(scores, truth, mask)]
    for s in (scores, penalty.apply(scores, mask)):
        result = seen_unseen(truth, s.argmax(axis=1), mask)
        cells += [result.S, result.U, result.H]
    curve = seen_unseen_curve(scores, truth, mask)
    return (*cells, float(curve.H.max()), curve.ausuc)


def classic(scores: Array, truth: Labels, seen_mask: np.ndarray) -> float:
    """Return the mean per-class accuracy on unseen classes, which are the only candidates."""
    unseen = np.flatnonzero(~seen_mask)
    rows = ~seen_mask[truth]
    best = unseen[scores[rows][:, unseen].argmax(axis=1)]
    return float(np.mean([(best[truth[rows] == c] == c).mean() for c in unseen]))


def remembered(whiten: Callable[..., Array]) -> Callable[..., Array]:
    """Return a function that keeps its last few results, by the content of its arguments."""
    kept: dict[str, Array] = {}

    def call(X: Array, y: Labels, *, shrinkage: float) -> Array:
        key = sha256(X.tobytes() + y.tobytes() + str(shrinkage).encode()).hexdigest()
        if key not in kept:
            kept[key] = whiten(X, y, shrinkage=shrinkage)
            for old in list(kept)[:-12]:
                del kept[old]
        return kept[key]

    return call


def animals(data: Path) -> str:
    """Return a table of attribute-based recognition: the AwA2 animals among Caltech-101's classes.

    Every pair of animals is unseen once.
    """
    photos = caltech101(data)
    animal_of = awa2_names(data)
    classes = [photos.folders.index(folder) for folder in animal_of]
    keep = np.isin(photos.y, classes)
    X, y = photos.X[keep], np.searchsorted(np.sort(classes), photos.y[keep])
    order = np.argsort(classes)
    wanted = [list(animal_of.values())[i] for i in order]
    lines = []
    for kind, mapping in (
        ("binary", DAPMapping()),
        ("binary", ESZSLMapping()),
        ("continuous", ESZSLMapping()),
        ("continuous", PrototypeMapping()),
    ):
        S = attributes(data, kind, wanted)
        hits = [pair_accuracy(mapping, X, y, S, (a, b)) for b in range(len(S)) for a in range(b)]
        name = type(mapping).__name__.removesuffix("Mapping")
        lines.append((kind, name, f"{100 * np.mean(hits):.1f}", f"{100 * np.min(hits):.1f}"))
    head = (
        f"AwA2 attributes (85), {len(wanted)} animals of Caltech-101 (gerenuk stands for "
        "antelope): every pair of them unseen in turn, learned on all photos of the others, "
        "options at their defaults. Accuracy of telling the two apart; chance is 50. The encoder "
        "saw ImageNet, which has most of these animals.\n\n"
    )
    return head + table(("attributes", "mapping", "mean over pairs", "worst pair"), lines)


def awa2_names(data: Path) -> dict[str, str]:
    path = data / "image" / "attributes" / "map_images_to_AWA2.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["image_set"] == "caltech101"]
    return {row["image_class"]: row["AWA2_class"] for row in rows}


def attributes(data: Path, kind: str, animals: list[str]) -> Array:
    path = data / "image" / "attributes" / "AWA2" / f"class_attributes_{kind}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row[0]: row[1:] for row in csv.reader(file)}
    return np.array([rows[animal] for animal in animals], dtype=np.float64)


def pair_accuracy(
    mapping: LearnedMapping, X: Array, y: Labels, S: Array, pair: tuple[int, int]
) -> float:
    unseen = np.isin(y, pair)
    scores = mapping.fit(X[~unseen], y[~unseen], S).compatibility(X[unseen], S)
    return classic(scores, y[unseen], ~np.isin(np.arange(len(S)), pair))


if __name__ == "__main__":
    main()
