"""From a file, bytes or a PIL image to upright RGB pixels; or to the reason why not."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zstext.encoders.images.extra import require
from zstext.missing import is_missing
from zstext.predictions import Reason

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""Nothing else is tried: some decoders of Pillow start other programs (EPS starts Ghostscript)."""

MAX_PIXELS = 80_000_000
"""Width times height that a picture may claim: 240 MB once decoded."""

MAX_ASPECT = 50
"""Long side over short side. Models scale the short side up: a thread of pixels becomes a bomb."""

DRAFT_SIDE = 1024
"""A JPEG whose sides are twice as long is decoded at a half, a quarter or an eighth of its size:
no model looks at more, and a photo of 24 megapixels takes 4 MB in place of 72."""


class UndecodableError(Exception):
    """An image that has no pixels to offer.

    Attributes
    ----------
    reason : str
        A `Reason`, perhaps with ": detail" behind it.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = f"{reason}: {detail}" if detail else str(reason)
        super().__init__(self.reason)


def unusable(item: Any) -> Reason | None:
    """Return why an item cannot be an image, as far as it shows without opening it, or None."""
    if isinstance(item, str | bytes | bytearray | os.PathLike):
        return None if item else Reason.EMPTY
    if is_missing(item):
        return Reason.MISSING
    if isinstance(item, Mapping):  # the image column of a dataset
        return unusable(item.get("bytes") or item.get("path"))
    return None if hasattr(item, "convert") and hasattr(item, "size") else Reason.NOT_AN_IMAGE


def decode(item: Any) -> Image:
    """Return an image as upright RGB.

    EXIF rotation is applied, transparency laid over white, 16 bits are scaled to 8, and of an
    animation the first frame is taken.

    Parameters
    ----------
    item : path, bytes, PIL image, or mapping with "bytes" or "path"

    Returns
    -------
    PIL.Image.Image
        Mode RGB.

    Raises
    ------
    UndecodableError
        If it is not an image, is damaged, or would take too much memory. Nothing else, whatever the
        bytes are.
    MissingExtraError
        If Pillow is not installed.
    """
    if (reason := unusable(item)) is not None:
        raise UndecodableError(reason)
    if isinstance(item, Mapping):
        return decode(item.get("bytes") or item.get("path"))
    pil = require("PIL.Image", "reading images")
    try:
        if isinstance(item, pil.Image):
            _check_size(item)
            return _as_rgb(_upright(item))
        source = io.BytesIO(item) if isinstance(item, bytes | bytearray) else item
        with pil.open(source, formats=FORMATS) as image:
            _check_size(image)
            _draft(image)
            return _as_rgb(_upright(image))
    except UndecodableError:
        raise
    except FileNotFoundError:
        raise UndecodableError(Reason.UNREADABLE_IMAGE, "no such file") from None
    except (pil.DecompressionBombError, pil.DecompressionBombWarning):
        raise UndecodableError(Reason.IMAGE_TOO_LARGE) from None
    except pil.UnidentifiedImageError:
        raise UndecodableError(Reason.NOT_AN_IMAGE) from None
    except Exception as error:  # decoders raise anything, from struct.error to RecursionError
        raise UndecodableError(Reason.UNREADABLE_IMAGE, _one_line(error)) from None


def _check_size(image: Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UndecodableError(
            Reason.IMAGE_TOO_LARGE, f"{width} x {height} pixels, at most {MAX_PIXELS:,}"
        )
    if not min(width, height):
        raise UndecodableError(Reason.EMPTY, f"{width} x {height} pixels")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise UndecodableError(
            Reason.UNREADABLE_IMAGE, f"{width} x {height} pixels are too narrow to scale"
        )


def _draft(image: Image) -> None:
    """Ask for a smaller decoding, which JPEG alone can do; it keeps DRAFT_SIDE at least."""
    if min(image.size) >= 2 * DRAFT_SIDE:
        image.draft(None, (DRAFT_SIDE, DRAFT_SIDE))


def _upright(image: Image) -> Image:
    """Return the image turned as its EXIF data says. Damaged EXIF data turns nothing."""
    ops = require("PIL.ImageOps", "reading images")
    image.load()
    try:
        turned: Image = ops.exif_transpose(image)
    except Exception:  # the pixels are there; only what is said about them is damaged
        return image
    return turned


def _as_rgb(image: Image) -> Image:
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image).convert("RGB")
    if image.has_transparency_data:
        pil = require("PIL.Image", "reading images")
        image = image.convert("RGBA")
        white = pil.new("RGBA", image.size, "white")
        return pil.alpha_composite(white, image).convert("RGB")  # type: ignore[no-any-return]
    return image.convert("RGB")


def _eight_bits(image: Image) -> Image:
    """Return a grey image of 16 bits at 8, by 0..65535 to 0..255."""
    pil = require("PIL.Image", "reading images")
    values = np.asarray(image)
    if values.dtype.kind == "f" or values.min() < 0 or values.max() > 65535:
        raise UndecodableError(
            Reason.UNREADABLE_IMAGE, f"{values.dtype} pixels have no known white; save as 8 bits"
        )
    grey: Image = pil.fromarray(np.round(values / 257.0).astype(np.uint8))
    return grey


def _one_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().partition("\n")[0][:200]
