"""What counts as nothing: None, NaN, and what pandas has for it."""

from __future__ import annotations

import sys
from typing import Any


def is_missing(value: Any) -> bool:
    """Return whether a cell holds nothing."""
    if value is None or (isinstance(value, float) and value != value):
        return True
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        return bool(value != value)
    pandas = sys.modules.get("pandas")  # its own kinds of nothing: only where it is in use
    return pandas is not None and (value is pandas.NA or value is pandas.NaT)
