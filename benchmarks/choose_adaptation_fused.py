"""What documents count when `auto` adapts: `FUSED_TRUST` of `zstext.adapting`.

Tasks of names and descriptions of DATA/labels, which neither model has learned from, and of
DATA/train, of which both have learned from most. Anchors are the scores of `auto`.

    python -m benchmarks.choose_adaptation_fused --data ../shared/data
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks import data
from benchmarks.adaptation import SKEWS, Task, skewed
from benchmarks.groups_of_labels import groups_of_labels
from benchmarks.remembering import RememberingEntailer
from benchmarks.results import report, table
from training.groups import read
from zstext import ZeroShotClassifier, load_entailer
from zstext.adaptation import Adaptation, Trust, mixture
from zstext.adapting import FUSED_TRUST
from zstext.encoders.sentence import SentenceEncoder
from zstext.scoring import CascadeScorer, anchored

ROWS = 1000
LABELS = 60  # of a task of data/labels, at most
LEAST = 400  # rows of one
TRIED = (
    (0.35, 0.7, 60.0), (0.25, 0.7, 60.0), (0.45, 0.7, 60.0), (0.35, 0.6, 60.0), (0.35, 0.8, 60.0),
    (0.35, 1.0, 60.0), (0.35, 0.7, 20.0), (0.35, 0.7, 100.0), (0.4, 1.0, 20.0),
)  # fmt: skip
"""Trust in evidence, in shares, and `mixture.TAU`; the first are in use, the last were before."""

SETS = ("stackoverflow", "searchsnippets", "reuters_r52", "tweet_eval_emotion")
MOODS = ("tweet_eval_sentiment", "tweet_sentiment_extraction")
DRAWS = ((1.0, 0), (0.5, 1), (0.5, 2), (0.75, 3), (0.75, 4))
"""Shares of the documents to adapt on, and seeds."""

DRAWN = "as drawn"

Texts = tuple[str, list[str], list[str]]
Gains = dict[str, list[float]]


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


def gains(task: Task, evidence: float, shares: float, tau: float) -> Gains:
    """Return what adapting gains by draw, and adapted and judged on resamplings."""
    trust = replace(FUSED_TRUST, evidence=evidence, shares=shares)
    kept, mixture.TAU = mixture.TAU, tau
    found: Gains = {title: [] for title in (DRAWN, *SKEWS)}
    for share, seed in DRAWS:
        order = np.random.default_rng(seed).permutation(len(task.y))
        on = task.rows(np.sort(order[: int(share * len(order))]))
        found[DRAWN] += _gain(on, task, trust)
    for title, ratio in SKEWS.items():
        few = skewed(task, ratio, 0)
        found[title] += _gain(few, few, trust)
    mixture.TAU = kept
    return found


def _gain(on: Task, judged: Task, trust: Trust) -> list[float]:
    """Return what adapting gains; nothing if the documents support none."""
    adaptation = Adaptation.fit(on.X, on.P, views=on.views, trust=trust)
    if adaptation.mixture is None:
        return []
    return [judged.f1(adaptation.apply(judged.X, judged.P)) - judged.f1(judged.P)]


def summary(title: str, by_task: list[list[list[float]]]) -> list[list[str]]:
    """Return the line of the means over tasks, and that of the losses, a column for all tried."""
    adapted = [found for found in by_task if found[0]]
    columns = range(len(TRIED))
    means = [mean(mean(found[i]) for found in adapted) for i in columns]
    every = [[gain for found in adapted for gain in found[i]] for i in columns]
    losses = [str(sum(gain < -1 for gain in found)) for found in every]
    return [
        [f"**{title}, mean**", "", *(f"{m:+.2f}" for m in means)],
        [f"lose > 1, of {len(every[0])}", "", *losses],
    ]


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    assert TRIED[0] == (FUSED_TRUST.evidence, FUSED_TRUST.shares, mixture.TAU)
    encoder, entailer = SentenceEncoder(None), RememberingEntailer(load_entailer(), "fused")
    tasks = {task[0]: observed(task, encoder, entailer) for task in texts(folder)}
    entailer.keep()
    found = {name: [gains(task, *tried) for tried in TRIED] for name, task in tasks.items()}
    lines = [
        [name, f"{tasks[name].f1(tasks[name].P):.1f}", *(f"{mean(g[DRAWN]):+.1f}" for g in every)]
        for name, every in found.items()
        if every[0][DRAWN]
    ]
    for title in (DRAWN, *SKEWS):
        lines += summary(title, [[g[title] for g in every] for every in found.values()])
    body = (
        "Mean gain of `auto` in macro-F1, adapted on all, three quarters or half of up to "
        f"{ROWS:,} documents and judged on all, by the trust in evidence, in shares, and `TAU`. "
        "The first values are in use, the last were before. Neither model has learned from the "
        "first tasks, of data/labels; from the sets of data/train below them the entailment model "
        "has, and the encoder from most. Tasks that support no adapting are left out.\n\n"
        + table(["task", "zero-shot", *(", ".join(f"{x:g}" for x in t) for t in TRIED)], lines)
    )
    report("choose-adaptation-fused", "What documents count beside both models", body)


if __name__ == "__main__":
    main()
