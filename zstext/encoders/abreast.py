"""Batches abreast: on a CPU every core computes a batch of its own, instead of all cores the same.

A network of this size splits badly: its matrices are small, and after each of them the cores wait
for each other, the longer the busier the machine is. Whole batches need no waiting. What they need
is memory, so that there are never more than `MOST`, and many cores share them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import Any, TypeVar

MOST = 8
"""Batches at a time; each takes some 50 MB in a network of 22M parameters."""

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def how_many(device: Any) -> int:
    """Return how many batches are computed at a time: 1 on an accelerator."""
    import torch

    return min(torch.get_num_threads(), MOST) if device.type == "cpu" else 1


def abreast(
    forward: Callable[[Batch], Result], batches: Iterable[Batch], *, device: Any
) -> Iterator[tuple[Batch, Result]]:
    """Yield every batch with what `forward` makes of it, in order.

    The threads that torch has are dealt out to the batches that are computed at a time; a single
    batch gets all of them.

    Parameters
    ----------
    forward : callable
        Called in inference mode, from several threads at a time.
    batches : iterable
        Read as they are needed, a few ahead.
    device : torch.device
    """
    import torch

    rest = iter(batches)
    first = list(islice(rest, 2))
    if how_many(device) == 1 or len(first) < 2:
        for batch in chain(first, rest):
            with torch.inference_mode():
                result = forward(batch)
            yield batch, result
        return
    threads = torch.get_num_threads()
    try:
        yield from _in_threads(forward, chain(first, rest), how_many(device))
    finally:
        torch.set_num_threads(threads)  # what threads of others start with


def _in_threads(
    forward: Callable[[Batch], Result], batches: Iterable[Batch], abreast: int
) -> Iterator[tuple[Batch, Result]]:
    import torch

    def one(batch: Batch) -> Result:
        with torch.inference_mode():
            return forward(batch)

    waiting: deque[tuple[Batch, Future[Result]]] = deque()
    each = max(1, torch.get_num_threads() // abreast)
    pool = ThreadPoolExecutor(abreast, initializer=_settle, initargs=(each,))
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(one, batch)))
            if len(waiting) > abreast:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _settle(threads: int) -> None:
    """Give the thread that this runs in so many threads of torch."""
    import torch

    torch.set_num_threads(threads)
    torch.get_num_threads()  # without a first look, torch would ask the others again
