"""From what the user calls a model to a directory of files that are safe to load."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from zstext.encoders import own
from zstext.encoders.minilm import NAME as MINILM
from zstext.encoders.minilm import minilm_dir, sha256_of
from zstext.errors import ModelError, OptionError, did_you_mean
from zstext.hub import hub_answers

DEFAULT = own.NAME
ENTAILMENT_MODEL = "zstext-nli"
"""What `nli` has by this name is no encoder."""

_EMBEDDED: dict[str, Callable[[], Path]] = {
    own.NAME: lambda: own.directory(),
    MINILM: minilm_dir,
}
_UNSAFE_WEIGHTS = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle")
_NOT_NEEDED = (
    *_UNSAFE_WEIGHTS,
    "*.onnx",
    "*.h5",
    "*.msgpack",
    "*.ot",
    "*.gguf",
    "openvino/*",
    "onnx/*",
)
_FINGERPRINTED = ("*.safetensors", "*.json", "*.txt", "*.model")


def model_dir(model: str | os.PathLike[str] | None) -> Path:
    """Return the directory that holds `model`, downloading it only if it is not on this machine.

    Parameters
    ----------
    model : str, path or None
        None or ``"zstext-encoder"`` is our own, ``"all-MiniLM-L6-v2"`` the one that it was made
        from, which comes with zstext as well; a directory is used as it is; anything else is a
        Hugging Face hub id, of which no pickled weights are fetched.

    Raises
    ------
    ModelError
        If the model is not here and cannot be fetched, or its weights are not in safetensors.
    OptionError
        If it is our entailment model.
    """
    check_encodes(model)
    if model is None or str(model) in _EMBEDDED:
        return _EMBEDDED[name_of(model)]()
    path = Path(model).expanduser()
    if not path.is_dir():
        if path.exists() or path.is_absolute() or str(model).startswith("."):
            raise ModelError(f"{model} is not a model directory")
        path = _snapshot(str(model))
    _check_safe(path)
    return path


def check_encodes(model: object) -> None:
    """Raise `OptionError` for the name of our entailment model, where an encoder is wanted."""
    if str(model) == ENTAILMENT_MODEL:
        raise OptionError(
            f"{ENTAILMENT_MODEL} is an entailment model and no encoder: the backends nli, cascade "
            "and auto ask it without being told to"
        )


def name_of(model: str | os.PathLike[str] | None) -> str:
    """Return what to load `model` by, wherever the working directory will be then."""
    if model is None or str(model) in _EMBEDDED:
        return DEFAULT if model is None else str(model)
    path = Path(model).expanduser()
    return str(path.absolute()) if path.is_dir() else str(model)


def fingerprint(directory: Path) -> str:
    """Return a hash of the weights and configuration in a model directory."""
    digest = hashlib.sha256()
    files = {f for pattern in _FINGERPRINTED for f in directory.rglob(pattern)}
    for file in sorted(files):
        digest.update(f"{file.relative_to(directory).as_posix()} {sha256_of(file)}\n".encode())
    return digest.hexdigest()


def _check_safe(directory: Path) -> None:
    """Refuse pickled weights: every folder that has some must have safetensors as well."""
    for pattern in _UNSAFE_WEIGHTS:
        for file in directory.rglob(pattern):
            if not any(file.parent.glob("*.safetensors")):
                raise ModelError(
                    f"{file} is not in safetensors, and pickled weights are never loaded; "
                    "convert the model to safetensors or choose another one"
                )
    if not any(directory.rglob("*.safetensors")):
        raise ModelError(f"{directory} holds no model: no .safetensors file in it")


def _snapshot(model_id: str) -> Path:
    """Return the snapshot of a hub model: from the cache if it is there, else downloaded."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        path = Path(snapshot_download(model_id, local_files_only=True))
        if any(path.rglob("*.safetensors")):  # else the download broke off
            return path
    except HFValidationError as error:
        raise ModelError(f"{model_id!r} is neither a directory nor a hub id: {error}") from None
    except LocalEntryNotFoundError:
        pass
    if not hub_answers():
        raise ModelError(
            f"{model_id!r} is not on this machine and the model hub cannot be reached"
            f"{did_you_mean(model_id, (*_EMBEDDED, ENTAILMENT_MODEL))}; connect once to download "
            "it, give a model directory, or name none for the one that comes with zstext "
            "(`zstext models` lists what runs offline)"
        )
    try:
        return Path(snapshot_download(model_id, ignore_patterns=list(_NOT_NEEDED)))
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(f"{model_id!r} could not be downloaded: {error}") from error
