"""Recompute the figures behind the constants of `zstext/adaptation`, on DATA/train alone.

Every constant at the value in use and at others, the rest as they are. Anchors are the default
scores.

    python -m benchmarks.choose_adaptation --data ../shared/data
    python -m benchmarks.choose_adaptation --data ../shared/data --model all-MiniLM-L6-v2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from benchmarks import data
from benchmarks.adaptation import Task, skewed
from benchmarks.adaptation_peers import prototype, transclip
from benchmarks.choose_constants import GROUPS, TrainSet, load_sets, named
from benchmarks.embedded import OUTSIDE, Embedded
from benchmarks.results import report, table
from zstext.adaptation import Trust, anchor, classes, fitted, mixture, support
from zstext.calibration import ScoreScale
from zstext.defaults import DEFAULT_TEMPLATES, scale_for
from zstext.encoders import OWN_ENCODER, load_encoder
from zstext.protocols import Encoder

TRUSTS = (
    *(replace(mixture.TRUST, evidence=evidence) for evidence in (0.5, 0.7)),
    *(replace(mixture.TRUST, shares=shares) for shares in (0.8, 0.9, 1.0)),
    replace(mixture.TRUST, evidence=0.7, shares=1.0),
    *(replace(mixture.TRUST, rounds=rounds) for rounds in (12, 25)),
    *(replace(mixture.TRUST, heated=heated) for heated in (0.6, 1.0)),
    replace(mixture.TRUST, rounds=20, heated=0.6),
)

TRIED: tuple[tuple[Any, str, tuple[Any, ...]], ...] = (
    (anchor, "BIAS", (0.5, 1.0, 1e3)),
    (classes, "KAPPA", (1.0, 3.0, 5.0)),
    (mixture, "TRUST", TRUSTS),
    (mixture, "TAU", (20.0, 100.0)),
    (classes, "SHRINK", (1.0, 3.0)),
    (mixture, "COMPONENTS", (128, 512)),
    (mixture, "FIRST", (1.0,)),
    (support, "SPREAD", (0.0,)),
    (support, "PER_CLASS", (0,)),
    (support, "FEWEST", (0, 100, 200)),
)
SCENARIOS = ("all", "1000", "500", "balanced", "10:5:2:1", "50:1")
RATIOS = {"balanced": (1,), "10:5:2:1": (10, 5, 2, 1), "50:1": (50, 1)}
PARTS = (
    ("stackoverflow", (3, 4, 7, 12)),
    ("unspsc_software", (6, 12, 30)),
    ("ohsumed23", (4, 8)),
    ("searchsnippets", (4, 5, 2, 2)),
    ("reuters_r52", (6, 10)),
)
"""Of these sets, tasks of so many classes: users have few topics more often than 131."""
PART_ROWS = 25
"""Documents that a class of them needs."""
OPINIONS = {
    "yelp_review_full": ("negative", "negative", None, "positive", "positive"),
    "tweet_eval_sentiment": ("negative", None, "positive"),
    "tweet_sentiment_extraction": ("negative", None, "positive"),
}
"""Of these sets, for or against: what their labels are then."""

FLOORS = (50, 100, 150, 200, 300, 500)
DRAWS = 3
DRAWN = (1000, 500)
"""Documents that are drawn `DRAWS` times from the tasks of at least half as many more."""

Cases = dict[str, dict[str, tuple[Task, Task, float]]]


def load(train: Path, encoder: Encoder) -> dict[str, Task]:
    """Return the tasks of the training sets."""
    scale, tasks, opinions = scale_for(encoder), {}, {}
    for s in load_sets(train, encoder, 2000):
        tasks[s.name] = task_of(s, encoder, s.y)
        if labels := OPINIONS.get(s.name):
            two = replace(s, labels=("negative", "positive"))
            column = np.array([OUTSIDE if x is None else two.labels.index(x) for x in labels])[s.y]
            opinions[f"{s.name}, opinions"] = task_of(two, encoder, column).rows(column != OUTSIDE)
    return tasks | parts(tasks, scale) | opinions


def task_of(s: TrainSet, encoder: Encoder, y: NDArray[np.integer[Any]]) -> Task:
    """Return what zero-shot says about a set."""
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    S = named(s, encoder, templates).astype(np.float32)
    temperature = scale_for(encoder).temperature_among(len(s.labels))
    return Task.of(Embedded(s.X, s.middle, S, y, temperature))


def parts(tasks: Mapping[str, Task], scale: ScoreScale) -> dict[str, Task]:
    """Return the tasks of some classes of a topic set."""
    out = {}
    for name, sizes in PARTS:
        task = tasks[name]
        usable = np.flatnonzero(np.bincount(task.y) >= PART_ROWS)
        for seed, size in enumerate(sizes):
            classes = np.sort(np.random.default_rng([seed, size]).permutation(usable)[:size])
            within = np.isin(task.y, classes)
            flatter = scale.temperature_among(task.P.shape[1]) / scale.temperature_among(size)
            P = log_softmax(task.P[within][:, classes] * flatter, axis=1)
            y = np.searchsorted(classes, task.y[within])
            out[f"{name}, part {seed}"] = Task(task.X[within], P, y, task.views)
    return out


def cases(tasks: dict[str, Task]) -> Cases:
    """Return, by scenario and set: adapted on, judged on, and macro-F1 of zero-shot."""
    out: Cases = {}
    for scenario in SCENARIOS:
        out[scenario] = {}
        for name, task in tasks.items():
            on = judged = task
            if scenario.isdecimal():
                order = np.random.default_rng(0).permutation(len(task.y))
                on = task.rows(order[: int(scenario)])
            elif scenario in RATIOS:
                on = judged = skewed(task, RATIOS[scenario], 0)
            out[scenario][name] = (on, judged, judged.f1(judged.P))
    return out


def gains(all_cases: Cases) -> dict[str, dict[str, float]]:
    """Return what adapting gains, by scenario and set."""
    return {
        scenario: {
            name: judged.f1(on.adaptation().apply(judged.X, judged.P)) - plain
            for name, (on, judged, plain) in by_set.items()
        }
        for scenario, by_set in all_cases.items()
    }


def groups(by_set: Mapping[str, float]) -> list[float]:
    """Return the means over topics, parts of topic sets, sentiment, and other sets."""
    part = [name for name in by_set if ", part " in name]
    sentiment = [*GROUPS["sentiment"], *(name for name in by_set if ", opinions" in name)]
    grouped = [*part, *GROUPS["topic"], *sentiment]
    other = [name for name in by_set if name not in grouped]
    members = (GROUPS["topic"], part, sentiment, other)
    return [float(np.mean([by_set[name] for name in group])) for group in members]


def line(title: str, gained: dict[str, dict[str, float]]) -> list[str]:
    """Mean gains of the groups by scenario, and how many lose over a point."""
    cells, value, lost = [], 0.0, 0
    for by_set in gained.values():
        means = groups(by_set)
        cells.append(" ".join(f"{m:+.1f}" for m in means))
        value += float(np.average(means, weights=(1, 1, 1, 0.5))) / len(gained)
        lost += sum(g < -1 for g in by_set.values())
    return [title, *cells, f"{value:+.2f}", str(lost)]


def without_middle(all_cases: Cases) -> Cases:
    """Return the cases as the features of the encoder alone have them."""
    return {
        scenario: {
            name: (on.without_middle(), judged.without_middle(), plain)
            for name, (on, judged, plain) in by_set.items()
        }
        for scenario, by_set in all_cases.items()
    }


def drawn(tasks: Mapping[str, Task]) -> Iterator[str]:
    """Yield the mean gain on so many documents, of all draws, and how many lose over a point."""
    for count in DRAWN:
        large = [task for task in tasks.values() if 2 * len(task.y) >= 3 * count]
        found = [on_some(task, count, seed) for task in large for seed in range(DRAWS)]
        gained = [gain for gain in found if gain is not None]
        yield f"{np.mean(gained):+.2f} ({sum(gain < -1 for gain in gained)} of {len(gained)})"


def variants(tasks: Mapping[str, Task], all_cases: Cases) -> Iterator[list[str]]:
    """One line without the middle layer, and for every other value of a constant."""
    featured = {name: task.without_middle() for name, task in tasks.items()}
    yield [*line("without the middle layer", gains(without_middle(all_cases))), *drawn(featured)]
    for module, name, values in TRIED:
        kept = getattr(module, name)
        places = [m for m in (module, fitted) if hasattr(m, name)]
        for value in values:
            for place in places:
                setattr(place, name, value)
            title = f"{name} {_short(value)} ({_short(kept)})"
            yield [*line(title, gains(all_cases)), *drawn(tasks)]
        for place in places:
            setattr(place, name, kept)


def _short(value: float | Trust) -> str:
    if isinstance(value, Trust):
        return f"{value.evidence:g}, {value.shares:g}, {value.rounds}, {value.heated:g}"
    return f"{value:g}"


def peers(all_cases: Cases) -> Iterator[list[str]]:
    """One line for every peer, which are transductive: where that is what is measured."""
    kept = {s: c for s, c in all_cases.items() if not s.isdecimal()}
    for title, peer in (("prototype", prototype), ("TransCLIP", transclip)):
        gained = {
            s: {
                n: t.f1(peer(t.features, t.P)) - plain if len(t.y) >= support.FEWEST else 0.0
                for n, (t, _, plain) in by_set.items()
            }
            for s, by_set in kept.items()
        }
        yield line(title, gained)


def by_documents(tasks: Mapping[str, Task]) -> Iterator[list[str]]:
    """A line for every number of documents: what adapting on so many gains, how often it loses.

    Always the same tasks, those of as many documents as the last line, at `DRAWS` draws; the floor
    is taken away, what each label needs is not.
    """
    kept, support.FEWEST = support.FEWEST, 0
    large = [task for task in tasks.values() if len(task.y) >= FLOORS[-1]]
    for count in FLOORS:
        found = [on_some(task, count, seed) for task in large for seed in range(DRAWS)]
        gained = [gain for gain in found if gain is not None]
        lost = np.mean([gain < -1 for gain in gained])
        worst = f"{np.mean(sorted(gained)[: len(gained) // 10]):+.1f}"
        yield [str(count), str(len(gained)), f"{np.mean(gained):+.2f}", f"{lost:.0%}", worst]
    support.FEWEST = kept


def on_some(task: Task, count: int, seed: int) -> float | None:
    """Return what adapting on so many documents gains on all; None if they do not support it."""
    order = np.random.default_rng([seed, count]).permutation(len(task.y))
    adaptation = task.rows(order[:count]).adaptation()
    if adaptation.support.reason is not None:
        return None
    return task.f1(adaptation.apply(task.X, task.P)) - task.f1(task.P)


def main() -> None:
    parser = data.parser(__doc__)
    parser.add_argument("--model", help="another encoder than the default")
    args = parser.parse_args()
    tasks = load(args.data / "train", load_encoder(args.model))
    all_cases = cases(tasks)
    as_it_is = gains(all_cases)
    header = ["mean gain", *SCENARIOS, "value", "lose > 1", *(f"draws of {c:,}" for c in DRAWN)]
    first = [*line("**as it is**", as_it_is), *drawn(tasks)]
    transductive = [s for s in SCENARIOS if not s.isdecimal()]
    zstext = line("zstext", {s: as_it_is[s] for s in transductive})
    body = [
        f"Mean gain in macro-F1 over zero-shot with {args.model or OWN_ENCODER}, of "
        f"{len(GROUPS['topic'])} topic sets of data/train, "
        f"{sum(len(sizes) for _, sizes in PARTS)} tasks of some of their classes, "
        f"{len(GROUPS['sentiment']) + len(OPINIONS)} of sentiment ({len(OPINIONS)} of them for "
        "or against) and the others, adapted on all, 1,000 or 500 documents and judged on all, or "
        "adapted and judged on a resampling. Value: the mean, other sets at half weight. The "
        "value in use is in brackets. The test rows of amazon_review_full are all of one class, "
        "whatever the resampling. Draws: the mean gain on so many documents of the larger tasks, "
        f"drawn {DRAWS} times and judged on all, and how many lose over a point.",
        table(header, [first, *variants(tasks, all_cases)]),
        f"How many documents are enough: adapted on so many, drawn {DRAWS} times, judged on all; "
        f"the tasks of at least {FLOORS[-1]}, where the number of labels allows for it.",
        table(["documents", "cases", "mean gain", "lose > 1", "worst tenth"], by_documents(tasks)),
        f"Two peers, which always adapt; they are spared fewer than {support.FEWEST} documents.",
        table(["mean gain", *transductive, "value", "lose > 1"], [zstext, *peers(all_cases)]),
    ]
    title = "Constants of adaptation, on data/train"
    report("choose-adaptation", title, "\n\n".join(body), model=args.model)


if __name__ == "__main__":
    main()
