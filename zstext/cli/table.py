"""The table on the terminal, printed as the rows come."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from zstext.errors import OutputError
from zstext.predictions import Prediction, Reason
from zstext.records.journal import Progress
from zstext.records.rows import Pair

_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNS_THE_LINE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WIDEST_LABEL, _SCORE_WIDTH = 32, 5
_WIDEST_REASON = max(map(len, Reason)) + len("()")


class TableSink:
    """Prints results as a table, chunk by chunk, with the same column widths throughout.

    Parameters
    ----------
    names : iterable of str
        The labels that can come: they decide how wide their column is.
    console : Console, optional
    """

    def __init__(self, names: Iterable[str], console: Console | None = None) -> None:
        self._console = console or Console()
        widest = max(_WIDEST_REASON, *(cell_len(printable(name)) for name in names))
        self._label_width = min(widest, _WIDEST_LABEL)
        self._first = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def begin(self) -> Progress:
        """Nothing was printed before."""
        return Progress()

    def write(self, rows: Sequence[Pair], progress: Progress) -> None:
        """Print the rows, under a header if they are the first."""
        table = Table(box=None, show_header=self._first, header_style="bold", pad_edge=False)
        table.add_column("label", width=self._label_width, no_wrap=True, overflow="ellipsis")
        table.add_column("score", width=_SCORE_WIDTH, justify="right", no_wrap=True)
        table.add_column("text", ratio=1, no_wrap=True, overflow="ellipsis")
        table.expand = True
        for record, prediction in rows:
            text = Text(printable(record.text or ""))
            table.add_row(_label(prediction), _score(prediction), text)
        try:
            with self._console.capture() as printed:
                self._console.print(table)
            # Not left to rich, which ends the process in silence if the reader is gone.
            self._console.file.write(printed.get())
            self._console.file.flush()
        except OSError as error:
            raise OutputError(f"cannot print the table: {error.strerror or error}") from error
        self._first = False

    def finish(self, progress: Progress) -> None:
        """Do nothing: everything is printed."""


def printable(text: str) -> str:
    """Return `text` on one line, without what could move the cursor, turn the line or colour it."""
    joined = " ".join(text.split())
    return "".join(
        "�" if c in _TURNS_THE_LINE or unicodedata.category(c) in _UNPRINTABLE else c
        for c in joined[:1000]
    )


def _label(prediction: Prediction) -> Text:
    if prediction.label is None:
        return Text(printable(f"({prediction.reason})"), style="dim")
    return Text(printable(prediction.label))


def _score(prediction: Prediction) -> str:
    return "" if prediction.score is None else f"{prediction.score:.2f}"
