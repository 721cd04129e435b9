"""Measured once: results as JSON files under benchmarks/cache, named by what decides them."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import zstext
from zstext.files import write_whole

FOLDER = Path(__file__).with_name("cache")
_NO_ANSWER = ("cli", "records")  # what decides no label and no score


def cached(
    name: str, key: dict[str, Any], measure: Callable[[], dict[str, Any]], *, fresh: bool = False
) -> dict[str, Any]:
    """Return what `measure` returned for the same key and the same code, or call it.

    Parameters
    ----------
    name : str
        Begins the file's name, for people.
    key : dict of str to JSON value
        Everything that decides the result besides the code of zstext and its libraries.
    measure : callable
    fresh : bool
        Measure again in any case.
    """
    whole = {**key, "code": code_digest(), "versions": _versions()}
    digest = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    path = FOLDER / f"{name}-{digest[:16]}.json"
    if not fresh and path.exists():
        result: dict[str, Any] = json.loads(path.read_bytes())["result"]
        return result
    result = measure()
    FOLDER.mkdir(exist_ok=True)
    write_whole(path, json.dumps({"key": whole, "result": result}, indent=1).encode())
    return result


@cache
def code_digest() -> str:
    """Return a hash of the code that decides an answer, its constants and data files included.

    Comments and layout do not count.
    """
    root = Path(zstext.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(f for f in root.rglob("*") if f.is_file()):
        place = file.relative_to(root)
        if place.parts[0] in _NO_ANSWER or "__pycache__" in place.parts:
            continue
        content = file.read_bytes()
        if file.suffix == ".py":
            content = ast.unparse(ast.parse(content)).encode()
        digest.update(f"{place.as_posix()} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    return {p: version(p) for p in ("torch", "transformers", "sentence-transformers")}
