"""The default encoder: all-MiniLM-L6-v2, trained further to put texts near what they are.

all-MiniLM-L6-v2 puts a text near its topic and knows little of praise and blame, feelings or
purposes. The layers here were trained from there, on texts and true and false hypotheses about
them; how is in `training/`. Vocabulary, word embeddings, pooling and window are those of
all-MiniLM-L6-v2: they were not trained, so they are not stored again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zstext.encoders.stored import read_weights

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

NAME = "zstext-encoder"
WEIGHTS = "encoder.safetensors"


def directory() -> Path:
    """Return where the weights are."""
    return Path(__file__).with_name("weights")


def put_into(model: SentenceTransformer) -> None:
    """Replace the layers of all-MiniLM-L6-v2.

    Raises
    ------
    ModelError
        If the weights are missing or damaged.
    """
    import torch

    own = read_weights(directory() / WEIGHTS, NAME)
    network = model[0].auto_model
    network.load_state_dict({n: torch.from_numpy(a) for n, a in own.items()}, strict=False)
