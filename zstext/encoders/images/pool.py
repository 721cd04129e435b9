"""Work ahead in threads, in order, with bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

MAX_WORKERS = 4
"""Each may hold a whole decoded picture; and a model is seldom faster than four decoders."""


def ahead(
    function: Callable[[T], R],
    items: Iterable[T],
    *,
    lookahead: int,
    workers: int | None = None,
) -> Iterator[R]:
    """Yield ``function(item)`` for every item, in order, computed by threads ahead of need.

    Parameters
    ----------
    function : callable
        Called from several threads at once. Its exception is raised here, in the item's place.
    items : iterable
    lookahead : int, >= 1
        Results, done or under way, that may wait for the consumer.
    workers : int, optional
        Threads; by default as many as there are processors, up to `MAX_WORKERS`.
    """
    stream = iter(items)
    n_workers = min(os.cpu_count() or 1, MAX_WORKERS) if workers is None else workers
    with ThreadPoolExecutor(n_workers, thread_name_prefix="zstext-decode") as pool:
        waiting: deque[Future[R]] = deque(
            pool.submit(function, i) for i in islice(stream, lookahead)
        )
        try:
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(stream, 1))
                yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
