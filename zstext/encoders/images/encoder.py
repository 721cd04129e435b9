"""The image encoder: pictures to features, and the names of classes to where they are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from zstext.calibration import ScoreScale
from zstext.encoders.images.decoding import UndecodableError, decode, unusable
from zstext.encoders.images.pool import ahead
from zstext.encoders.images.preprocessing import Preprocess
from zstext.errors import OptionError
from zstext.predictions import Reason
from zstext.protocols import Encoded, Encoder, FloatArray, Role

BATCH_SIZE = 32

LEARNED_SCALE = ScoreScale(temperature=0.06, midpoint=0.14, multi_temperature=0.1)
"""For the cosines of a mapping that was learned from so few rows that none could be held out: that
of all-MiniLM-L6-v2, for want of a better one. With more rows a temperature is fitted."""


class ImageTower(Protocol):
    """The network that looks at pixels."""

    name: str
    preprocess: Preprocess

    @property
    def n_features(self) -> int:
        """Length of a feature vector."""

    @property
    def fingerprint(self) -> str:
        """A hash of the weights and settings."""

    def features(self, pixels: FloatArray) -> FloatArray:
        """Return features of shape (n_items, n_features), float32.

        Parameters
        ----------
        pixels : ndarray of shape (n_items, 3, height, width), float32
        """


class ImageEncoder:
    """Images to unit vectors; an `Encoder` like that of texts.

    Images are decoded and scaled in a few threads while the network works on those before. At most
    two batches wait, so memory does not grow with the number of images. The features of an image
    do not depend on the others, beyond the last bits of float32.

    Parameters
    ----------
    tower : ImageTower
    labels : callable
        Returns the text encoder of label names, when one is first needed. That of CLIP is its other
        half, and images and labels are in one space. With any other tower they are not: a mapping
        has to be learned on labelled images of some classes.
    one_space : bool
        Whether the two are in one space.
    scale : ScoreScale
        How cosines become probabilities.
    batch_size : int, >= 1
        Images in one forward pass, at most. It does not change the features.
    device : str or None
        What `tower` was loaded with.

    Attributes
    ----------
    default_templates : tuple of str
        What to fill label names into, unless the user has templates.

    Raises
    ------
    OptionError
        If `batch_size` is not positive.
    """

    items = "images"

    def __init__(
        self,
        tower: ImageTower,
        labels: Callable[[], Encoder],
        *,
        one_space: bool = False,
        scale: ScoreScale = LEARNED_SCALE,
        batch_size: int = BATCH_SIZE,
        device: str | None = None,
    ) -> None:
        if batch_size < 1:
            raise OptionError(f"batch_size must be at least 1, got {batch_size}")
        self.name = tower.name
        self.one_space = one_space
        self.scale = scale
        self.default_templates = ("a photo of a {}.",) if one_space else ("{}",)
        self.batch_size = batch_size
        self.tower = tower
        self._load_labels = labels
        self._device = device

    @property
    def n_features(self) -> int:
        """Length of a feature vector of an image."""
        return self.tower.n_features

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and settings: equal fingerprints give equal features."""
        return self.tower.fingerprint

    @cached_property
    def label_encoder(self) -> Encoder:
        """The text encoder of label names."""
        return self._load_labels()

    @staticmethod
    def unusable(item: Any) -> Reason | None:
        """Return why an item cannot be an image, as far as it shows without opening it, or None."""
        return unusable(item)

    def encode(
        self, items: Sequence[Any], *, role: Role = "document", whole: bool = True
    ) -> Encoded:
        """Return unit-length features, one window for each image.

        Parameters
        ----------
        items : sequence
            Images: paths, bytes, PIL images, or mappings with "bytes" or "path" (the image column
            of a dataset). With the role "label", texts.
        role : {"document", "label"}
        whole : bool
            An image has one window in any case.

        Returns
        -------
        Encoded
            Its `reasons` say which images could not be read, and why.
        """
        if role == "label":
            return self.label_encoder.encode(items, role="label", whole=whole)
        windows = np.full((len(items), self.n_features), np.nan, dtype=np.float32)
        reasons: dict[int, str] = {}
        for rows, pixels in self._batches(items, reasons):
            windows[rows] = self.tower.features(pixels)
        lengths = np.linalg.norm(windows, axis=1, keepdims=True)
        n = len(items)
        return Encoded(
            windows / np.maximum(lengths, 1e-12),
            np.ones(n, dtype=np.intp),
            np.zeros(n, dtype=np.bool_),
            reasons,
        )

    def _batches(
        self, items: Sequence[Any], reasons: dict[int, str]
    ) -> Iterator[tuple[list[int], FloatArray]]:
        """Yield batches of pixels of one size, and which items they are; fill in `reasons`.

        Most models take one size only. Where they do not, a batch ends when the size changes.
        """
        rows: list[int] = []
        batch: list[FloatArray] = []
        stream = ahead(self._pixels, items, lookahead=2 * self.batch_size)
        for row, pixels in enumerate(stream):
            if isinstance(pixels, UndecodableError):
                reasons[row] = pixels.reason
                continue
            if batch and (len(batch) == self.batch_size or pixels.shape != batch[0].shape):
                yield rows, np.stack(batch)
                rows, batch = [], []
            rows.append(row)
            batch.append(pixels)
        if batch:
            yield rows, np.stack(batch)

    def _pixels(self, item: Any) -> FloatArray | UndecodableError:
        try:
            return self.tower.preprocess(decode(item))
        except UndecodableError as error:
            return error

    def __sklearn_clone__(self) -> ImageEncoder:
        """Loaded weights are never changed, so a clone of an estimator may share them."""
        return self

    def __reduce__(self) -> tuple[Callable[..., ImageEncoder], tuple[Any, ...]]:
        """Pickle what to load, not the weights: a worker process loads them itself."""
        return _rebuild, (self.name, self._device, self.batch_size)


def _rebuild(name: str, device: str | None, batch_size: int) -> ImageEncoder:
    from zstext.encoders.images.loading import load_image_encoder

    return load_image_encoder(name, device=device, batch_size=batch_size)
