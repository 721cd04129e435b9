"""Several semantic spaces side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zstext.errors import InputError, OptionError
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray


def concatenate(blocks: Sequence[FloatArray], weights: Sequence[float] | None = None) -> FloatArray:
    """Put semantic spaces side by side, each scaled to its weight.

    The rows of every block are scaled to length 1, so that neither its units nor its number of
    columns decides what it counts, and then multiplied by its weight. One block alone stays as it
    is, and a block of weight 0 is left out. A class does not depend on the others: what is learned
    on some stays true when others join them.

    Parameters
    ----------
    blocks : sequence of ndarray of shape (n_classes, n_semantic_i)
    weights : sequence of float, >= 0, optional
        1 each by default.

    Returns
    -------
    ndarray of shape (n_classes, sum of n_semantic_i), float32

    Raises
    ------
    InputError
        If there is no block, or they have different numbers of classes.
    OptionError
        If there are not as many weights as blocks, one is negative, or all are 0.
    """
    if not blocks or len({len(block) for block in blocks}) != 1:
        sizes = ", ".join(str(len(block)) for block in blocks) or "none"
        raise InputError(f"semantic spaces of the same classes are needed, got {sizes} classes")
    weights = [1.0] * len(blocks) if weights is None else list(weights)
    usable = np.isfinite(weights).all() and min(weights, default=0) >= 0 and any(weights)
    if len(weights) != len(blocks) or not usable:
        raise OptionError(
            f"{len(blocks)} semantic spaces need as many weights, 0 or more and not all 0, "
            f"got {weights}"
        )
    kept = [(block, weight) for block, weight in zip(blocks, weights, strict=True) if weight]
    if len(kept) == 1:
        return np.asarray(kept[0][0], dtype=np.float32)
    scaled = [weight * unit_rows(block) for block, weight in kept]
    return np.hstack(scaled).astype(np.float32)
