"""The folder of a saved classifier: `config.json` (what was decided) beside a file of arrays.

The arrays have a name of their own for every content, and the configuration, which names them by
their hash, is replaced in one step: whatever breaks a write off, what was there before still loads.
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

from zstext.errors import OptionError, PersistenceError
from zstext.files import write_whole
from zstext.version import __version__

FORMAT_VERSION = 4
CONFIG = "config.json"
_ARRAYS_BEFORE_3 = "arrays.safetensors"
_READ = (2, FORMAT_VERSION)


def check_target(directory: Path) -> None:
    """Raise `OptionError` for a place to save to that is no folder, or the folder of another model.

    The models of other libraries are folders with a `config.json` too.
    """
    there = next((path for path in (directory, *directory.parents) if path.exists()), directory)
    if there.exists() and not there.is_dir():
        raise OptionError(f"{there} is a file: name a folder to save to")
    if (directory / CONFIG).exists() and _written_before(directory) is None:
        raise OptionError(
            f"{directory} holds a {CONFIG} that is not one of a saved classifier, such as that of "
            "a model: name another folder, for nothing of it is overwritten"
        )


def is_saved(directory: Path) -> bool:
    """Return whether there is a saved classifier, damaged or not, in a directory."""
    arrays = (directory / _ARRAYS_BEFORE_3, *directory.glob(_arrays_name("*")))
    return (directory / CONFIG).is_file() and any(path.is_file() for path in arrays)


def write(directory: Path, config: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Write a saved classifier to a directory, which is made if it is not there.

    Parameters
    ----------
    directory : Path
        If it holds another saved classifier, that is replaced.
    config : mapping of str to JSON value
    arrays : mapping of str to ndarray

    Raises
    ------
    OptionError
        See `check_target`.
    OSError
        As the operating system says; a classifier that was there before is what it was.
    """
    check_target(directory)
    before = _written_before(directory)
    data = save_arrays({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    whole: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "zstext_version": __version__,
        **config,
        "arrays_sha256": hashlib.sha256(data).hexdigest(),
    }
    whole["config_sha256"] = _digest(whole)
    path = _arrays_path(directory, whole)
    old = None if before is None else _arrays_path(directory, before)
    directory.mkdir(parents=True, exist_ok=True)
    try:
        write_whole(path, data)
        write_whole(directory / CONFIG, json.dumps(whole, indent=2, ensure_ascii=False).encode())
    except BaseException:
        if path != old:
            path.unlink(missing_ok=True)
        raise
    if old is not None and path != old:
        old.unlink(missing_ok=True)


def read_config(directory: Path) -> dict[str, Any]:
    """Return the configuration of a saved classifier.

    Raises
    ------
    PersistenceError
        If there is none, or it is damaged or of a format that is not read.
    """
    path = directory / CONFIG
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PersistenceError(
            f"{directory} holds no saved classifier: no {CONFIG} ({error.strerror})"
        ) from None
    except (ValueError, RecursionError) as error:
        raise PersistenceError(f"{path} is damaged: {error}") from None
    version = config.get("format_version") if isinstance(config, dict) else None
    if not isinstance(version, int):
        raise PersistenceError(f"{path} is not the configuration of a saved classifier")
    written = f"{path} was written by zstext {config.get('zstext_version')} in format {version}"
    if version < min(_READ):
        raise PersistenceError(
            f"{written}; this is zstext {__version__}, which reads formats from {min(_READ)} on: "
            "fit it again"
        )
    if version > max(_READ):
        raise PersistenceError(
            f"{written}; this is zstext {__version__}, which reads up to format {max(_READ)}: "
            "upgrade it"
        )
    if config.pop("config_sha256", None) != _digest(config):
        raise PersistenceError(f"{path} is damaged or was edited: its hash is another; save again")
    return config


def read_arrays(directory: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arrays that a configuration names.

    Raises
    ------
    PersistenceError
        If they are not there or damaged.
    """
    path = _arrays_path(directory, config)
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


def _written_before(directory: Path) -> dict[str, Any] | None:
    """Return the configuration in a directory, of any format, if it is one of ours."""
    try:
        config = json.loads((directory / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(config, dict) or "zstext_version" not in config:
        return None
    return config if isinstance(config.get("format_version"), int) else None


def _arrays_path(directory: Path, config: Mapping[str, Any]) -> Path:
    if config["format_version"] < 3:
        return directory / _ARRAYS_BEFORE_3
    return directory / _arrays_name(str(config.get("arrays_sha256"))[:16])


def _arrays_name(content: str) -> str:
    return f"arrays-{content}.safetensors"


def _digest(config: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
