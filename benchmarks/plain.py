"""The plain sentence-transformers recipe that zstext is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from zstext.encoders import own
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.models import model_dir
from zstext.encoders.quiet import quiet_libraries

TEMPLATE = "This text is about {}."
BATCH_SIZE = 32  # what SentenceTransformer.encode does by default


class PlainRecipe:
    """`SentenceTransformer.encode`, one template, cosine, argmax; the same weights as zstext."""

    def __init__(self, model: str | None = None) -> None:
        with quiet_libraries():
            ours = model is None or model == own.NAME
            folder = minilm_dir() if ours else model_dir(model)
            self.model = SentenceTransformer(str(folder), local_files_only=True)
            if ours:
                own.put_into(self.model)

    def encode(self, texts: Sequence[str], *, batch_size: int = BATCH_SIZE) -> NDArray[Any]:
        """Return unit vectors, shape (n_texts, n_features), float32. Long texts are cut."""
        vectors: NDArray[Any] = self.model.encode(
            list(texts), batch_size=batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def embed_labels(self, labels: Sequence[str]) -> NDArray[Any]:
        """Return S, shape (n_classes, n_features)."""
        return self.encode([TEMPLATE.replace("{}", label) for label in labels])

    def score(
        self, texts: Sequence[str], S: NDArray[Any], *, batch_size: int = BATCH_SIZE
    ) -> NDArray[Any]:
        """Return cosines, shape (n_texts, n_classes)."""
        return np.asarray(self.encode(texts, batch_size=batch_size) @ S.T)
