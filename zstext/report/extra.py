"""The packages of `zstext[report]` may be missing."""

from __future__ import annotations

from importlib import import_module

from zstext.errors import MissingExtraError


def require_matplotlib() -> None:
    """Raise MissingExtraError, which names the extra, if there is no matplotlib."""
    try:
        import_module("matplotlib")
    except ImportError as error:
        raise MissingExtraError(
            f"the report draws its pictures with matplotlib, which cannot be imported ({error}); "
            "pip install 'zstext[report]'"
        ) from error
