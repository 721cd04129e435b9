"""Saved classifiers: a directory with `config.json` (what was decided) and `arrays.safetensors`.

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
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from zstext.adaptation import Adaptation
from zstext.adapting import plain_parts
from zstext.calibration import CalibrationChain
from zstext.classifier import ZeroShotClassifier
from zstext.encoders import EMBEDDED_MODEL, load_encoder
from zstext.errors import ModelError, PersistenceError, ZstextError
from zstext.files import write_whole
from zstext.fitted import Fitted
from zstext.labels import LabelSpace
from zstext.mapping import load_mapping
from zstext.nli import COMPACT_MODEL, load_entailer
from zstext.scoring import AdaptedScorer, CascadeScorer, EncoderScorer
from zstext.semantics import ClassVectors
from zstext.state import State
from zstext.version import __version__

FORMAT_VERSION = 2
CONFIG = "config.json"
ARRAYS = "arrays.safetensors"


def save(classifier: ZeroShotClassifier, directory: Path) -> None:
    """Write a fitted classifier to `directory`, which is made if it is not there.

    The configuration is written last: a directory with one is complete.
    """
    scorer, chain = plain_parts(classifier.scorer_, classifier.calibrator_)
    labels = classifier.labels_
    calibrator = classifier.calibrator_.to_state()
    arrays = {f"calibrator.{name}": array for name, array in calibrator.arrays.items()}
    config: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "zstext_version": __version__,
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
    if isinstance(classifier.scorer_, AdaptedScorer):
        parts = {"adaptation": classifier.scorer_.adaptation.to_state(), "anchor": chain.to_state()}
        for part, state in parts.items():
            config[part] = {"kind": state.kind, "values": state.values}
            arrays |= {f"{part}.{name}": array for name, array in state.arrays.items()}
    data = save_arrays({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    config["arrays_sha256"] = hashlib.sha256(data).hexdigest()
    config["config_sha256"] = _digest(config)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / CONFIG).unlink(missing_ok=True)
    write_whole(directory / ARRAYS, data)
    write_whole(directory / CONFIG, json.dumps(config, indent=2, ensure_ascii=False).encode())


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
        "shortlist": classifier.shortlist,
        "templates": templates,
        "long": classifier.long,
        "known_categories": classifier.known_categories,
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
        If the directory is no saved classifier, is damaged, or was written by a newer version.
    ModelError
        If a model cannot be found or is not the one that was saved.
    """
    config = _read_config(directory / CONFIG)
    arrays = _read_arrays(directory / ARRAYS, config)
    try:
        labels = LabelSpace(
            tuple(entry["name"] for entry in config["labels"]),
            tuple(tuple(entry["descriptions"]) for entry in config["labels"]),
        )
        encoding, adapted = "mapping" in config, "adaptation" in config
        fitted = Fitted(
            labels=labels,
            seen_mask=np.array([entry["seen"] for entry in config["labels"]], dtype=np.bool_),
            calibrator=CalibrationChain.from_state(_state(config, arrays, "calibrator")),
            calibrated=bool(config["calibrated"]),
            mapping=load_mapping(_state(config, arrays, "mapping")) if encoding else None,
            class_embeddings=arrays["class_embeddings"] if encoding else None,
            adaptation=(
                Adaptation.from_state(_state(config, arrays, "adaptation")) if adapted else None
            ),
            anchor=(
                CalibrationChain.from_state(_state(config, arrays, "anchor")) if adapted else None
            ),
        )
        semantics = [
            ClassVectors(tuple(names), arrays[f"semantics.{i}"])
            for i, names in enumerate(config.get("semantics", ()))
        ]
        classifier = ZeroShotClassifier(
            labels, **{"semantics": semantics or None, **config["options"]}
        )
        classifier.check()
        saved_models = dict(config["models"])
    except (KeyError, TypeError, ValueError, ZstextError) as error:
        raise PersistenceError(f"{directory / CONFIG} is damaged: {error!r}") from error
    loading = {"device": device} | ({} if batch_size is None else {"batch_size": batch_size})
    for role, saved in saved_models.items():
        setattr(classifier, role, _load_model(role, saved, directory, loading))
    return classifier.restore(fitted)


def looks_at_images(directory: Path) -> bool:
    """Return whether a saved classifier is one of images, without loading it.

    Raises
    ------
    PersistenceError
        If the directory is no saved classifier, is damaged, or was written by a newer version.
    """
    encoder = _read_config(directory / CONFIG).get("models", {}).get("encoder", {})
    return bool(encoder.get("items") == "images")


def _load_model(
    role: str, saved: Mapping[str, Any], directory: Path, loading: Mapping[str, Any]
) -> Any:
    name = saved["name"]
    if role == "encoder":
        model: Any = load_encoder(None if name == EMBEDDED_MODEL else name, **loading)
    else:
        model = load_entailer(
            None if name == COMPACT_MODEL else name,
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


def _state(config: Mapping[str, Any], arrays: Mapping[str, Any], part: str) -> State:
    prefix = f"{part}."
    own = {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}
    return State(config[part]["kind"], config[part]["values"], own)


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PersistenceError(
            f"{path.parent} holds no saved classifier: no {path.name} ({error.strerror})"
        ) from None
    except (ValueError, RecursionError) as error:
        raise PersistenceError(f"{path} is damaged: {error}") from None
    version = config.get("format_version") if isinstance(config, dict) else None
    if not isinstance(version, int):
        raise PersistenceError(f"{path} is not the configuration of a saved classifier")
    if version < FORMAT_VERSION:
        raise PersistenceError(
            f"{path} was written by zstext {config.get('zstext_version')} in format {version}; "
            f"this is zstext {__version__}, which reads format {FORMAT_VERSION}: fit it again"
        )
    if version > FORMAT_VERSION:
        raise PersistenceError(
            f"{path} was written by zstext {config.get('zstext_version')} in format {version}; "
            f"this is zstext {__version__}, which reads up to format {FORMAT_VERSION}: upgrade it"
        )
    if config.pop("config_sha256", None) != _digest(config):
        raise PersistenceError(f"{path} is damaged or was edited: its hash is another; save again")
    return config


def _digest(config: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()


def _read_arrays(path: Path, config: dict[str, Any]) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != config.get("arrays_sha256"):
            raise PersistenceError(f"{path} is damaged: it is not what {CONFIG} says; save again")
        arrays: dict[str, Any] = load_arrays(data)
    except OSError as error:
        raise PersistenceError(f"{path} cannot be read ({error.strerror}); save again") from None
    except SafetensorError as error:
        raise PersistenceError(f"{path} is damaged: {error}; save again") from None
    return arrays
