"""Semantic spaces: what a class is, as a vector. From texts, attributes, word vectors."""

from zstext.semantics.attributes import (
    ClassVectors,
    Semantics,
    as_class_vectors,
    read_class_vectors,
)
from zstext.semantics.blocks import concatenate
from zstext.semantics.text import class_embeddings, mean_windows

__all__ = [
    "ClassVectors",
    "Semantics",
    "as_class_vectors",
    "class_embeddings",
    "concatenate",
    "mean_windows",
    "read_class_vectors",
]
