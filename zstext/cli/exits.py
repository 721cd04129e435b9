"""How the command line ends: a message a person can act on, and an exit code a script can."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import typer

from zstext.errors import (
    InputError,
    LabelError,
    OptionError,
    OutputError,
    TemplateError,
    ZstextError,
    ZstextWarning,
)

FAILURE, MISUSE, INTERRUPTED = 1, 2, 130
_MISUSE = (LabelError, TemplateError, InputError, OptionError)


@contextmanager
def exit_codes(interrupted: Callable[[], str] = lambda: "interrupted") -> Iterator[None]:
    """Turn errors into a message on stderr and an exit code.

    Parameters
    ----------
    interrupted : callable
        Returns what to say after Ctrl-C.
    """
    try:
        yield
    except ZstextError as error:
        say(f"error: {error}")
        if isinstance(error, OutputError):
            _let_go_of_stdout()
        raise typer.Exit(MISUSE if isinstance(error, _MISUSE) else FAILURE) from None
    except OSError as error:  # stdout, or the files of a model
        say(f"error: {error}")
        _let_go_of_stdout()
        raise typer.Exit(FAILURE) from None
    except MemoryError:
        say("error: out of memory; try a smaller --batch-size")
        raise typer.Exit(FAILURE) from None
    except KeyboardInterrupt:
        say(interrupted())
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def warnings_said(*, quiet: bool) -> Iterator[None]:
    """Say on stderr what zstext warned of when all is done, unless quiet; show other warnings."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(
            record=True, category=ZstextWarning, action="always"
        ) as caught:
            yield
    finally:
        for warning in caught:
            if not issubclass(warning.category, ZstextWarning):
                where = warning.filename, warning.lineno
                warnings.showwarning(warning.message, warning.category, *where)
            elif not quiet:
                say(str(warning.message))


def say(message: str) -> None:
    """Print a line on stderr. If nobody listens there any more, that is no error."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"zstext: {message}\n")
        sys.stderr.flush()


def _let_go_of_stdout() -> None:
    """Keep Python from flushing, at exit, what the reader of a closed pipe does not want."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
