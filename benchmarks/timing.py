"""Timing side by side: what is compared takes turns, so that a noisy machine is fair to all."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

ROUNDS = 5


def seconds(call: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def interleave(
    calls: Mapping[str, Callable[[], Any]], *, rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Time every call once a round, each round starting with another one.

    Returns
    -------
    dict of str to list of float
        Seconds of each round.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for r in range(rounds):
        print(f"round {r + 1} of {rounds}", file=sys.stderr, flush=True)
        turn = r % len(names)
        for name in names[turn:] + names[:turn]:
            times[name].append(seconds(calls[name]))
    return times


def ratio(a: list[float], b: list[float]) -> str:
    """Return how many times as long `a` takes as `b`: the median of the rounds, and their range."""
    ratios = [x / y for x, y in zip(a, b, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
