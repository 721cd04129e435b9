"""Recompute the figures behind the constants in `zstext/defaults.py`.

Reads the English sets of DATA/train, never DATA/eval, and prints how templates, temperatures,
strategies for long documents and the description weight compare for an encoder.

    python benchmarks/choose_constants.py --data ../shared/data --out constants.md
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from zstext.encoders import MINILM, load_encoder
from zstext.labels import LabelSpace
from zstext.protocols import Encoder
from zstext.scoring.long import mean_scores
from zstext.semantics import class_embeddings, mean_windows
from zstext.templates import as_templates

Array = NDArray[np.floating]

CACHE = Path(__file__).parent / "cache" / "choose_constants"
ABOUT = "This text is about {}."
TEMPLATES = (
    (ABOUT,),
    ("{}",),
    (ABOUT, "{}"),
    (ABOUT, "topics: {}"),
    (ABOUT, "A question about {}."),
    (ABOUT, "This text is mainly about {}.", "This text is about the topic of {}."),
    ("{}", ABOUT, "This example is {}.", "The topic is {}."),
)
TEMPERATURES = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1)
WEIGHTS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
FACTS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = FACTS["groups"]
DESCRIPTIONS: dict[str, dict[str, str]] = FACTS["descriptions"]
MULTI_LABEL = [*GROUPS["topic"], "tweet_eval_emotion", "tweet_eval_emoji", "llicl_emo"]
LONG = ("reuters_r52", "ohsumed23", "yelp_review_full", "llicl_jailbreak_classification")
BINS = 15


@dataclass(eq=False)
class TrainSet:
    """A labelled set and its documents as the encoder sees them.

    `windows` holds those of all documents, in order, `counts` how many each has, `first` what
    "truncate" reads of the documents of more than one window, `middle` what the middle layer says
    of each document, and `X` the mean of the windows.
    """

    name: str
    labels: tuple[str, ...]
    y: NDArray[np.integer]
    windows: Array
    counts: NDArray[np.integer]
    first: Array
    middle: Array
    X: Array = field(init=False)

    def __post_init__(self) -> None:
        self.X = mean_windows(self.windows, self.counts)

    def f1(self, scores: Array, kept: NDArray[np.bool_] | slice = slice(None)) -> float:
        """Return macro-F1, 0..100, over the labels that occur among the kept documents."""
        y, best = self.y[kept], scores.argmax(axis=1)
        return 100 * float(f1_score(y, best, labels=np.unique(y), average="macro", zero_division=0))


def load_set(folder: Path, encoder: Encoder, rows: int) -> TrainSet:
    """Draw up to `rows` documents of a set and embed them, or read them from the cache."""
    labels = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["labels"]
    with (folder / "test.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    drawn = [table[i] for i in np.random.default_rng(0).permutation(len(table))[:rows]]
    y = np.array([labels.index(row["label"]) for row in drawn])
    texts = [row["text"] for row in drawn]
    key = hashlib.sha256(json.dumps([encoder.fingerprint, texts, "middle"]).encode()).hexdigest()
    path = CACHE / f"{folder.name}-{key[:16]}.npz"
    if not path.exists():
        whole = encoder.encode(texts)
        several = [t for t, count in zip(texts, whole.counts, strict=True) if count > 1]
        first = encoder.encode(several, whole=False).windows
        CACHE.mkdir(parents=True, exist_ok=True)
        assert whole.middle is not None
        middle = mean_scores(whole.middle, whole.counts)
        np.savez(path, windows=whole.windows, counts=whole.counts, first=first, middle=middle)
    with np.load(path) as cached:
        return TrainSet(folder.name, tuple(labels), y, **cached)


def load_sets(train: Path, encoder: Encoder, rows: int) -> list[TrainSet]:
    """Load every English set."""
    csv.field_size_limit(2**31 - 1)
    metas = {p.parent: json.loads(p.read_text(encoding="utf-8")) for p in train.glob("*/meta.json")}
    english = sorted(folder for folder, meta in metas.items() if meta["language"] == "en")
    return [load_set(folder, encoder, rows) for folder in english]


def grouped(by_set: dict[str, float]) -> list[float]:
    """Return the means over topic, sentiment and other sets, and the mean of the three."""
    named = [name for group in GROUPS.values() for name in group]
    groups = [*GROUPS.values(), [name for name in by_set if name not in named]]
    means = [float(np.mean([by_set[name] for name in group])) for group in groups]
    return [*means, float(np.mean(means))]


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a heading and a markdown table."""
    lines = [list(header), ["---"] * len(header)]
    lines += [[f"{v:.1f}" if isinstance(v, float) else str(v) for v in row] for row in rows]
    return f"## {title}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def compare_templates(sets: list[TrainSet], encoder: Encoder) -> str:
    """Macro-F1 of template sets, and on how many sets each beats or trails the first by a point."""
    rows, base = [], {}
    for texts in TEMPLATES:
        f1 = {s.name: s.f1(s.X @ named(s, encoder, texts).T) for s in sets}
        base = base or f1
        gaps = [f1[name] - base[name] for name in f1]
        gained, lost = sum(g > 1 for g in gaps), sum(g < -1 for g in gaps)
        title = " + ".join(f"`{t}`" for t in texts)
        rows.append([title, *grouped(f1), float(np.mean(list(f1.values()))), f"{gained}/{lost}"])
    header = ["templates", "topic", "sentiment", "other", "mean of 3", "all sets", "±1 point"]
    return table(f"Templates (macro-F1, {len(sets)} sets)", header, rows)


def named(
    s: TrainSet,
    encoder: Encoder,
    templates: Sequence[str] = (ABOUT,),
    descriptions: dict[str, str] | None = None,
    weight: float = 0.5,
) -> Array:
    """Return class embeddings of the labels of a set, as zstext computes them."""
    labels = LabelSpace.of(descriptions or s.labels)
    return class_embeddings(encoder, labels, as_templates(templates), description_weight=weight)


def choose_temperature(sets: list[TrainSet], scores: dict[str, Array]) -> str:
    """The T of lowest log loss, the three groups weighing the same, and ECE near it."""

    def losses(T: float) -> list[float]:
        log_p = {s: log_softmax(scores[s.name] / T, axis=1)[range(len(s.y)), s.y] for s in sets}
        return grouped({s.name: -float(p.mean()) for s, p in log_p.items()})

    rows = [[f"T = {T}", *(f"{x:.3f}" for x in losses(T))] for T in TEMPERATURES]
    best = [minimise(lambda T, i=i: losses(T)[i]) for i in range(4)]
    rows.append(["best T", *(f"{T:.3f}" for T in best)])
    header = ["", "topic", "sentiment", "other", "mean of 3"]
    T = round(best[3], 2)
    errors = {s.name: calibration_error(scores[s.name] / T, s.y) for s in sets}
    by_set = [*errors.items(), ("mean of 3", grouped(errors)[3])]
    ece = table(f"Calibration error at T = {T}", ["set", "ECE x 100"], by_set)
    return table("Temperature (log loss)", header, rows) + "\n" + ece


def minimise(loss: Callable[[float], float]) -> float:
    """Return the temperature between 0.01 and 3 of the lowest loss."""
    found = minimize_scalar(lambda t: loss(np.exp(t)), bounds=np.log([0.01, 3]), method="bounded")
    return float(np.exp(found.x))


def calibration_error(logits: Array, y: NDArray[np.integer]) -> float:
    """Return the expected calibration error, 0..100, in bins of equal width (Guo et al. 2017)."""
    p = np.exp(log_softmax(logits, axis=1))
    hit = p.argmax(axis=1) == y
    bins = np.minimum((p.max(axis=1) * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=hit - p.max(axis=1), minlength=BINS)
    return 100 * float(np.abs(gaps).sum()) / len(y)


def choose_multi_label(sets: list[TrainSet], scores: dict[str, Array]) -> str:
    """The sigmoid under which a score of 0.5 is as typical of having a label as of lacking it."""
    rows = []
    for title, names in (("topics and emotions", MULTI_LABEL), ("topics", GROUPS["topic"])):
        chosen = [s for s in sets if s.name in names and len(s.labels) >= 4]
        midpoint, T = multi_label_scale(chosen, scores)
        rows.append([title, len(chosen), f"{midpoint:.3f}", f"{T:.3f}"])
    return table("Multi-label", ["sets", "n", "midpoint b", "temperature T_m"], rows)


def multi_label_scale(sets: Sequence[TrainSet], scores: dict[str, Array]) -> tuple[float, float]:
    """Return midpoint and temperature of the sigmoid; sets, and having or lacking, count alike."""
    has = [np.eye(len(s.labels), dtype=bool)[s.y].ravel() for s in sets]
    weight = np.concatenate([np.where(t, 1e5 / t.sum(), 1e5 / (~t).sum()) for t in has])
    x = np.concatenate([scores[s.name].ravel() for s in sets])[:, None]
    fit = LogisticRegression(C=1e6).fit(x, np.concatenate(has), sample_weight=weight)
    slope, intercept = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    return -intercept / slope, 1 / slope


def compare_long(sets: list[TrainSet], encoder: Encoder) -> str:
    """Macro-F1 on the documents of more than one window."""
    rows = []
    for s in sets:
        kept = s.counts > 1
        if s.name not in LONG:
            continue
        S = named(s, encoder)
        starts = np.cumsum(s.counts) - s.counts
        best = np.maximum.reduceat(s.windows @ S.T, starts, axis=0)[kept]
        scores = (s.first @ S.T, s.X[kept] @ S.T, best)
        rows.append([s.name, kept.sum(), *(s.f1(x, kept) for x in scores)])
    header = ["set", "long documents", "truncate", "mean", "max"]
    return table("Documents of more than one window (macro-F1)", header, rows)


def compare_descriptions(sets: list[TrainSet], encoder: Encoder) -> str:
    """Macro-F1 by the share that the description has in a class embedding."""
    rows = []
    for s in sets:
        if texts := DESCRIPTIONS.get(s.name):
            given = {label: texts[label] for label in s.labels}
            mixed = [named(s, encoder, descriptions=given, weight=w) for w in WEIGHTS]
            rows.append([s.name, *(s.f1(s.X @ S.T) for S in mixed)])
    rows.append(["mean", *(float(v) for v in np.mean([row[1:] for row in rows], axis=0))])
    header = ["set", *(f"w = {w}" for w in WEIGHTS)]
    return table("Description weight (macro-F1)", header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds train/")
    parser.add_argument("--rows", type=int, default=1000, help="documents of a set (default 1000)")
    parser.add_argument("--model", default=MINILM, help="one that has not seen these sets")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    args = parser.parse_args()
    encoder = load_encoder(args.model)
    sets = load_sets(args.data / "train", encoder, args.rows)
    scores = {s.name: s.X @ named(s, encoder).T for s in sets}
    text = "\n".join(
        (
            compare_templates(sets, encoder),
            choose_temperature(sets, scores),
            choose_multi_label(sets, scores),
            compare_long(sets, encoder),
            compare_descriptions(sets, encoder),
        )
    )
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
