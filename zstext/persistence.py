"""Saved classifiers: a directory with `config.json` (what was decided) and `arrays.safetensors`.

No pickle, nothing executable. The configuration names its own hash, that of the arrays and the
fingerprint of the encoder, so that damage or another model is an error, not another answer.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from zstext import __version__
from zstext.classifier import ZeroShotClassifier
from zstext.errors import PersistenceError
from zstext.files import write_whole
from zstext.labels import LabelSpace

FORMAT_VERSION = 1
CONFIG = "config.json"
ARRAYS = "arrays.safetensors"


def save(classifier: ZeroShotClassifier, directory: Path) -> None:
    """Write a fitted classifier to `directory`, which is made if it is not there.

    The configuration is written last: a directory with one is complete.
    """
    scorer, labels = classifier.scorer_, classifier.labels_
    arrays = save_arrays({"class_embeddings": scorer.class_embeddings(labels)})
    config = {
        "format_version": FORMAT_VERSION,
        "zstext_version": __version__,
        "encoder": {"name": scorer.encoder.name, "fingerprint": scorer.encoder.fingerprint},
        "labels": [
            {"name": name, "descriptions": list(descriptions)}
            for name, descriptions in zip(labels.names, labels.descriptions, strict=True)
        ],
        "templates": [template.text for template in scorer.templates],
        "long": scorer.long,
        "known_categories": classifier.known_categories,
        "multi_label": classifier.multi_label,
        "threshold": classifier.threshold,
        "arrays_sha256": hashlib.sha256(arrays).hexdigest(),
    }
    config["config_sha256"] = _digest(config)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / CONFIG).unlink(missing_ok=True)
    write_whole(directory / ARRAYS, arrays)
    write_whole(directory / CONFIG, json.dumps(config, indent=2, ensure_ascii=False).encode())


def load(directory: Path) -> ZeroShotClassifier:
    """Read a classifier that `save` wrote; the encoder is loaded by its name.

    Raises
    ------
    PersistenceError
        If the directory is no saved classifier, is damaged, or was written by a newer version.
    ModelError
        If the encoder cannot be found or is not the one that was saved.
    """
    config = _read_config(directory / CONFIG)
    arrays = _read_arrays(directory / ARRAYS, config)
    try:
        labels = LabelSpace(
            tuple(entry["name"] for entry in config["labels"]),
            tuple(tuple(entry["descriptions"]) for entry in config["labels"]),
        )
        classifier = ZeroShotClassifier(
            labels,
            encoder=config["encoder"]["name"],
            templates=config["templates"],
            multi_label=config["multi_label"],
            threshold=config["threshold"],
            long=config["long"],
            known_categories=config["known_categories"],
        )
        classifier.check()
        S, fingerprint = arrays["class_embeddings"], config["encoder"]["fingerprint"]
        if len(S) != len(labels):
            raise ValueError(f"{len(labels)} labels, but {len(S)} class embeddings")
    except (KeyError, TypeError, ValueError) as error:
        raise PersistenceError(f"{directory / CONFIG} is damaged: {error!r}") from error
    return classifier.restore(S, fingerprint)


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
