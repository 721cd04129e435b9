"""From what the user calls an image model to an encoder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from zstext.encoders import models
from zstext.encoders.images.backbone import BackboneTower
from zstext.encoders.images.clip import ClipTower
from zstext.encoders.images.efficientnet import NAME, EfficientNetTower
from zstext.encoders.images.encoder import BATCH_SIZE, ImageEncoder
from zstext.encoders.images.extra import require
from zstext.encoders.minilm import NAME as SENTENCES
from zstext.errors import ModelError
from zstext.protocols import Encoder

_PREPROCESSING = ("preprocessor_config.json", "processor_config.json")


def load_image_encoder(
    model: str | os.PathLike[str] | None = None,
    *,
    device: str | None = None,
    batch_size: int = BATCH_SIZE,
) -> ImageEncoder:
    """Load an image encoder.

    Parameters
    ----------
    model : str, path or None
        None or ``"efficientnet-lite0"`` is the CNN of ``zstext[image]``, which needs no network.
        Anything else is the directory or hub id of a CLIP or SigLIP model, which embeds labels
        too, or of a vision backbone. Next to a backbone all-MiniLM-L6-v2 embeds the
        labels, in another space: fit on labelled images of some classes first.
    device : str or None
        A torch device; None takes the best there is.
    batch_size : int
        Images in one forward pass, at most. It does not change the features.

    Raises
    ------
    MissingExtraError
        If a package of ``zstext[image]`` is missing.
    ModelError
        If the model cannot be found or loaded, or is not one for images.
    OptionError
        If `batch_size` is not positive, or there is no such device.
    """
    require("PIL.Image", "reading images")
    if model is None or str(model) == NAME:
        tower = EfficientNetTower(device)
        return ImageEncoder(tower, _sentences, batch_size=batch_size, device=device)
    config = _config(models.model_dir(model), str(model))
    if "text_config" in config and "vision_config" in config:
        clip = ClipTower(model, device)
        return ImageEncoder(
            clip,
            lambda: clip.labels,
            one_space=True,
            scale=clip.scale,
            batch_size=batch_size,
            device=device,
        )
    backbone = BackboneTower(model, device)
    return ImageEncoder(backbone, _sentences, batch_size=batch_size, device=device)


def is_image_model(model: str | os.PathLike[str] | None) -> bool:
    """Return whether a name stands for an image encoder and not for one of texts.

    That is ``"efficientnet-lite0"``, or a model with image preprocessing and no
    sentence-transformers modules. A hub id that is not on this machine is downloaded to see.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    if model is None:
        return False
    return str(model) == NAME or is_image_directory(models.model_dir(model))


def is_image_directory(directory: Path) -> bool:
    """Return whether a model directory has image preprocessing, and no sentence-transformers."""
    has_preprocessing = any((directory / name).is_file() for name in _PREPROCESSING)
    return has_preprocessing and not (directory / "modules.json").is_file()


def _config(directory: Path, name: str) -> dict[str, object]:
    if not is_image_directory(directory):
        raise ModelError(
            f"{name!r} is no image model: it has no preprocessor_config.json; name a CLIP, SigLIP "
            f"or vision backbone, or {NAME}"
        )
    try:
        config = json.loads((directory / "config.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"model {name!r} has no readable config.json: {error}") from error
    return dict(config)


def _sentences() -> Encoder:
    """Return the encoder of label names, on the processor: label names are few.

    all-MiniLM-L6-v2 and not the default of texts: the figures for photos were measured with it, and
    saved classifiers of photos were fitted to its space.
    """
    from zstext.encoders.sentence import SentenceEncoder

    return SentenceEncoder(SENTENCES, device="cpu")
