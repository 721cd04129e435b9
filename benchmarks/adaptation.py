"""Adapting to unlabelled documents: what it gains, what it may cost, and how long it takes.

Strict zero-shot and adapted are separate columns, never mixed. Features are embedded once.

    python -m benchmarks.adaptation --data ../shared/data
    python -m benchmarks.adaptation --data ../shared/data --model all-MiniLM-L6-v2
    python -m benchmarks.adaptation --data ../shared/data --costs
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.metrics import f1_score

from benchmarks import data
from benchmarks.adaptation_peers import PEERS
from benchmarks.data import SEED, SETS
from benchmarks.embedded import OUTSIDE, Embedded, embedded
from benchmarks.measures import calibration_error
from benchmarks.results import report, table
from zstext.adaptation import Adaptation
from zstext.encoders import OWN_ENCODER, load_encoder

LIMIT = 3000
LONG_LIMIT = 1000
COUNTS = (50, 200, 500, 1000)
DRAWS = 3
PUBLISHED_TABLE = (
    "ag_news",
    "banking77",
    "clinc150",
    "emotion",
    "rotten_tomatoes",
    "trec6",
    "20newsgroups",
    "yahoo_answers",
    "imdb",
    "financial_phrasebank",
    "snips",
)
SKEWED = ("ag_news", "yahoo_answers", "financial_phrasebank")
SKEWS = {"10:5:2:1": (10, 5, 2, 1), "50:1": (50, 1)}
COSTS = ((100_000, 384, 100), (1_000_000, 384, 100))

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """Features, log-probabilities of zero-shot, and true columns."""

    X: Array
    P: Array
    y: NDArray[np.integer[Any]]
    views: tuple[int, ...]

    @classmethod
    def of(cls, e: Embedded) -> Task:
        """Return what zero-shot says about an embedded set."""
        X = np.hstack([e.X, e.middle]).astype(np.float64)
        P = log_softmax(e.X.astype(np.float64) @ e.S.T / e.temperature, axis=1)
        return cls(X, P, e.y, (e.X.shape[1], e.middle.shape[1]))

    @property
    def features(self) -> Array:
        """What the encoder is made to say, without its middle layer."""
        return self.X[:, : self.views[0]]

    def without_middle(self) -> Task:
        """Return the task as the features alone have it."""
        return Task(self.features, self.P, self.y, self.views[:1])

    def adaptation(self) -> Adaptation:
        """Return classes moved to where these documents lie."""
        return Adaptation.fit(self.X, self.P, views=self.views)

    def rows(self, kept: Any) -> Task:
        """Return some of the documents."""
        return Task(self.X[kept], self.P[kept], self.y[kept], self.views)

    def f1(self, scores: Array) -> float:
        """Return macro-F1 in percent over the classes that occur; out-of-scope rows left out."""
        within = self.y != OUTSIDE
        y, best = self.y[within], scores[within].argmax(axis=1)
        return 100 * float(f1_score(y, best, labels=np.unique(y), average="macro", zero_division=0))

    def ece(self, P: Array) -> float:
        """Return the calibration error in percent; out-of-scope rows left out."""
        within = self.y != OUTSIDE
        p = np.exp(P[within])
        hit = p.argmax(axis=1) == self.y[within]
        return 100 * calibration_error(p.max(axis=1).tolist(), hit.tolist())


def draws(task: Task, count: int) -> Iterator[Task]:
    """Draw documents, several times."""
    for seed in range(DRAWS):
        order = np.random.default_rng([SEED, seed]).permutation(len(task.y))
        yield task.rows(np.sort(order[:count]))


def skewed(task: Task, ratio: tuple[int, ...], seed: int) -> Task:
    """Draw classes in these proportions, repeated over classes in a random order."""
    draw = np.random.default_rng([SEED, seed])
    k = task.P.shape[1]
    weights = np.array([ratio[i % len(ratio)] for i in draw.permutation(k)], dtype=float)
    counts = np.bincount(task.y, minlength=k)
    scale = max((counts / weights).min(), 1000 / weights.sum())
    wanted = np.minimum(counts, np.ceil(weights * scale).astype(int))
    order = draw.permutation(len(task.y))
    kept = [order[task.y[order] == c][: wanted[c]] for c in range(k)]
    return task.rows(np.sort(np.concatenate(kept)))


def main_table(tasks: dict[str, Task]) -> str:
    """Every set: zero-shot, adapted, adapted on the other half, and the peers."""
    header = ["set", "classes", "rows", "zero-shot", "adapted", "other half", "same half"]
    header += [*PEERS, "ECE", "adapted"]
    figures: dict[str, list[float]] = {}
    lines = []
    for name, task in tasks.items():
        plain, adapted = task.f1(task.P), task.adaptation()
        P = adapted.apply(task.X, task.P)
        peers = [task.f1(peer(task.features, task.P)) for peer in PEERS.values()]
        f1 = [plain, task.f1(P), *halves(task), *peers, task.ece(task.P), task.ece(P)]
        figures[name] = f1
        kept = "" if adapted.mixture is not None else " (kept)"
        lines.append([name + kept, str(task.P.shape[1]), str(len(task.y)), *_figures(f1)])
    for title, names in (
        (f"mean of the {len(PUBLISHED_TABLE)} of the first prototype", PUBLISHED_TABLE),
        ("mean of all but clinc150_oos and ko_nsmc_raw", [n for n in _averaged() if n in tasks]),
    ):
        rows = [figures[name] for name in names]
        means = [mean(column) for column in zip(*rows, strict=True)]
        lines.append([title, "", "", *_figures(means)])
    return table(header, lines)


def halves(task: Task) -> tuple[float, float]:
    """Macro-F1 on halves of the documents, adapted on the other half, and on the very same."""
    other, same = [], []
    for seed in range(DRAWS):
        order = np.random.default_rng([SEED, seed]).permutation(len(task.y))
        parts = [task.rows(np.sort(order[start::2])) for start in (0, 1)]
        fitted = [part.adaptation() for part in parts]
        for i, part in enumerate(parts):
            other.append(part.f1(fitted[1 - i].apply(part.X, part.P)))
            same.append(part.f1(fitted[i].apply(part.X, part.P)))
    return mean(other), mean(same)


def counts_table(tasks: dict[str, Task]) -> str:
    """Gain when so many documents are adapted on and all are classified: mean and worst draw."""
    lines = []
    for name, task in tasks.items():
        plain, cells = task.f1(task.P), []
        for count in COUNTS:
            gains = [
                task.f1(drawn.adaptation().apply(task.X, task.P)) - plain
                for drawn in draws(task, count)
            ]
            cells.append(f"{mean(gains):+.1f} ({min(gains):+.2f})")
        everything = task.f1(task.adaptation().apply(task.X, task.P)) - plain
        lines.append([name, *cells, f"{everything:+.1f}"])
    return table(["gain over zero-shot", *(f"{c:,}" for c in COUNTS), "all"], lines)


def hard_cases(tasks: dict[str, Task]) -> Iterator[tuple[str, Task, Task]]:
    """What may go wrong: a name, the documents adapted on, the documents classified."""
    for name in SKEWED:
        for title, ratio in SKEWS.items():
            for seed in range(DRAWS):
                drawn = skewed(tasks[name], ratio, seed)
                yield f"{name}, {title}", drawn, drawn
        present = tasks[name].rows(tasks[name].y != 0)
        yield f"{name}, first label has no document", present, present
        half = tasks[name].rows(np.arange(0, len(tasks[name].y), 2))
        copies = tasks[name].rows(np.r_[0 : len(tasks[name].y), np.zeros(2000, dtype=int)])
        yield f"{name}, one document 2,000 times more", copies, tasks[name]
        yield f"{name}, one document", half.rows(np.arange(1)), half
    oos = tasks["clinc150_oos"]
    yield "clinc150_oos, out of scope among them", oos, oos
    for title, rows in (("clinc_domain", "clinc_domain"), ("snips", "snips")):
        task = tasks[rows]
        extra = oos.rows(oos.y == OUTSIDE)
        count = min(len(extra.y), len(task.y) // 4)
        e = _embedded[rows]
        P = log_softmax(extra.features[:count] @ e.S.T / e.temperature, axis=1)
        mixed = Task(
            np.vstack([task.X, extra.X[:count]]),
            np.vstack([task.P, P]),
            np.r_[task.y, np.full(count, OUTSIDE)],
            task.views,
        )
        share = 100 * count / len(mixed.y)
        yield f"{title}, {share:.0f}% out of scope", mixed, mixed
    for drawn in draws(tasks["clinc150"], 300):
        yield "clinc150, 300 documents", drawn, tasks["clinc150"]


_embedded: dict[str, Embedded] = {}


def hard_table(tasks: dict[str, Task]) -> str:
    """Zero-shot and adapted on the hard cases; the worst draw of several."""
    found: dict[str, list[tuple[float, float, bool]]] = {}
    for name, fitted_on, judged in hard_cases(tasks):
        adaptation = fitted_on.adaptation()
        P = adaptation.apply(judged.X, judged.P)
        result = (judged.f1(judged.P), judged.f1(P), adaptation.mixture is not None)
        found.setdefault(name, []).append(result)
    lines = []
    for name, results in found.items():
        before, after = (mean(r[i] for r in results) for i in (0, 1))
        worst = min(r[1] - r[0] for r in results)
        adapted = f"{sum(r[2] for r in results)} of {len(results)}"
        lines.append([name, f"{before:.1f}", f"{after:.1f}", f"{worst:+.1f}", adapted])
    return table(["case", "zero-shot", "adapted", "worst draw", "adapts"], lines)


def cost_table() -> str:
    """Seconds to fit and to apply on random features."""
    lines = []
    for n, d, k in COSTS:
        draw = np.random.default_rng(SEED)
        centres = draw.standard_normal((k, d), dtype=np.float32)
        X = centres[draw.integers(k, size=n)] + 2 * draw.standard_normal((n, d), dtype=np.float32)
        P = X @ centres.T / 100
        start = time.perf_counter()
        adaptation = Adaptation.fit(X, P)
        fitted = time.perf_counter()
        for i in range(0, n, 100_000):
            adaptation.apply(X[i : i + 100_000], P[i : i + 100_000])
        applied = time.perf_counter()
        state = sum(a.nbytes for a in adaptation.to_state().arrays.values())
        seconds = [f"{fitted - start:.1f}", f"{applied - fitted:.1f}"]
        lines.append([f"{n:,} x {d}, {k} classes", *seconds, f"{state / 1024:.0f}"])
    return table(["documents", "fit, s", "apply, s", "state, KiB"], lines)


def _averaged() -> list[str]:
    return [s.name for s in SETS if s.averaged and not s.multi_label]


def _figures(values: list[float]) -> list[str]:
    return [f"{v:.1f}" for v in values]


def load(folder: Path, without: Sequence[str] = (), model: str | None = None) -> dict[str, Task]:
    """Return the single-label sets, but for those to leave out, by an encoder."""
    encoder = load_encoder(model)
    tasks = {}
    for chosen in SETS:
        if not chosen.multi_label and chosen.name not in without:
            e = embedded(folder, chosen, encoder, limit=LONG_LIMIT if chosen.long else LIMIT)
            tasks[chosen.name] = Task.of(e)
            _embedded[chosen.name] = e
    return tasks


def main() -> None:
    parser = data.parser(__doc__)
    rest = sorted({*_averaged(), "ko_nsmc_raw"} - {*PUBLISHED_TABLE, "clinc_domain"})
    parser.add_argument("--without", nargs="+", choices=rest, default=(), help="sets to leave out")
    parser.add_argument("--costs", action="store_true", help="measure seconds on random features")
    parser.add_argument("--model", help="another encoder than the default")
    args = parser.parse_args()
    if args.costs:
        report("adaptation-costs", "Cost of adaptation, on random features", cost_table())
        return
    tasks = load(args.data, args.without, args.model)
    parts = [
        NOTES.replace("MODEL", args.model or OWN_ENCODER),
        main_table(tasks),
        "Gain in macro-F1 when that many documents are adapted on and all of the set are "
        f"classified: mean and, in brackets, the worst of {DRAWS} draws. +0.0: plain scores kept.",
        counts_table(tasks),
        f"Hard cases, macro-F1; means and worst of up to {DRAWS} draws.",
        hard_table(tasks),
    ]
    body = "\n\n".join(parts)
    report("adaptation", "Adaptation to unlabelled documents", body, model=args.model)


NOTES = f"""Macro-F1 in percent, MODEL alone, up to {LIMIT:,} documents a set, of
20newsgroups and imdb {LONG_LIMIT:,}.
"zero-shot" reads each document by itself. "adapted" has seen the unlabelled documents it is judged
on (transductive), by the features of the encoder and its middle layer; "other half" was adapted on
one half and judged on the other (inductive), "same half" on the very half that is judged: means of
both ways about and of {DRAWS} ways to halve a set.
"(kept)": the documents did not support adapting and the plain scores were kept. Peers are
reimplemented from their papers with one set of constants, take the features alone, adapt always,
and are transductive. Constants of zstext were chosen on data/train; see `docs/adaptation.md` for
what was in view."""


if __name__ == "__main__":
    main()
