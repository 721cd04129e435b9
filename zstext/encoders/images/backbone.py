"""Any Hugging Face vision backbone: ResNet, ConvNeXt, ViT, DINOv2 and their like."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any

from zstext.encoders import models
from zstext.encoders.complete import check_complete
from zstext.encoders.device import move
from zstext.encoders.images.huggingface import load_model
from zstext.encoders.images.preprocessing import of_model
from zstext.errors import ModelError
from zstext.protocols import FloatArray


class BackboneTower:
    """A vision model without its classification head.

    The feature of an image is the model's own pooled output, if the weights of that were trained;
    else the mean over the picture of the last feature maps (CNN), or the class token (transformer).

    Parameters
    ----------
    model : str or path
        A directory or hub id.
    device : str or None

    Raises
    ------
    ModelError
        If the model cannot be found or loaded, or is not a vision model.
    """

    def __init__(self, model: str | os.PathLike[str], device: str | None = None) -> None:
        self.name = models.name_of(model)
        self._directory = models.model_dir(model)
        self.preprocess = of_model(self._directory, self.name)
        self._model, missing = load_model(self._directory, self.name)
        if self._model.main_input_name != "pixel_values":
            raise ModelError(
                f"model {self.name!r} takes {self._model.main_input_name}, not pixels; it is no "
                "image encoder"
            )
        pooler = {key for key in missing if "pooler" in key.split(".")}
        check_complete(missing - pooler, self.name)
        self._pooler_trained = not pooler
        self._device = move(self._model, device)

    @cached_property
    def n_features(self) -> int:
        """Length of a feature vector: that of a black image."""
        from PIL import Image

        return int(self.features(self.preprocess(Image.new("RGB", (64, 64)))[None]).shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and settings."""
        return models.fingerprint(self._directory)

    def features(self, pixels: FloatArray) -> FloatArray:
        """Return features of shape (n_items, n_features), float32."""
        import torch

        with torch.inference_mode():
            output = self._model(pixel_values=torch.from_numpy(pixels).to(self._device))
            vectors: FloatArray = self._pooled(output).float().cpu().numpy()
        return vectors

    def _pooled(self, output: Any) -> Any:
        pooled = getattr(output, "pooler_output", None)
        if pooled is not None and self._pooler_trained:
            return pooled.flatten(1)
        hidden = output.last_hidden_state
        return hidden.mean(dim=(2, 3)) if hidden.ndim == 4 else hidden[:, 0]
