"""One document, and what its file said beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """A document as it was read. Every input row is one record, in input order.

    Attributes
    ----------
    id : int or str
        The value of the id column, or else the number of the row.
    text : str or None
        The document; a lone surrogate of a JSON escape is left in it.
    reason : str or None
        A `Reason`, perhaps with ": detail" behind it, if the row cannot be used. `text` then shows
        what was there, as far as that can be shown.
    columns : dict of str to object
        The cells of the input row by column name; empty for plain text.
    item : object
        What is classified, if that is not the text: a path or the bytes of an image.
    """

    id: int | str
    text: str | None
    reason: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    item: Any = None

    @property
    def document(self) -> Any:
        """What is classified: the item if there is one, or else the text."""
        return self.text if self.item is None else self.item
