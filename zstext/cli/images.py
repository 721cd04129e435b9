"""Whether inputs are images or texts, and which model looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zstext.cli.classifiers import is_saved_classifier
from zstext.errors import OptionError
from zstext.records import has_images

IMAGE_COLUMN = "image"


def image_column_for(
    asked: str | None,
    model: str | None,
    inputs: Sequence[str] | None,
    *,
    backend: str = "encoder",
    saved: bool = False,
) -> str | None:
    """Return the column of tables that holds images; None if the inputs are texts.

    Inputs are images if the model is one for images or, where no model is named, if there are image
    files among them or a column of images was asked for.

    Parameters
    ----------
    asked : str or None
        What --image-column says.
    model : str or None
        A saved classifier, a model directory or a hub id.
    inputs : sequence of str or None
    backend : str
    saved : bool
        Whether the model must be a saved classifier.

    Raises
    ------
    OptionError
        If a column of images is named beside a model that reads texts.
    InputError, ModelError, PersistenceError
        If inputs or model cannot be found.
    """
    if model is None and backend != "nli":
        return asked or (IMAGE_COLUMN if has_images(inputs or ()) else None)
    if backend != "nli" and _looks_at_images(str(model), saved):
        return asked or IMAGE_COLUMN
    if asked is not None:
        raise OptionError(f"--image-column is for image models; {model or backend} reads texts")
    return None


def model_for(model: str | None, image_column: str | None) -> str | None:
    """Return the model: the one that is named, or for images the CNN that needs no network."""
    if model is not None or image_column is None:
        return model
    from zstext.encoders.images import EFFICIENTNET

    return EFFICIENTNET


def _looks_at_images(model: str, saved: bool) -> bool:
    if saved or is_saved_classifier(model):
        from zstext.persistence import looks_at_images

        return looks_at_images(Path(model))
    from zstext.encoders.images import is_image_model
    from zstext.nli import COMPACT_MODEL

    return model != COMPACT_MODEL and is_image_model(model)
