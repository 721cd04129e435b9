"""Texts as tokenizers take them."""

from __future__ import annotations

from collections.abc import Sequence


def well_formed(texts: Sequence[str]) -> list[str]:
    """Return texts with U+FFFD for lone surrogates, which no tokenizer takes; pairs are joined."""
    return [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
