"""Recompute the figures behind the constants of `zstext/adaptation`, on DATA/train alone.

Every constant at the value in use and at others, the rest as they are. Anchors are the default
scores, with the known categories of related sets left out.

    python -m benchmarks.choose_adaptation --data ../shared/data
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.adaptation import Task, skewed
from benchmarks.adaptation_peers import PEERS
from benchmarks.build_known_categories import known, related_to, without
from benchmarks.choose_constants import GROUPS, grouped, load_sets, named
from benchmarks.embedded import Embedded
from benchmarks.results import report, table
from zstext.adaptation import Adaptation, anchor, fitted, mixture, support
from zstext.defaults import DEFAULT_TEMPLATES
from zstext.encoders import load_encoder

TRIED: tuple[tuple[Any, str, tuple[float, ...]], ...] = (
    (anchor, "BIAS", (0.75, 1e3)),
    (mixture, "ANCHOR", (1.0,)),
    (mixture, "KAPPA", (10.0,)),
    (mixture, "WEIGHT", (1.0,)),
    (mixture, "FIRST", (1.0,)),
    (support, "SPREAD", (0.0,)),
    (support, "PER_CLASS", (3,)),
    (support, "FEWEST", (0,)),
)
SCENARIOS = ("all", "200", "50", "balanced", "10:5:2:1", "50:1")
RATIOS = {"balanced": (1,), "10:5:2:1": (10, 5, 2, 1), "50:1": (50, 1)}

Cases = dict[str, dict[str, tuple[Task, Task, float]]]


def load(train: Path) -> dict[str, Task]:
    """Return the tasks of the training sets."""
    encoder = load_encoder()
    sets = load_sets(train, encoder, 2000)
    bare = {s.name: named(s, encoder, ("{}",)) for s in sets}
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    banks = {s.name: known(s, bare[s.name]) for s in sets}
    tasks = {}
    for s in sets:
        plain = named(s, encoder, templates)
        S = without(related_to(s, sets), banks).move(plain, bare[s.name])
        tasks[s.name] = Task.of(Embedded(s.X, S.astype(np.float32), s.y))
    return tasks


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
            name: judged.f1(Adaptation.fit(on.X, on.P).apply(judged.X, judged.P)) - plain
            for name, (on, judged, plain) in by_set.items()
        }
        for scenario, by_set in all_cases.items()
    }


def line(title: str, gained: dict[str, dict[str, float]]) -> list[str]:
    """Mean gains of topics, sentiment and others by scenario, and how many lose over a point."""
    cells, value, lost = [], 0.0, 0
    for by_set in gained.values():
        topic, sentiment, other, _ = grouped(by_set)
        cells.append(f"{topic:+.1f} {sentiment:+.1f} {other:+.1f}")
        value += (topic + sentiment + other / 2) / 2.5 / len(gained)
        lost += sum(g < -1 for g in by_set.values())
    return [title, *cells, f"{value:+.2f}", str(lost)]


def variants(all_cases: Cases) -> Iterator[list[str]]:
    """One line for the constants in use and for every other value."""
    yield line("**as it is**", gains(all_cases))
    for module, name, values in TRIED:
        kept = getattr(module, name)
        places = [m for m in (module, fitted) if hasattr(m, name)]
        for value in values:
            for place in places:
                setattr(place, name, value)
            yield line(f"{name} {value:g} ({kept:g})", gains(all_cases))
        for place in places:
            setattr(place, name, kept)


def peers(all_cases: Cases) -> Iterator[list[str]]:
    """One line for every peer, which are transductive: where that is what is measured."""
    kept = {s: c for s, c in all_cases.items() if not s.isdecimal()}
    yield line("zstext", gains(kept))
    for title, peer in PEERS.items():
        gained = {
            s: {
                n: t.f1(peer(t.X, t.P)) - plain if len(t.y) >= support.FEWEST else 0.0
                for n, (t, _, plain) in by_set.items()
            }
            for s, by_set in kept.items()
        }
        yield line(title, gained)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds train/")
    args = parser.parse_args()
    all_cases = cases(load(args.data / "train"))
    header = ["mean gain", *SCENARIOS, "value", "lose > 1"]
    transductive = [s for s in SCENARIOS if not s.isdecimal()]
    parts = [
        "Mean gain in macro-F1 over zero-shot, of topics, sentiment and other sets of data/train "
        f"({', '.join(str(len(v)) for v in GROUPS.values())}, the rest), adapted on all, 200 or 50 "
        "documents and judged on all, or adapted and judged on a resampling. Value: the mean, "
        "other sets at half weight. The value in use is in brackets.",
        table(header, variants(all_cases)),
        f"Peers, which always adapt; on fewer than {support.FEWEST} documents they are spared it.",
        table(["mean gain", *transductive, "value", "lose > 1"], peers(all_cases)),
    ]
    report("choose-adaptation", "Constants of adaptation, on data/train", "\n\n".join(parts))


if __name__ == "__main__":
    main()
