"""The compact entailment model that comes with zstext; how it was trained is in `training/`.

Its vocabulary is that of all-MiniLM-L6-v2, whose word embeddings it shares: they were not
trained, so they are not stored again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors import safe_open

from zstext.encoders import stored
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.models import ENTAILMENT_MODEL

NAME = ENTAILMENT_MODEL
WEIGHTS = "entailment.safetensors"
SHARED = "bert.embeddings.word_embeddings.weight"
LABELS = {0: "entailment", 1: "not_entailment"}


def directory() -> Path:
    """Return where the weights are."""
    return Path(__file__).with_name("weights")


def load(weights: dict[str, Any] | None = None) -> Any:
    """Return the model in float32, with other weights of the form of `read_weights` if given.

    Raises
    ------
    ModelError
        If its weights, or those of all-MiniLM-L6-v2, are missing or damaged.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig.from_pretrained(str(minilm_dir()), local_files_only=True)
    config.id2label, config.label2id = LABELS, {name: i for i, name in LABELS.items()}
    model = BertForSequenceClassification(config)
    own = read_weights() if weights is None else weights
    tensors = {name: torch.from_numpy(array) for name, array in own.items()}
    with safe_open(minilm_dir() / "model.safetensors", framework="pt") as file:
        tensors[SHARED] = file.get_tensor(SHARED.removeprefix("bert."))
    model.load_state_dict(tensors)
    return model.eval()


def read_weights(path: Path | None = None) -> dict[str, Any]:
    """Return trained weights by name, float32: those of the package, or of a file like it."""
    return stored.read_weights(path or directory() / WEIGHTS, NAME)
