"""Pairs of premise and hypothesis: tokenized once each, joined as the model's tokenizer would.

With every label a hypothesis, a document stands in as many pairs as there are labels. The Hugging
Face pipeline tokenizes it again for each; here a pair is two rows of numbers put side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zstext.encoders.windows import Tokens, batches
from zstext.errors import ModelError
from zstext.protocols import IntArray


@dataclass(frozen=True, slots=True)
class PairLayout:
    """Where special tokens stand in a pair, and which segment every part is of.

    Attributes
    ----------
    before, between, after : tuple of int
        Special tokens at the head, between premise and hypothesis, and at the end.
    segments : tuple of int, length 5, or None
        Token types of before, premise, between, hypothesis and after; None in a model without.
    """

    before: Tokens
    between: Tokens
    after: Tokens
    segments: tuple[int, ...] | None

    @property
    def extra(self) -> int:
        """How many special tokens a pair takes."""
        return len(self.before) + len(self.between) + len(self.after)

    @classmethod
    def of(cls, tokenizer: Any, name: str) -> PairLayout:
        """Read the layout off a pair that the tokenizer joins.

        Raises
        ------
        ModelError
            If the tokenizer changes the texts when it joins them.
        """
        a, b = (tokenizer(t, add_special_tokens=False)["input_ids"] for t in ("a b", "c"))
        whole = tokenizer("a b", "c")
        ids = whole["input_ids"]
        start = _place(ids, a, 0)
        second = None if start is None else _place(ids, b, start + len(a))
        if start is None or second is None:
            raise ModelError(
                f"model {name!r} has a tokenizer that changes texts when it pairs them"
            )
        ends = (0, start, start + len(a), second, second + len(b), len(ids))
        segments = None
        if "token_type_ids" in whole:
            types = whole["token_type_ids"]
            segments = tuple(int(types[i]) if i < j else 0 for i, j in pairwise(ends))
        return cls(
            tuple(ids[:start]), tuple(ids[ends[2] : second]), tuple(ids[ends[4] :]), segments
        )


@dataclass(frozen=True, slots=True)
class PairBatch:
    """A padded batch of pairs.

    Attributes
    ----------
    pairs : ndarray of shape (n_pairs,), int
        Which of the pairs these are.
    inputs : dict of str to ndarray of shape (n_pairs, n_tokens), int64
    """

    pairs: IntArray
    inputs: dict[str, NDArray[np.int64]]


def pair_batches(
    premises: Sequence[Tokens],
    hypotheses: Sequence[Tokens],
    pairs: IntArray,
    layout: PairLayout,
    *,
    pad: int,
    max_items: int,
    abreast: int = 1,
) -> Iterator[PairBatch]:
    """Yield batches of pairs of about the same length.

    Parameters
    ----------
    premises, hypotheses : sequence of tuple of int
        Without special tokens.
    pairs : ndarray of shape (n_pairs, 2), int
        Rows of `premises` and `hypotheses`.
    layout : PairLayout
    pad : int
        The token that fills.
    max_items : int
        Pairs in a batch, at most.
    abreast : int
        Batches that are computed at a time.
    """
    sizes_p = np.array([len(p) for p in premises], dtype=np.intp)
    sizes_h = np.array([len(h) for h in hypotheses], dtype=np.intp)
    lengths = sizes_p[pairs[:, 0]] + sizes_h[pairs[:, 1]] + layout.extra
    order = np.lexsort((pairs[:, 1], pairs[:, 0], lengths))
    for batch in batches(lengths[order].tolist(), max_items=max_items, abreast=abreast):
        rows = order[batch]
        joined = [_join(premises[p], hypotheses[h], layout) for p, h in pairs[rows]]
        yield PairBatch(rows, _padded(joined, layout, pad))


def _join(premise: Tokens, hypothesis: Tokens, layout: PairLayout) -> tuple[Tokens, ...]:
    return (layout.before, premise, layout.between, hypothesis, layout.after)


def _padded(
    joined: Sequence[tuple[Tokens, ...]], layout: PairLayout, pad: int
) -> dict[str, NDArray[np.int64]]:
    width = max(sum(map(len, parts)) for parts in joined)
    ids = np.full((len(joined), width), pad, dtype=np.int64)
    mask = np.zeros_like(ids)
    types = np.zeros_like(ids)
    for row, parts in enumerate(joined):
        end = 0
        for k, part in enumerate(parts):
            start, end = end, end + len(part)
            ids[row, start:end] = part
            if layout.segments is not None:
                types[row, start:end] = layout.segments[k]
        mask[row, :end] = 1
    inputs = {"input_ids": ids, "attention_mask": mask}
    return inputs if layout.segments is None else {**inputs, "token_type_ids": types}


def _place(ids: Sequence[int], part: Sequence[int], start: int) -> int | None:
    """Return where `part` stands in `ids`, from `start` on."""
    size = len(part)
    ends = range(start, len(ids) - size + 1)
    return next((i for i in ends if list(ids[i : i + size]) == list(part)), None)
