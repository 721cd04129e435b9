"""The compact entailment model that comes with zstext; how it was trained is in `training/`.

Its weights are 8-bit integers with a scale for every row, its vocabulary is that of the embedded
encoder, whose word embeddings it shares: they were not trained, so they are not stored again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from zstext.encoders.embedded import embedded_model_dir
from zstext.errors import ModelError

NAME = "zstext-nli"
WEIGHTS = "entailment.safetensors"
SHARED = "bert.embeddings.word_embeddings.weight"
LABELS = {0: "entailment", 1: "not_entailment"}
_SCALE = ".scale"


def directory() -> Path:
    """Return where the weights are."""
    return Path(__file__).with_name("weights")


def load(weights: dict[str, Any] | None = None) -> Any:
    """Return the model in float32, with other weights of the form of `read_weights` if given.

    Raises
    ------
    ModelError
        If its weights, or those of the embedded encoder, are missing or damaged.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig.from_pretrained(str(embedded_model_dir()), local_files_only=True)
    config.id2label, config.label2id = LABELS, {name: i for i, name in LABELS.items()}
    model = BertForSequenceClassification(config)
    own = read_weights() if weights is None else weights
    tensors = {name: torch.from_numpy(array) for name, array in own.items()}
    with safe_open(embedded_model_dir() / "model.safetensors", framework="pt") as file:
        tensors[SHARED] = file.get_tensor(SHARED.removeprefix("bert."))
    model.load_state_dict(tensors)
    return model.eval()


def read_weights(path: Path | None = None) -> dict[str, Any]:
    """Return trained weights by name, float32: those of the package, or of a file like it."""
    path = path or directory() / WEIGHTS
    try:
        with safe_open(path, framework="numpy") as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"the entailment model {NAME} is missing or damaged ({error}); reinstall zstext"
        ) from error
    return {
        name: _restored(array, stored.get(name + _SCALE))
        for name, array in stored.items()
        if not name.endswith(_SCALE)
    }


def stored_form(weights: dict[str, Any]) -> dict[str, Any]:
    """Return weights as they are stored: matrices as int8 with a scale a row, the rest float32."""
    out: dict[str, Any] = {}
    for name, array in weights.items():
        if array.ndim != 2:
            out[name] = array.astype(np.float32)
            continue
        scale = np.maximum(np.abs(array).max(axis=1, keepdims=True), 1e-12) / 127
        out[name] = np.rint(array / scale).astype(np.int8)
        out[name + _SCALE] = scale.astype(np.float32)
    return out


def _restored(array: Any, scale: Any) -> Any:
    return array if scale is None else array.astype(np.float32) * scale
