"""The classifier that the options describe: a new one for these labels, or a saved one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zstext.errors import OptionError
from zstext.labels import LabelSpace

if TYPE_CHECKING:
    from zstext.classifier import ZeroShotClassifier


def classifier_for(
    space: LabelSpace | None,
    *,
    model: str | None,
    device: str | None,
    batch_size: int,
    threshold: float | None,
    options: Mapping[str, Any],
) -> Callable[[], ZeroShotClassifier]:
    """Check everything that can be checked without a model; return what loads the classifier.

    Parameters
    ----------
    space : LabelSpace or None
        The labels; with a saved classifier those that it shall know besides its own, if any.
    model : str or None
        A saved classifier, a model directory or a hub id.
    device, batch_size
        As for `load_encoder`.
    threshold : float or None
    options : mapping of str to value
        Parameters of `ZeroShotClassifier`, those that the user set.

    Raises
    ------
    OptionError
        If there are `options` and `model` is a saved classifier, which has its own.
    """
    from zstext.classifier import ZeroShotClassifier
    from zstext.persistence import load

    if is_saved_classifier(model):
        if options:
            raise OptionError(
                f"{model} is a saved classifier: {', '.join(options)} cannot be changed, "
                "leave that option out or fit again"
            )
        ZeroShotClassifier(["any", "label"], threshold=threshold).check()

        def saved() -> ZeroShotClassifier:
            classifier = load(Path(str(model)), device=device, batch_size=batch_size)
            if threshold is not None:
                classifier.threshold = threshold
            return classifier if space is None else classifier.with_labels(space)

        return saved
    new = ZeroShotClassifier(space, threshold=threshold, cache_dir=cache_dir(), **options)
    new.check()

    def fresh() -> ZeroShotClassifier:
        from zstext.encoders import load_encoder

        new.encoder = load_encoder(model, device=device, batch_size=batch_size)
        return new.fit()

    return fresh


def is_saved_classifier(model: str | None) -> bool:
    """Return whether `model` is a folder that `zstext fit` wrote."""
    from zstext.persistence import ARRAYS, CONFIG

    return model is not None and all((Path(model) / name).is_file() for name in (CONFIG, ARRAYS))


def given(**options: Any) -> dict[str, Any]:
    """Return the options of `ZeroShotClassifier` that are not what they are by default."""
    from zstext.classifier import ZeroShotClassifier

    default = ZeroShotClassifier().get_params(deep=False)
    return {name: value for name, value in options.items() if value != default[name]}


def cache_dir() -> Path | None:
    """Return where label embeddings are kept; None for a user without a home."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return home / "zstext" / "labels"
