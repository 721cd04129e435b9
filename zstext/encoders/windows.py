"""Windows and batches: how token sequences of any length become well-filled model inputs.

A document longer than the model's window is split on token boundaries. The windows of all documents
are then sorted by length and packed, so that little of a batch is padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from zstext.protocols import BoolArray, IntArray

Tokens: TypeAlias = tuple[int, ...]

MAX_WINDOWS = 64
"""Windows read of one document. A longer one is sampled evenly and marked as truncated."""

TOKENS_PER_BATCH = 2048
"""Padded tokens in one forward pass: larger ones do not stay in a CPU's cache, and are slower."""

MAX_PADDING = 0.04
"""Share of a batch that may be padding before the batch is closed."""

FEW_TOKENS = 256
"""Padded tokens up to which padding does not count: smaller batches cost more than they save."""


@dataclass(frozen=True, slots=True)
class Windowed:
    """The windows of some documents, those of a document next to each other.

    Attributes
    ----------
    windows : list of tuple of int
        Token ids without special tokens.
    counts : ndarray of shape (n_documents,), int
    truncated : ndarray of shape (n_documents,), bool
    """

    windows: list[Tokens]
    counts: IntArray
    truncated: BoolArray


def split(
    documents: Sequence[Sequence[int]], *, size: int, max_windows: int = MAX_WINDOWS
) -> Windowed:
    """Cut every document into windows of at most `size` tokens.

    The windows of one document differ by at most one token in length: a last window of a few stray
    words would weigh as much as a full one when windows are averaged.

    Parameters
    ----------
    documents : sequence of sequences of int
        Token ids without special tokens; a document may be empty and then has one empty window.
    size : int
        Tokens a window holds beside its special tokens.
    max_windows : int
        Of a document with more windows, this many are kept, evenly spaced, the first among them.
    """
    windows: list[Tokens] = []
    counts = np.ones(len(documents), dtype=np.intp)
    truncated = np.zeros(len(documents), dtype=np.bool_)
    for i, ids in enumerate(documents):
        needed = max(1, -(-len(ids) // size))
        cuts = [len(ids) * k // needed for k in range(needed + 1)]
        if max_windows == 1:
            kept, cuts = [0], [0, min(size, len(ids))]
        else:
            kept = _evenly(needed, max_windows)
        windows.extend(tuple(ids[cuts[k] : cuts[k + 1]]) for k in kept)
        counts[i], truncated[i] = len(kept), len(kept) < needed
    return Windowed(windows, counts, truncated)


def _evenly(n: int, at_most: int) -> list[int]:
    if n <= at_most:
        return list(range(n))
    return [k * (n - 1) // (at_most - 1) for k in range(at_most)]


def batches(
    lengths: Sequence[int],
    *,
    max_items: int,
    max_tokens: int = TOKENS_PER_BATCH,
    abreast: int = 1,
) -> list[slice]:
    """Pack consecutive items into batches, given their lengths in ascending order.

    A batch closes when one more item would bring it over `max_items`, over `max_tokens` with
    padding, over its share of what is computed abreast, or, beyond `FEW_TOKENS`, over
    `MAX_PADDING`; an item longer than that gets a batch of its own.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each item, ascending.
    max_items, max_tokens : int
        Limits of one batch.
    abreast : int
        Batches that are computed at a time: none is left without one, if there is enough.

    Returns
    -------
    list of slice
        They cover the items once. The longest are first: what is left for the end, when some cores
        have nothing more to do, is short.
    """
    if abreast > 1:
        max_tokens = min(max_tokens, max(FEW_TOKENS, -(-sum(lengths) // abreast)))
    out: list[slice] = []
    start, useful = 0, 0
    for i, length in enumerate(lengths):
        padded = length * (i - start + 1)
        full = i - start >= max_items or padded > max_tokens
        wasteful = padded > FEW_TOKENS and padded - useful - length > MAX_PADDING * padded
        if i > start and (full or wasteful):
            out.append(slice(start, i))
            start, useful = i, 0
        useful += length
    if lengths:
        out.append(slice(start, len(lengths)))
    return out[::-1]
