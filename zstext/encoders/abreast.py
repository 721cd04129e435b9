"""Batches abreast: on a CPU every core computes a batch of its own, instead of all cores the same.

A network of this size splits badly: its matrices are small, and after each of them the cores wait
for each other, the longer the busier the machine is. Whole batches need no waiting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def how_many(device: Any) -> int:
    """Return how many batches are computed at a time: a CPU's threads, 1 on an accelerator."""
    import torch

    return torch.get_num_threads() if device.type == "cpu" else 1


def abreast(
    forward: Callable[[Batch], Result], batches: Iterable[Batch], *, device: Any
) -> Iterator[tuple[Batch, Result]]:
    """Yield every batch with what `forward` makes of it, in order.

    As many batches are computed at a time as torch has threads, each by one of them; a single batch
    by all of them, and so is every batch on an accelerator.

    Parameters
    ----------
    forward : callable
        Called without gradients, from several threads at a time.
    batches : iterable
        Read as they are needed, a few ahead.
    device : torch.device
    """
    import torch

    threads = how_many(device)
    rest = iter(batches)
    first = list(islice(rest, 2))
    if threads == 1 or len(first) < 2:
        with torch.inference_mode():
            for part in (first, rest):
                for batch in part:
                    yield batch, forward(batch)
        return
    try:
        yield from _in_threads(forward, _chained(first, rest), threads)
    finally:
        torch.set_num_threads(threads)  # what threads of others start with


def _in_threads(
    forward: Callable[[Batch], Result], batches: Iterator[Batch], threads: int
) -> Iterator[tuple[Batch, Result]]:
    import torch

    def one(batch: Batch) -> Result:
        with torch.inference_mode():
            return forward(batch)

    waiting: deque[tuple[Batch, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(threads, initializer=_single)
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(one, batch)))
            if len(waiting) > threads:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _single() -> None:
    import torch

    torch.set_num_threads(1)
    torch.get_num_threads()  # settles it for this thread


def _chained(first: Iterable[Batch], rest: Iterable[Batch]) -> Iterator[Batch]:
    yield from first
    yield from rest
