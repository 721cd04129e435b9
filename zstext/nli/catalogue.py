"""Which models are on this machine: the embedded one, and what the hub cache holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from zstext.encoders.embedded import NAME, embedded_model_dir
from zstext.errors import ModelError
from zstext.nli import compact
from zstext.nli.columns import find_columns


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that `--model` takes.

    Attributes
    ----------
    name : str
    kind : str
        "encoder" or "entailment".
    state : str
        "embedded", "cached", or what is wrong with it.
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
    """Return the embedded models, and encoders and entailment models in the hub cache."""
    return [_embedded(), _compact(), *_cached()]


def _embedded() -> ModelEntry:
    try:
        directory = embedded_model_dir()
    except ModelError as error:
        return ModelEntry(NAME, "encoder", f"not usable: {error}", 0.0, "")
    return ModelEntry(NAME, "encoder", "embedded", _megabytes(directory), str(directory))


def _compact() -> ModelEntry:
    try:
        compact.read_weights()
    except ModelError as error:
        return ModelEntry(compact.NAME, "entailment", f"not usable: {error}", 0.0, "")
    directory = compact.directory()
    size = _megabytes(directory)
    return ModelEntry(compact.NAME, "entailment", "embedded", size, str(directory))


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
    """Return what a model in the cache is good for; nothing if neither."""
    if (directory / "modules.json").is_file():
        return "encoder"
    try:
        config = json.loads((directory / "config.json").read_bytes())
        names = {int(i): str(label) for i, label in config["id2label"].items()}
        find_columns(names, name="")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ModelError):
        return ""
    return "entailment"


def _megabytes(directory: Path) -> float:
    return sum(f.stat().st_size for f in directory.rglob("*.safetensors")) / 1e6
