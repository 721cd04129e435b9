"""What documents count when `auto` adapts: `FUSED_WEIGHT` of `zstext.adapting`.

Tasks of names and descriptions of DATA/labels, which neither model has learned from, and of
DATA/train, of which both have learned from most. Anchors are the scores of `auto`.

    python -m benchmarks.choose_adaptation_fused --data ../shared/data
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks import data
from benchmarks.adaptation import Task
from benchmarks.groups_of_labels import groups_of_labels
from benchmarks.remembering import RememberingEntailer
from benchmarks.results import report, table
from training.groups import read
from zstext import ZeroShotClassifier, load_entailer
from zstext.adaptation import Adaptation
from zstext.adapting import FUSED_WEIGHT
from zstext.encoders.sentence import SentenceEncoder
from zstext.scoring import CascadeScorer, anchored

ROWS = 1000
LABELS = 60  # of a task of data/labels, at most
LEAST = 400  # rows of one
WEIGHTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85)
SETS = ("stackoverflow", "searchsnippets", "reuters_r52", "tweet_eval_emotion")
MOODS = ("tweet_eval_sentiment", "tweet_sentiment_extraction")
DRAWS = ((1.0, 0), (0.5, 1), (0.5, 2), (0.75, 3), (0.75, 4))
"""Shares of the documents to adapt on, and seeds."""

Texts = tuple[str, list[str], list[str]]


def texts(folder: Path) -> Iterator[Texts]:
    """Yield name, texts and labels of every task."""
    for name, documents, labels in groups_of_labels(folder / "labels", ROWS):
        if len(documents) >= LEAST and len(set(labels)) <= LABELS:
            yield name, documents, labels
    for name in SETS:
        yield _drawn(name, list(read(folder / "train" / name / "test.csv")))
    for name in MOODS:
        rows = list(read(folder / "train" / name / "test.csv"))
        yield _drawn(name, rows)
        clear = [row for row in rows if row["label"] != "neutral"]
        yield _drawn(f"{name}, for or against", clear)


def _drawn(name: str, rows: Sequence[dict[str, str]]) -> Texts:
    order = np.random.default_rng(0).permutation(len(rows))[:ROWS]
    return name, [rows[i]["text"] for i in order], [rows[i]["label"] for i in order]


def observed(task: Texts, encoder: SentenceEncoder, entailer: RememberingEntailer) -> Task:
    """Return what `auto` says of a task, and its views of the documents."""
    name, documents, labels = task
    print(f"{name} ({len(documents)} documents)", file=sys.stderr, flush=True)
    names = sorted(set(labels))
    clf = ZeroShotClassifier(names, backend="auto", encoder=encoder, entailer=entailer).fit()
    assert isinstance(clf.scorer_, CascadeScorer)
    seen = clf.scorer_.observe(documents, clf.labels_)
    rows, views, P = anchored(seen, clf.calibrator_)
    y = np.array([names.index(labels[i]) for i in rows])
    X = np.hstack(views).astype(np.float64)
    return Task(X, P, y, tuple(view.shape[1] for view in views))


def gains(task: Task, weight: float) -> list[float]:
    """Return what adapting gains, by draw; nothing of draws that support none."""
    plain, found = task.f1(task.P), []
    for share, seed in DRAWS:
        order = np.random.default_rng(seed).permutation(len(task.y))
        on = task.rows(np.sort(order[: int(share * len(order))]))
        adaptation = Adaptation.fit(on.X, on.P, views=on.views, weight=weight)
        if adaptation.mixture is not None:
            found.append(task.f1(adaptation.apply(task.X, task.P)) - plain)
    return found


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    encoder, entailer = SentenceEncoder(None), RememberingEntailer(load_entailer(), "fused")
    tasks = {task[0]: observed(task, encoder, entailer) for task in texts(folder)}
    entailer.keep()
    by_weight = {w: {name: gains(task, w) for name, task in tasks.items()} for w in WEIGHTS}
    adapted = [name for name in tasks if by_weight[FUSED_WEIGHT][name]]
    lines = [
        [name, f"{tasks[name].f1(tasks[name].P):.1f}"]
        + [f"{mean(by_weight[w][name]):+.1f}" for w in WEIGHTS]
        for name in adapted
    ]
    means = [f"{mean(mean(by_weight[w][name]) for name in adapted):+.2f}" for w in WEIGHTS]
    every = {w: [gain for found in by_weight[w].values() for gain in found] for w in WEIGHTS}
    losses = [str(sum(gain < -1 for gain in every[w])) for w in WEIGHTS]
    lines += [["**mean**", "", *means], [f"lose > 1, of {len(every[FUSED_WEIGHT])}", "", *losses]]
    body = (
        "Mean gain of `auto` in macro-F1, adapted on all, three quarters or half of up to "
        f"{ROWS:,} documents and judged on all, by the weight of the documents; {FUSED_WEIGHT} is "
        "in use. Neither model has learned from the first tasks, of data/labels; from the sets of "
        "data/train below them the entailment model has, and the encoder from most. Tasks that "
        "support no adapting are left out.\n\n"
        + table(["task", "zero-shot", *(f"{w:g}" for w in WEIGHTS)], lines)
    )
    report("choose-adaptation-fused", "What documents count beside both models", body)


if __name__ == "__main__":
    main()
