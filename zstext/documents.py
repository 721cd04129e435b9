"""Documents as users hand them over: what can be classified, and what cannot and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from zstext.errors import InputError
from zstext.missing import is_missing
from zstext.predictions import Reason

T = TypeVar("T")

CHUNK = 1024
"""Documents that are encoded together. Within a chunk equal documents are encoded once."""


def unusable(text: Any) -> Reason | None:
    """Return why a document cannot be classified, or None if it can.

    A document of blanks, control characters and the like alone has nothing to go by: it is empty.
    """
    if isinstance(text, str):
        return None if any(c.isprintable() and c != " " for c in text) else Reason.EMPTY
    return Reason.MISSING if is_missing(text) else Reason.NOT_TEXT


def as_documents(texts: Iterable[Any]) -> list[Any]:
    """Return documents as a list.

    Raises
    ------
    InputError
        If `texts` is one string, is not iterable, or has more than one dimension.
    """
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise InputError(
            f"documents must be a list of texts, got {texts!r:.80}; write [text] for one"
        )
    check_column(texts)
    return list(texts)


def check_column(texts: Any) -> None:
    """Raise `InputError` if `texts` is a table, or an array of other than one dimension."""
    if (dimensions := getattr(texts, "ndim", 1)) != 1:
        raise InputError(
            f"documents must be a one-dimensional sequence of texts, got {dimensions} dimensions; "
            "choose the column that holds the text"
        )


def chunks(documents: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the documents `CHUNK` at a time."""
    for start in range(0, len(documents), CHUNK):
        yield documents[start : start + CHUNK]
