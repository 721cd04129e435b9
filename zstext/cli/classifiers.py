"""The classifier that the options describe: a new one for these labels, or a saved one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zstext.cli.exits import warnings_said
from zstext.errors import OptionError
from zstext.files import user_cache
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
    nli_model: str | None = None,
    entailment_id: int | None = None,
    quiet: bool = False,
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
    nli_model, entailment_id
        As for `load_models`.
    quiet : bool
        Do not say on stderr that new labels end an adaptation.

    Raises
    ------
    OptionError
        If there are `options` and `model` is a saved classifier, which has its own.
    """
    from zstext.backends import check_models, load_models
    from zstext.classifier import ZeroShotClassifier
    from zstext.persistence import load

    if is_saved_classifier(model):
        named = {"nli_model": nli_model, "entailment_id": entailment_id}
        fixed = [*options, *(name for name, value in named.items() if value is not None)]
        if fixed:
            raise OptionError(
                f"{model} is a saved classifier: {', '.join(fixed)} cannot be changed, "
                "leave that option out or fit again"
            )
        ZeroShotClassifier(["any", "label"], threshold=threshold).check()

        def saved() -> ZeroShotClassifier:
            classifier = load(Path(str(model)), device=device, batch_size=batch_size)
            if threshold is not None:
                classifier.threshold = threshold
            if space is None:
                return classifier
            with warnings_said(quiet=quiet):
                return classifier.with_labels(space)

        return saved
    new = ZeroShotClassifier(space, threshold=threshold, cache_dir=cache_dir(), **options)
    new.check()
    entailment: dict[str, Any] = {"nli_model": nli_model, "entailment_id": entailment_id}
    check_models(new.backend, model, **entailment)

    def fresh() -> ZeroShotClassifier:
        loading: dict[str, Any] = {"device": device, "batch_size": batch_size}
        new.set_params(**load_models(new.backend, model, **entailment, **loading))
        return new.fit()

    return fresh


def is_saved_classifier(model: str | None) -> bool:
    """Return whether `model` is a folder that `zstext fit` wrote."""
    from zstext.folder import is_saved

    return model is not None and is_saved(Path(model))


def given(**options: Any) -> dict[str, Any]:
    """Return the options of `ZeroShotClassifier` that are not what they are by default."""
    from zstext.classifier import ZeroShotClassifier

    default = ZeroShotClassifier().get_params(deep=False)
    return {name: value for name, value in options.items() if value != default[name]}


def cache_dir() -> Path | None:
    """Return where label embeddings are kept; None for a user without a home."""
    cache = user_cache()
    return None if cache is None else cache / "labels"
