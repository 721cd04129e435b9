"""Where a report goes: found and checked before the work that it is about."""

from __future__ import annotations

import os
from pathlib import Path

from zstext.errors import OutputError

ADAPTATION_PAGE = "adaptation.html"


def page_at(path: str | os.PathLike[str]) -> Path:
    """Return the page of an adaptation: a file, or one in a directory."""
    target = Path(path)
    return target / ADAPTATION_PAGE if target.is_dir() or not target.suffix else target


def check_place(folder: Path) -> None:
    """Make a folder if it is not there.

    Raises
    ------
    OutputError
        If it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"the report cannot be written to {folder}: {error}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"the report cannot be written to {folder}: permission denied")
