"""Encoders: the only place, with `nli`, that imports torch and the Hugging Face libraries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from zstext.encoders.minilm import NAME as MINILM
from zstext.encoders.models import check_encodes
from zstext.encoders.own import NAME as OWN_ENCODER

if TYPE_CHECKING:
    from zstext.protocols import Encoder

__all__ = ["MINILM", "OWN_ENCODER", "check_encodes", "load_encoder"]


def load_encoder(model: str | os.PathLike[str] | None = None, **options: Any) -> Encoder:
    """Load an encoder of texts or, if the model is one of images, of images.

    The import happens here, so that reading `--help` or a saved label file does not wait for torch.

    Parameters
    ----------
    model : str, path or None
        A directory, a hub id, "all-MiniLM-L6-v2" or "efficientnet-lite0"; None is
        "zstext-encoder".
    **options
        Those of `SentenceEncoder` or `load_image_encoder`: device, batch_size.

    Raises
    ------
    ModelError
        If the model cannot be found or loaded.
    MissingExtraError
        If it is one of images, and a package of ``zstext[image]`` is missing.
    OptionError
        If it is our entailment model.
    """
    from zstext.encoders.images import is_image_model, load_image_encoder

    if is_image_model(model):
        return load_image_encoder(model, **options)
    from zstext.encoders.sentence import SentenceEncoder

    return SentenceEncoder(model, **options)
