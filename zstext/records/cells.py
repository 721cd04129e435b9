"""Values as text: what a cell of a table says."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """Return `text` with U+FFFD for every lone surrogate, so that it can be encoded."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def cell_text(value: Any) -> str:
    """Return `value` as one cell of text.

    None is empty, text stays, numbers, lists and objects become JSON, times ISO 8601, bytes base64.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    plain = _plain(value)
    return plain if isinstance(plain, str) else json_text(plain)


def json_text(value: Any) -> str:
    """Return `value` as JSON text, characters beyond ASCII as they are."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | dt.timedelta):
        return str(value)
    return value if isinstance(value, bool | int | float | list | tuple | dict) else str(value)
