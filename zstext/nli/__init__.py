"""Entailment models: premise and hypothesis in, logits out. Imports torch, like `encoders`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from zstext.nli.compact import NAME as COMPACT_MODEL

if TYPE_CHECKING:
    from zstext.nli.entailer import EntailmentModel

__all__ = ["COMPACT_MODEL", "load_entailer"]


def load_entailer(model: str | os.PathLike[str] | None = None, **options: Any) -> EntailmentModel:
    """Load an entailment model; `options` are those of `EntailmentModel`.

    The import happens here, so that nothing waits for torch that does not need it.
    """
    from zstext.nli.entailer import EntailmentModel

    return EntailmentModel(model, **options)
