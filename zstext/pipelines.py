"""The pipeline: one call, shaped like the Hugging Face zero-shot classification pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

from zstext.backends import Backend, load_models
from zstext.classifier import ZeroShotClassifier
from zstext.defaults import DEFAULT_BACKEND
from zstext.documents import check_column
from zstext.errors import InputError
from zstext.labels import LabelsLike, LabelSpace
from zstext.predictions import Prediction
from zstext.protocols import Encoder, Entailer
from zstext.templates import HypothesisTemplate, as_templates

Result: TypeAlias = dict[str, Any]
Templates: TypeAlias = str | HypothesisTemplate | Iterable[str | HypothesisTemplate]


def pipeline(
    model: str | Encoder | Entailer | None = None,
    *,
    backend: Backend | None = None,
    nli_model: str | Entailer | None = None,
    entailment_id: int | None = None,
    device: str | None = None,
    batch_size: int = 64,
) -> ZeroShotPipeline:
    """Return a zero-shot classification pipeline, its models loaded.

    Parameters
    ----------
    model : str, Encoder, Entailer or None
        A model directory or hub id, or a loaded model: an encoder, or for backend "nli" an
        entailment model. None is what comes with zstext and needs no network.
    backend : {"encoder", "nli", "cascade", "auto"} or None
        See `ZeroShotClassifier`. None is "nli" for a loaded entailment model, else "encoder".
    nli_model : str, Entailer or None
        The entailment model of a backend that has both.
    entailment_id : int or None
        The class of the entailment model that means entailment, if its configuration does not say.
    device : str or None
        A torch device; None takes the best there is. A loaded model stays where it is.
    batch_size : int
        Texts in one forward pass of what is loaded here, at most. It does not change the results.

    Raises
    ------
    ModelError
        If a model cannot be found or loaded.
    OptionError
        If an option has nothing to do with the backend, or with a model that is loaded.

    Examples
    --------
    >>> import zstext
    >>> tag = zstext.pipeline()
    >>> tag("The striker scored twice.", candidate_labels=["sports", "politics"])["labels"][0]
    'sports'
    """
    if backend is None:
        backend = "nli" if _only_entails(model) else DEFAULT_BACKEND
    return ZeroShotPipeline(
        load_models(
            backend,
            model,
            nli_model=nli_model,
            entailment_id=entailment_id,
            device=device,
            batch_size=batch_size,
        )
    )


def _only_entails(model: Any) -> bool:
    return callable(getattr(model, "entail", None)) and not hasattr(model, "encode")


class ZeroShotPipeline:
    """Call it with texts and labels. Models loaded once, any labels; the last stay embedded.

    Parameters
    ----------
    models : mapping of str to object
        Parameters of `ZeroShotClassifier`: the backend and its models.
    """

    def __init__(self, models: Mapping[str, Any]) -> None:
        self.models = dict(models)
        self._last: tuple[Any, ZeroShotClassifier] | None = None

    def __call__(
        self,
        sequences: str | Iterable[Any],
        candidate_labels: LabelsLike,
        hypothesis_template: Templates | None = None,
        multi_label: bool = False,
    ) -> Result | list[Result] | Iterator[Result]:
        """Classify one text, many, or a stream of them.

        Parameters
        ----------
        sequences : str, iterable of str, or iterator of str
            A text gives a dict; an iterator (a generator, say) gives an iterator that reads as it
            goes; any other iterable, such as a list, a pandas or a datasets column, gives a list.
        candidate_labels : LabelSpace, iterable of str, or mapping of str to description
            Unlike in the Hugging Face pipeline, a string is not split at its commas: give a list.
        hypothesis_template : str or iterable of str, optional
            Sentences with one ``{}``; several are averaged. Without any, the default set.
        multi_label : bool
            Score every label by itself.

        Returns
        -------
        dict, list of dict, or iterator of dict
            ``sequence``, ``labels`` and ``scores`` (best first), ``calibrated``, ``truncated``; and
            ``reason``, with no labels, for what could not be classified.

        Raises
        ------
        InputError, LabelError, TemplateError
            If the arguments cannot be used.
        """
        classifier = self._classifier(candidate_labels, hypothesis_template, multi_label)
        if isinstance(sequences, str):
            return _result(sequences, classifier.classify([sequences])[0])
        if isinstance(sequences, bytes | dict) or not isinstance(sequences, Iterable):
            raise InputError(f"sequences must be a text or texts, got {type(sequences).__name__}")
        check_column(sequences)
        stream = _stream(classifier, iter(sequences))
        return stream if isinstance(sequences, Iterator) else list(stream)

    def _classifier(
        self, labels: LabelsLike, templates: Templates | None, multi_label: bool
    ) -> ZeroShotClassifier:
        space = LabelSpace.of(labels)
        chosen = None if templates is None else as_templates(templates)
        key = (space, chosen, multi_label)
        if self._last is None or self._last[0] != key:
            classifier = ZeroShotClassifier(
                space, templates=chosen, multi_label=multi_label, **self.models
            )
            self._last = key, classifier.fit()
        return self._last[1]


def _stream(classifier: ZeroShotClassifier, sequences: Iterator[Any]) -> Iterator[Result]:
    while chunk := list(islice(sequences, classifier.documents_at_once)):
        yield from map(_result, chunk, classifier.classify(chunk))


def _result(sequence: Any, prediction: Prediction) -> Result:
    result = {
        "sequence": sequence,
        "labels": list(prediction.labels),
        "scores": list(prediction.scores),
        "calibrated": prediction.calibrated,
        "truncated": prediction.truncated,
    }
    if prediction.reason is not None:
        result["reason"] = str(prediction.reason)
    return result
