"""Which models a classifier asks, and how their scores become probabilities."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from zstext.calibration import ScoreScale
from zstext.defaults import (
    CASCADE_SHORTLIST,
    CONTENT_FREE_WEIGHT,
    DEFAULT_TEMPLATES,
    ENTAILMENT_SCALE,
    ENTAILMENT_TEMPLATES,
    FEW_LABELS,
    fusion_for,
    scale_for,
)
from zstext.encoders import check_encodes
from zstext.errors import OptionError, TemplateError, did_you_mean
from zstext.protocols import Encoder, Entailer
from zstext.scoring import (
    CascadeScorer,
    EncoderScorer,
    EntailmentScorer,
    LongStrategy,
    PlainScorer,
)
from zstext.semantics import as_class_vectors
from zstext.templates import as_templates

Backend: TypeAlias = Literal["auto", "encoder", "nli", "cascade"]


@dataclass(frozen=True, slots=True)
class Backends:
    """Parameters of a classifier that decide its scorer; see `ZeroShotClassifier`."""

    backend: Backend
    encoder: Any
    entailer: Any
    templates: Any
    long: LongStrategy
    multi_label: bool
    semantics: Any
    semantic_weights: Any
    shortlist: int | None
    cache_dir: str | os.PathLike[str] | None

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> Backends:
        """Return those of the parameters of a classifier that matter here."""
        return cls(**{name: parameters[name] for name in cls.__dataclass_fields__})

    def check(self) -> None:
        """Raise what `scorer` would, as far as it can be known without a model.

        Raises
        ------
        OptionError, TemplateError
        """
        if self.backend not in get_args(Backend):
            raise OptionError(
                f"backend must be one of {', '.join(get_args(Backend))}, got {self.backend!r}"
                f"{did_you_mean(str(self.backend), get_args(Backend))}"
            )
        if self.shortlist is not None and self.backend not in ("cascade", "auto"):
            raise OptionError(f"a shortlist is for the cascade, not for backend {self.backend!r}")
        if self.shortlist is not None and self.shortlist < 1:
            raise OptionError(f"the shortlist must hold at least 1 label, got {self.shortlist}")
        if self.backend == "nli" and self.semantics is not None:
            raise OptionError("class semantics are for an encoder: the nli backend reads names")
        if isinstance(self.templates, Iterator):
            raise TemplateError("templates must be a list: an iterator can be read only once")
        if self.templates is not None:
            as_templates(self.templates)

    def scorer(self, *, learning: bool = False) -> PlainScorer:
        """Return the scorer, its models loaded.

        Parameters
        ----------
        learning : bool
            Whether a mapping will be learned from labelled documents: "auto" is the encoder then.

        Raises
        ------
        ModelError
            If a model cannot be found or loaded.
        OptionError, TemplateError
            If a parameter cannot be used.
        """
        self.check()
        if not learning:
            check_unlearned(self.semantics, self.semantic_weights)
        backend = self.backend
        if backend == "auto" and (learning or self.semantics is not None):
            backend = "encoder"
        if backend == "encoder":
            scorer = self._encoder_scorer()
            if not learning:
                _check_one_space(scorer.encoder)
            return scorer
        return self._entailment_scorer() if backend == "nli" else self._cascade_scorer()

    def _entailment_scorer(self, content_free_weight: float = 0.0) -> EntailmentScorer:
        return EntailmentScorer(
            self._loaded_entailer(),
            ENTAILMENT_TEMPLATES if self.templates is None else as_templates(self.templates),
            long=self.long,
            multi_label=self.multi_label,
            content_free_weight=content_free_weight,
        )

    def _cascade_scorer(self) -> CascadeScorer:
        entailment = self._entailment_scorer(CONTENT_FREE_WEIGHT)
        first = self._encoder_scorer()
        if (items := getattr(first.encoder, "items", "texts")) != "texts":
            raise OptionError(
                f"{first.encoder.name} looks at {items}, which an entailment model "
                'cannot read: use backend "encoder"'
            )
        fusion = fusion_for(first.encoder)
        return CascadeScorer(
            first,
            entailment,
            scale_for(first.encoder),
            weight=fusion.weight,
            weight_of_many=fusion.weight_of_many,
            few=FEW_LABELS,
            shortlist=CASCADE_SHORTLIST if self.shortlist is None else self.shortlist,
            all_of_few=self.backend == "auto" and self.shortlist is None,
        )

    def _encoder_scorer(self) -> EncoderScorer:
        encoder = self._loaded_encoder()
        templates = self.templates
        if templates is None:  # a sentence about a text is none about a photo
            templates = getattr(encoder, "default_templates", DEFAULT_TEMPLATES)
        return EncoderScorer(
            encoder,
            as_templates(templates),
            long=self.long,
            vectors=as_class_vectors(self.semantics),
            weights=None if self.semantic_weights is None else tuple(self.semantic_weights),
            cache_dir=None if self.cache_dir is None else Path(self.cache_dir),
        )

    def _loaded_encoder(self) -> Encoder:
        if self.encoder is not None and not isinstance(self.encoder, str | os.PathLike):
            if not callable(getattr(self.encoder, "encode", None)):
                raise OptionError(f"encoder must be a model or an encoder, got {self.encoder!r}")
            encoder: Encoder = self.encoder
            return encoder
        from zstext.encoders import load_encoder

        return load_encoder(self.encoder)

    def _loaded_entailer(self) -> Entailer:
        if self.entailer is not None and not isinstance(self.entailer, str | os.PathLike):
            if not callable(getattr(self.entailer, "entail", None)):
                raise OptionError(f"entailer must be a model or an entailer, got {self.entailer!r}")
            entailer: Entailer = self.entailer
            return entailer
        from zstext.nli import load_entailer

        return load_entailer(self.entailer)


def learns(backend: Backend) -> bool:
    """Return whether a mapping is learned from labelled rows; other backends adapt with them."""
    return backend in ("encoder", "auto")


def check_unlearned(semantics: Any, weights: Sequence[float] | None) -> None:
    """Raise `OptionError` for class semantics to which no mapping is learned from labelled rows.

    Without one, only what lies in the encoder's own space can be compared with documents: one
    block of numbers, the others of weight 0.
    """
    if semantics is not None and (weights is None or sum(w != 0 for w in weights) > 1):
        raise OptionError(
            "class semantics (--semantics) need labelled rows, from which the encoder learns a "
            'mapping to their space: give some, with backend "encoder", or leave the semantics out'
        )


def load_models(
    backend: Backend,
    model: str | os.PathLike[str] | Encoder | Entailer | None = None,
    *,
    nli_model: str | os.PathLike[str] | Entailer | None = None,
    entailment_id: int | None = None,
    **loading: Any,
) -> dict[str, Any]:
    """Load what a backend needs, ready to be parameters of a classifier.

    Parameters
    ----------
    backend : Backend
    model : str, path, Encoder, Entailer or None
        The encoder; for the nli backend the entailment model. One that is loaded stays as it is.
    nli_model : str, path, Entailer or None
        The entailment model of a backend that needs both.
    entailment_id : int, optional
        See `EntailmentModel`.
    **loading
        As for `load_encoder` and `load_entailer`.

    Raises
    ------
    OptionError
        If an option has nothing to do with the backend, or with a model that is loaded.
    ModelError
        If a model cannot be found or loaded.
    """
    check_models(backend, model, nli_model=nli_model, entailment_id=entailment_id)
    from zstext.encoders import load_encoder

    out: dict[str, Any] = {"backend": backend}
    if backend != "nli":
        encodes = _is_loaded(model, "encode")
        out["encoder"] = model if encodes else load_encoder(cast(Any, model), **loading)
    if backend != "encoder":
        from zstext.nli import load_entailer

        named = model if backend == "nli" and nli_model is None else nli_model
        out["entailer"] = (
            named
            if _is_loaded(named, "entail")
            else load_entailer(cast(Any, named), entailment_id=entailment_id, **loading)
        )
    return out


def check_models(
    backend: Backend,
    model: str | os.PathLike[str] | Encoder | Entailer | None,
    *,
    nli_model: str | os.PathLike[str] | Entailer | None,
    entailment_id: int | None,
) -> None:
    """Raise `OptionError` for what `load_models` cannot make sense of."""
    if backend == "encoder" and nli_model is not None:
        raise OptionError("an entailment model is for the backends nli, cascade and auto")
    if backend == "encoder" and entailment_id is not None:
        raise OptionError("an entailment id is for the backends nli, cascade and auto")
    if backend == "nli" and None not in (model, nli_model):
        raise OptionError("the nli backend has one model: name it once")
    encodes, entails = _is_loaded(model, "encode"), _is_loaded(model, "entail")
    if backend == "nli" and encodes and not entails:
        raise OptionError("the nli backend asks an entailment model, and this one is an encoder")
    if backend != "nli" and entails and not encodes:
        raise OptionError(
            f"the {backend} backend asks an encoder first, and this one is an entailment model: "
            "name it as nli_model, with the encoder as model"
        )
    if backend != "nli":
        check_encodes(model)
    if entailment_id is not None and (entails or _is_loaded(nli_model, "entail")):
        raise OptionError(
            "the entailment model is loaded and knows which class means entailment: give the "
            "entailment id to load_entailer"
        )


def _is_loaded(model: Any, does: Literal["encode", "entail"]) -> bool:
    """Return whether a model is one that encodes or entails; a name, too, has an `encode`."""
    return not isinstance(model, str | os.PathLike) and callable(getattr(model, does, None))


def _check_one_space(encoder: Encoder) -> None:
    if not getattr(encoder, "one_space", True):
        raise OptionError(
            f"{encoder.name} cannot compare photos with names: learn from labelled photos of some "
            "classes, `zstext fit PHOTOS --labels ... -o DIR` or fit(photos, y), or use a CLIP "
            "model, which can"
        )


def scale_of(scorer: PlainScorer) -> ScoreScale:
    """Return how the scores of a scorer become probabilities before any calibration."""
    if isinstance(scorer, EncoderScorer):
        return scale_for(scorer.encoder)
    if isinstance(scorer, EntailmentScorer):
        return ENTAILMENT_SCALE
    return fusion_for(scorer.encoder.encoder).scale
