"""A linear layer whose matrix lies in memory as the processor reads it fastest.

On x86, oneDNN lays a matrix out once and computes with it at nearly all that the processor can do
in float32; torch's own product leaves about a tenth of that. GELU, or what is added to the product,
is taken along while the numbers are at hand. torch calls these operators from the code that its
compiler writes, and does not promise them to others, so that where one is missing the plain product
stands in: more slowly, the same numbers up to rounding.

This module imports torch: import it where a model is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor
from torch.nn import Linear

LAID_OUT_FOR = 512
"""Rows that a matrix is laid out for; others cost hardly more."""

STEP = 64
"""Numbers of rows are multiples of it, or lesser powers of two: see `few_sizes`."""


class PlainProduct:
    """One or several linear layers of the same input, in one product.

    Parameters
    ----------
    layers : sequence of Linear
        float32, on a CPU. Their outputs stand side by side.
    gelu : bool
        Whether the exact GELU is taken of what comes out.
    """

    def __init__(self, layers: Sequence[Linear], *, gelu: bool = False) -> None:
        self._weight = torch.cat([layer.weight.detach() for layer in layers])
        self._bias = torch.cat([layer.bias.detach() for layer in layers])
        self._gelu = gelu

    def __call__(self, x: Tensor) -> Tensor:
        """Return the outputs, (n_rows, n_outputs), for `x` of (n_rows, n_inputs)."""
        out = torch.addmm(self._bias, x, self._weight.t())
        return torch.ops.aten.gelu_(out) if self._gelu else out

    def plus(self, x: Tensor, other: Tensor) -> Tensor:
        """Return the outputs without GELU, and `other` of the same shape added to them."""
        return torch.addmm(self._bias, x, self._weight.t()).add_(other)


class LaidOutProduct(PlainProduct):
    """The same by oneDNN, which keeps about 1 MB for each new number of rows: see `few_sizes`."""

    def __init__(self, layers: Sequence[Linear], *, gelu: bool = False) -> None:
        super().__init__(layers, gelu=gelu)
        self._weight = torch.ops.mkldnn._reorder_linear_weight(self._weight, LAID_OUT_FOR)
        self._then = "gelu" if gelu else "none"

    def __call__(self, x: Tensor) -> Tensor:
        """Return the outputs, (n_rows, n_outputs), for `x` of (n_rows, n_inputs)."""
        out: Tensor = torch.ops.mkldnn._linear_pointwise(
            x, self._weight, self._bias, self._then, [], "none"
        )
        return out

    def plus(self, x: Tensor, other: Tensor) -> Tensor:
        """Return the outputs without GELU, and `other` of the same shape added to them."""
        out: Tensor = torch.ops.mkldnn._linear_pointwise.binary(
            x, other, self._weight, self._bias, "add"
        )
        return out


def few_sizes(n_rows: int) -> int:
    """Return the number of rows to compute instead: hardly more, and one of few.

    For batches of up to 2,048 tokens there are 38 in all.
    """
    if n_rows <= STEP:
        return 1 << max(0, n_rows - 1).bit_length()
    return -(-n_rows // STEP) * STEP


def plain(*layers: Linear, gelu: bool = False) -> PlainProduct:
    """Return the kind that every torch has, for any numbers of rows."""
    return PlainProduct(layers, gelu=gelu)


def fastest(*layers: Linear, gelu: bool = False) -> PlainProduct:
    """Return the fastest kind that this torch and this processor have, for `few_sizes` of rows."""
    return (LaidOutProduct if _can_lay_out() else PlainProduct)(layers, gelu=gelu)


@cache
def _can_lay_out() -> bool:
    if not torch.backends.cpu.get_cpu_capability().startswith("AVX"):
        return False  # measured nowhere else
    one, row = Linear(1, 1), torch.ones(1, 1)
    try:
        with torch.inference_mode():
            tried, plain = LaidOutProduct([one], gelu=True), PlainProduct([one], gelu=True)
            return torch.allclose(tried(row), plain(row), atol=1e-5) and torch.allclose(
                tried.plus(row, row), plain.plus(row, row), atol=1e-5
            )
    except (AttributeError, NotImplementedError, RuntimeError):  # built without, or another torch
        return False
