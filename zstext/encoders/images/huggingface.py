"""What every Hugging Face vision model shares: loading it, from safetensors alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zstext.encoders.quiet import quiet_libraries
from zstext.errors import ModelError


def load_model(directory: Path, name: str) -> tuple[Any, set[str]]:
    """Return the model in a directory, and the names of its weights that are not there.

    Such weights are random. The caller decides which of them it can do without.

    Raises
    ------
    ModelError
        If it cannot be loaded.
    """
    with quiet_libraries():
        from transformers import AutoModel

        try:
            model, found = AutoModel.from_pretrained(
                str(directory),
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
        except Exception as error:  # the library raises nothing more special
            raise ModelError(f"model {name!r} cannot be loaded: {error}") from error
    return model.float(), set(found["missing_keys"])
