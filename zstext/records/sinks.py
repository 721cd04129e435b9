"""Where output rows go: a file that appears whole or not at all, or a stream."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

from zstext.errors import OptionError, OutputError
from zstext.records.journal import PartFile, Progress, check_unfinished
from zstext.records.rows import Pair
from zstext.records.writers import Writer


class Sink(Protocol):
    """Takes the rows of a run. Used as a context; leaving it keeps what was written."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def begin(self) -> Progress:
        """Make ready and return how far an unfinished run has come."""

    def write(self, rows: Sequence[Pair], progress: Progress) -> None:
        """Write some rows; `progress` is how far the run has come with them."""

    def finish(self, progress: Progress) -> None:
        """All rows are written."""


class FileSink:
    """Writes a file through `FILE.part`, so that the run can be resumed after any interruption.

    Parameters
    ----------
    path : str or Path
        A regular file, there or not; it is overwritten when the run is complete, in one step.
    writer : Writer
    fingerprint : mapping of str to JSON value
        Everything besides the documents and the writer that decides the output: labels, templates,
        model, options. A run can only be resumed with the same.
    resume : bool
        Go on with an unfinished run, if there is one.

    Raises
    ------
    InputError, OptionError, OutputError
        See `check_output` and `PartFile.open`.
    """

    def __init__(
        self,
        path: str | Path,
        writer: Writer,
        *,
        fingerprint: Mapping[str, Any] | None = None,
        resume: bool = False,
    ) -> None:
        check_output(path, resume=resume)
        self._path = Path(os.path.realpath(path))
        self._writer = writer
        self._resume = resume
        self._part = PartFile(self._path, {**(fingerprint or {}), **writer.settings})
        self._rows = 0
        self._worth_keeping = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._worth_keeping:
            self._part.discard()
        self._part.close()

    def begin(self) -> Progress:
        """Open the part file and return how far the unfinished run in it has come."""
        with self._explained():
            progress = self._part.open(resume=self._resume)
            self._rows = progress.rows
            if not progress.rows and not progress.complete:
                self._worth_keeping = False
                self._part.append(self._writer.header())
            return progress

    def write(self, rows: Sequence[Pair], progress: Progress) -> None:
        """Append the rows; when this returns they are on the disk and count."""
        with self._explained():
            self._part.append(self._writer.encode(rows))
            self._worth_keeping = True
            self._part.commit(progress)
            self._rows = progress.rows

    def finish(self, progress: Progress) -> None:
        """Put the output in place. Also ends a run that was killed while doing so."""
        with self._explained():
            if self._part.part.exists():
                self._worth_keeping = True
                self._part.commit(progress)
                self._writer.finish(self._part.part, self._path)
            self._part.forget()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OutputError:
            raise
        except OSError as error:
            kept = (
                f"{self._rows} rows are kept: put that right and go on with --resume"
                if self._rows
                else "no rows were written yet"
            )
            raise OutputError(
                f"cannot write {self._path}: {error.strerror or error}; {kept}"
            ) from error


class StreamSink:
    """Writes to a binary stream, flushed after every chunk. Nothing can be resumed.

    Parameters
    ----------
    stream : binary file
        Stays open.
    writer : Writer
    name : str
        Names the stream in errors.

    Raises
    ------
    OptionError
        If the writer's format cannot go down a stream.
    """

    def __init__(self, stream: IO[bytes], writer: Writer, *, name: str = "the output") -> None:
        if not writer.streams:
            raise OptionError(
                f"{writer.settings['format']} cannot go down a stream; name a file with --output"
            )
        self._stream = stream
        self._writer = writer
        self._name = name
        self._rows = 0

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
        """Write the header."""
        self._write(self._writer.header())
        return Progress()

    def write(self, rows: Sequence[Pair], progress: Progress) -> None:
        """Write and flush the rows."""
        self._write(self._writer.encode(rows))
        self._rows = progress.rows

    def finish(self, progress: Progress) -> None:
        """Do nothing: everything is flushed."""

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:  # an unbuffered stream may take less than it is given
                view = view[self._stream.write(view) :]
            self._stream.flush()
        except BrokenPipeError as error:
            raise OutputError(
                f"the reader of {self._name} closed the pipe before all rows were written"
            ) from error
        except OSError as error:
            raise OutputError(
                f"cannot write {self._name}: {error.strerror or error}; "
                f"{self._rows} rows were written"
            ) from error


def check_output(path: str | Path, *, resume: bool = False) -> None:
    """Raise if a run that writes `path` could not end well. Call it before any work.

    Raises
    ------
    OutputError
        If `path` is a folder or no regular file, or its folder is missing or cannot be written to.
    InputError
        If an unfinished run is there and `resume` is false.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputError(f"the output {str(path)!r} is a folder; name a file in it")
    if target.exists() and not target.is_file():
        raise OutputError(
            f"the output {str(path)!r} is no regular file; leave --output out for stdout"
        )
    if not target.parent.is_dir():
        raise OutputError(f"the folder {str(target.parent)!r} does not exist; make it first")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write to the folder {str(target.parent)!r}: permission denied")
    check_unfinished(target, resume=resume)
