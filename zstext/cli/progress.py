"""What a person sees on stderr while something lasts; nothing if stderr is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn


class Progress:
    """A spinner with a message, then a count of rows and the pace.

    Parameters
    ----------
    show : bool
        False shows nothing at all.
    rows : bool
        Count rows. Without it the display ends with the first rows, which go to the terminal.
    """

    def __init__(self, *, show: bool, rows: bool) -> None:
        console = Console(stderr=True)
        self._rows = rows
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not (show and console.is_terminal),
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def status(self, message: str) -> None:
        """Show what is going on."""
        self._bar.update(self._task, description=message)
        self._bar.start()

    def advance(self, rows: int) -> None:
        """Show that `rows` rows are done so far."""
        if self._rows:
            elapsed = self._bar.tasks[0].elapsed or 1e-9
            self._bar.update(self._task, description=f"{rows:,} rows, {rows / elapsed:,.0f} rows/s")
