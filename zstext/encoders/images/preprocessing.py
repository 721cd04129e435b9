"""From RGB pixels to what a network takes. Without torchvision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from zstext.encoders.images.extra import require
from zstext.encoders.quiet import quiet_libraries
from zstext.errors import ModelError
from zstext.protocols import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image

Preprocess: TypeAlias = "Callable[[Image], FloatArray]"
"""An RGB image to an array of shape (3, height, width), float32. Safe to call from threads."""


def squash(side: int, *, mean: float, scale: float) -> Preprocess:
    """Return a preprocessing that scales the whole image to a square, by bicubic interpolation.

    Nothing is cut off: where the object fills the picture its ends count.

    Parameters
    ----------
    side : int
    mean, scale : float
        The values 0..255 become ``(value - mean) / scale``.
    """
    bicubic = require("PIL.Image", "reading images").Resampling.BICUBIC

    def apply(image: Image) -> FloatArray:
        pixels = np.asarray(image.resize((side, side), bicubic), dtype=np.float32)
        return np.ascontiguousarray(((pixels - mean) / scale).transpose(2, 0, 1))

    return apply


def of_model(directory: Path, name: str) -> Preprocess:
    """Return the preprocessing that a Hugging Face model's own configuration describes.

    Raises
    ------
    ModelError
        If the model has none, or it does not make pixels alone.
    """
    processor = _processor(directory, name)

    def apply(image: Image) -> FloatArray:
        made = processor(image, return_tensors="np")["pixel_values"]
        return np.ascontiguousarray(made[0], dtype=np.float32)

    return apply


def _processor(directory: Path, name: str) -> Any:
    require("PIL.Image", "reading images")
    with quiet_libraries():
        import transformers

        # Pillow does the work: the other kind needs torchvision, and its pixels differ.
        before_5 = int(transformers.__version__.partition(".")[0]) < 5
        pillow = {"use_fast": False} if before_5 else {"backend": "pil"}
        try:
            return transformers.AutoImageProcessor.from_pretrained(
                str(directory), local_files_only=True, trust_remote_code=False, **pillow
            )
        except Exception as error:  # whatever the reader of a configuration raises
            raise ModelError(
                f"model {name!r} has no image preprocessing that can be used: {error}"
            ) from error
