"""How trained weights come with zstext: matrices as 8-bit integers with a scale for every row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from zstext.errors import ModelError

_SCALE = ".scale"


def read_weights(path: Path, model: str) -> dict[str, Any]:
    """Return the weights in a file by name, float32.

    Parameters
    ----------
    path : Path
    model : str
        What an error calls the model.

    Raises
    ------
    ModelError
        If the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"the model {model} is missing or damaged ({error}); reinstall zstext"
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
