"""What a person sees on stderr while something lasts; nothing if stderr is no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeAlias

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from zstext.predictions import Prediction
from zstext.records import Record, Sink
from zstext.records.journal import Progress as Done

Pairs: TypeAlias = Sequence[tuple[Record, Prediction]]


class Progress:
    """A spinner with a message, then a count of rows and the pace.

    Parameters
    ----------
    show : bool
        False shows nothing at all.
    rows : bool
        Count rows. Without it the display must end with the first rows, which may go to the same
        terminal: see `EndsWithRows`.
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
        self.stop()

    def stop(self) -> None:
        """End the display and wipe it away."""
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


class EndsWithRows:
    """A sink whose first rows end a display: on a terminal the two would be mixed up."""

    def __init__(self, sink: Sink, display: Progress) -> None:
        self._sink = sink
        self._display = display

    def __enter__(self) -> Self:
        self._sink.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sink.__exit__(kind, error, trace)

    def begin(self) -> Done:
        """Let the sink make ready."""
        return self._sink.begin()

    def write(self, rows: Pairs, progress: Done) -> None:
        """Let the sink write, with the display gone."""
        self._display.stop()
        self._sink.write(rows, progress)

    def finish(self, progress: Done) -> None:
        """Let the sink finish."""
        self._sink.finish(progress)
