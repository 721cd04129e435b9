"""Encoders: the only place, with `nli`, that imports torch and the Hugging Face libraries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from zstext.encoders.embedded import NAME as EMBEDDED_MODEL

if TYPE_CHECKING:
    from zstext.encoders.sentence import SentenceEncoder

__all__ = ["EMBEDDED_MODEL", "load_encoder"]


def load_encoder(model: str | os.PathLike[str] | None = None, **options: Any) -> SentenceEncoder:
    """Load a text encoder; `options` are those of `SentenceEncoder`.

    The import happens here, so that reading `--help` or a saved label file does not wait for torch.
    """
    from zstext.encoders.sentence import SentenceEncoder

    return SentenceEncoder(model, **options)
