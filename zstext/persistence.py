"""Saved classifiers: what of one is written to a folder, and how it is put together again.

No pickle, nothing executable. The configuration names its own hash, that of the arrays and the
fingerprints of the models, so that damage or another model is an error, not another answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from zstext.adaptation import Adaptation
from zstext.adapting import plain_parts
from zstext.calibration import CalibrationChain
from zstext.classifier import ZeroShotClassifier
from zstext.encoders import load_encoder
from zstext.errors import ModelError, PersistenceError, ZstextError
from zstext.fitted import Fitted
from zstext.folder import CONFIG, read_arrays, read_config, write
from zstext.labels import LabelSpace
from zstext.mapping import load_mapping
from zstext.nli import load_entailer
from zstext.scoring import AdaptedScorer, CascadeScorer, EncoderScorer
from zstext.semantics import ClassVectors
from zstext.state import State

_ADAPTED_SINCE = 4
"""The format from which an adaptation is read as it is made now."""


def save(classifier: ZeroShotClassifier, directory: Path) -> None:
    """Write a fitted classifier to `directory`, which is made if it is not there.

    A saved classifier that is there already is replaced.

    Raises
    ------
    OptionError
        If `directory` is a file, or the folder of a model of another kind.
    """
    scorer, chain = plain_parts(classifier.scorer_, classifier.calibrator_)
    labels = classifier.labels_
    calibrator = classifier.calibrator_.to_state()
    arrays = {f"calibrator.{name}": array for name, array in calibrator.arrays.items()}
    config: dict[str, Any] = {
        "models": {role: _named(model) for role, model in scorer.models.items()},
        "labels": [
            {"name": name, "descriptions": list(descriptions), "seen": bool(seen)}
            for name, descriptions, seen in zip(
                labels.names, labels.descriptions, classifier.seen_mask_, strict=True
            )
        ],
        "options": _options(classifier),
        "calibrator": {"kind": calibrator.kind, "values": calibrator.values},
        "calibrated": classifier.calibrated_,
    }
    if scorer.encoding is not None:
        arrays |= _save_encoding(scorer.encoding, labels, config)
    parts: dict[str, State] = {}
    if classifier.adaptation_ is not None:  # one that says why there is none, too
        parts["adaptation"] = classifier.adaptation_.to_state()
    if isinstance(classifier.scorer_, AdaptedScorer):
        parts["anchor"] = chain.to_state()
    for part, state in parts.items():
        config[part] = {"kind": state.kind, "values": state.values}
        arrays |= {f"{part}.{name}": array for name, array in state.arrays.items()}
    write(directory, config, arrays)


def _named(model: Any) -> dict[str, Any]:
    """Return what is needed to load a model again and to know it."""
    named = {"name": model.name, "fingerprint": model.fingerprint}
    own = {name: getattr(model, name, None) for name in ("entailment_id", "items")}
    return named | {name: value for name, value in own.items() if value is not None}


def _options(classifier: ZeroShotClassifier) -> dict[str, Any]:
    """Return the parameters of a classifier that a loaded one gets."""
    scorer, _ = plain_parts(classifier.scorer_, classifier.calibrator_)
    templates = None
    if not isinstance(scorer, CascadeScorer):
        templates = [template.text for template in scorer.templates]
    elif classifier.templates is not None:
        templates = [template.text for template in scorer.encoder.templates]
    encoding = scorer.encoding
    return {
        "backend": "encoder" if isinstance(scorer, EncoderScorer) else classifier.backend,
        "shortlist": classifier.shortlist if isinstance(scorer, CascadeScorer) else None,
        "templates": templates,
        "long": classifier.long,
        "semantic_weights": None if encoding is None else encoding.weights,
        "multi_label": classifier.multi_label,
        "threshold": classifier.threshold,
    }


def _save_encoding(
    encoding: EncoderScorer, labels: LabelSpace, config: dict[str, Any]
) -> dict[str, Any]:
    """Put the mapping and the class semantics into `config`, and return their arrays."""
    mapping = encoding.mapping.to_state()
    config["mapping"] = {"kind": mapping.kind, "values": mapping.values}
    config["semantics"] = [list(vectors.names) for vectors in encoding.vectors]
    arrays = {"class_embeddings": encoding.class_embeddings(labels)}
    arrays |= {f"mapping.{name}": array for name, array in mapping.arrays.items()}
    return arrays | {f"semantics.{i}": v.values for i, v in enumerate(encoding.vectors)}


def load(
    directory: Path, *, device: str | None = None, batch_size: int | None = None
) -> ZeroShotClassifier:
    """Read a classifier that `save` wrote; its models are loaded by their names.

    Parameters
    ----------
    directory : Path
    device, batch_size
        As for `load_encoder` and `load_entailer`.

    Raises
    ------
    PersistenceError
        If the directory is no saved classifier, is damaged, was written by a newer version, or
        adapted by one that did it differently.
    ModelError
        If a model cannot be found or is not the one that was saved.
    """
    config = read_config(directory)
    _check_adapted(directory, config)
    arrays = read_arrays(directory, config)
    try:
        fitted = _fitted(config, arrays)
        semantics = [
            ClassVectors(tuple(names), arrays[f"semantics.{i}"])
            for i, names in enumerate(config.get("semantics", ()))
        ]
        options = {"semantics": semantics or None, **config["options"]}
        # An earlier version knew such; what they did is in the class embeddings that were saved.
        options.pop("known_categories", None)
        classifier = ZeroShotClassifier(fitted.labels, **options)
        classifier.check()
        saved_models = dict(config["models"])
    except (KeyError, TypeError, ValueError, ZstextError) as error:
        raise PersistenceError(f"{directory / CONFIG} is damaged: {error!r}") from error
    loading = {"device": device} | ({} if batch_size is None else {"batch_size": batch_size})
    for role, saved in saved_models.items():
        setattr(classifier, role, _load_model(role, saved, directory, loading))
    return classifier.restore(fitted)


def _fitted(config: Mapping[str, Any], arrays: Mapping[str, Any]) -> Fitted:
    labels = LabelSpace(
        tuple(entry["name"] for entry in config["labels"]),
        tuple(tuple(entry["descriptions"]) for entry in config["labels"]),
    )
    states = {
        part: _state(config, arrays, part)
        for part in ("calibrator", "mapping", "adaptation", "anchor")
        if part in config
    }
    return Fitted(
        labels=labels,
        seen_mask=np.array([entry["seen"] for entry in config["labels"]], dtype=np.bool_),
        calibrator=CalibrationChain.from_state(states["calibrator"]),
        calibrated=bool(config["calibrated"]),
        mapping=load_mapping(states["mapping"]) if "mapping" in states else None,
        class_embeddings=arrays["class_embeddings"] if "mapping" in states else None,
        adaptation=(
            Adaptation.from_state(states["adaptation"]) if "adaptation" in states else None
        ),
        anchor=CalibrationChain.from_state(states["anchor"]) if "anchor" in states else None,
    )


def looks_at_images(directory: Path) -> bool:
    """Return whether a saved classifier is one of images, without loading it.

    Raises
    ------
    PersistenceError
        If the directory is no saved classifier, is damaged, or was written by a newer version.
    """
    encoder = read_config(directory).get("models", {}).get("encoder", {})
    return bool(encoder.get("items") == "images")


def _load_model(
    role: str, saved: Mapping[str, Any], directory: Path, loading: Mapping[str, Any]
) -> Any:
    name = saved["name"]
    if role == "encoder":
        model: Any = load_encoder(name, **loading)
    else:
        model = load_entailer(
            name,
            entailment_id=saved.get("entailment_id"),
            **loading,
        )
    if model.fingerprint != saved["fingerprint"]:
        raise ModelError(
            f"{directory} was saved with another {name!r}: its fingerprint is "
            f"{model.fingerprint}, expected {saved['fingerprint']}; use the same model files"
        )
    return model


def fingerprint(classifier: ZeroShotClassifier) -> str:
    """Return a hash of what was learned: equal hashes and encoders give equal answers."""
    digest = hashlib.sha256()
    scorer = classifier.scorer_
    states = [] if scorer.encoding is None else [scorer.encoding.mapping.to_state()]
    states.append(classifier.calibrator_.to_state())
    if isinstance(scorer, AdaptedScorer):
        states += [scorer.adaptation.to_state(), scorer.chain.to_state()]
    for state in states:
        digest.update(json.dumps([state.kind, state.values], sort_keys=True).encode())
        for name in sorted(state.arrays):
            digest.update(name.encode() + state.arrays[name].tobytes())
    return digest.hexdigest()


def _check_adapted(directory: Path, config: Mapping[str, Any]) -> None:
    """Raise `PersistenceError` for an adaptation that an earlier version made in another way."""
    if "anchor" in config and config["format_version"] < _ADAPTED_SINCE:
        raise PersistenceError(
            f"{directory} was adapted by an earlier version, which weighed documents and names "
            "differently: adapt again"
        )


def _state(config: Mapping[str, Any], arrays: Mapping[str, Any], part: str) -> State:
    prefix = f"{part}."
    own = {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}
    return State(config[part]["kind"], config[part]["values"], own)
