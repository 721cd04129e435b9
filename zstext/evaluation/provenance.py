"""Where a number comes from: what is needed to get it again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from zstext.labels import LabelsLike, LabelSpace
from zstext.state import State
from zstext.version import __version__

PACKAGES = (
    "numpy",
    "scikit-learn",
    "scipy",
    "torch",
    "transformers",
    "sentence-transformers",
)


def provenance(
    *,
    models: Mapping[str, tuple[str, str]],
    labels: LabelsLike,
    settings: Mapping[str, Any] | None = None,
    calibrator: State | None = None,
    data_sha256: str | None = None,
    date: datetime | None = None,
) -> dict[str, Any]:
    """Return where an evaluation comes from, ready for JSON.

    Parameters
    ----------
    models : mapping of str to (str, str)
        For every role ("encoder", "entailer"), name of the model and hash of its weights.
    labels : LabelSpace or what makes one
        Their number and a hash of names and descriptions in order.
    settings : mapping, optional
        Of the scorer: templates and the like; JSON values.
    calibrator : State or None
        Of the fitted calibrator; its arrays are given by shape. None if nothing was fitted.
    data_sha256 : str, optional
        Hash of the test data.
    date : datetime, optional
        Now by default.
    """
    space = LabelSpace.of(labels)
    content = json.dumps([space.names, space.descriptions], ensure_ascii=False)
    return {
        "models": {
            role: {"name": name, "fingerprint": digest} for role, (name, digest) in models.items()
        },
        "labels": {
            "count": len(space),
            "sha256": hashlib.sha256(content.encode()).hexdigest(),
        },
        "settings": dict(settings or {}),
        "calibrator": None if calibrator is None else _calibrator(calibrator),
        "data_sha256": data_sha256,
        "zstext": __version__,
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": platform.platform(),
        "date": (date or datetime.now(UTC)).isoformat(timespec="seconds"),
    }


def _calibrator(state: State) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": state.kind, **state.values}
    if state.arrays:
        out["arrays"] = {name: list(array.shape) for name, array in state.arrays.items()}
    return out


def _version(package: str) -> str | None:
    """Return the installed version; None for what is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
