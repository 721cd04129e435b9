"""Mappings from feature space to the space of class embeddings. Plain arrays, text or image."""

from zstext.mapping.identity import IdentityMapping

__all__ = ["IdentityMapping"]
