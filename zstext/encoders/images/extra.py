"""The packages of `zstext[image]` may be missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from zstext.errors import MissingExtraError


def require(module: str, what: str) -> ModuleType:
    """Return a module of the extra.

    Parameters
    ----------
    module : str
        For example ``"PIL.Image"``.
    what : str
        What it is needed for: the beginning of the message.

    Raises
    ------
    MissingExtraError
        If it cannot be imported; the message names the extra.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{what} needs {module.partition('.')[0]}, which cannot be imported ({error}); "
            "pip install 'zstext[image]'"
        ) from error
