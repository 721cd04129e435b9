"""Everything zstext raises on purpose.

    ZstextError
    ├── LabelError        (ValueError)   the category names cannot be used
    ├── TemplateError     (ValueError)   a hypothesis template without exactly one {}
    ├── InputError        (ValueError)   the documents cannot be read, or are not what was said
    ├── OptionError       (ValueError)   options that contradict each other
    ├── ModelError        (ValueError)   a model that cannot be found, loaded or trusted
    ├── PersistenceError  (ValueError)   a saved classifier that is damaged or too new
    ├── MissingExtraError (ImportError)  an extra, such as zstext[report], is not installed
    └── OutputError       (OSError)      results that cannot be written

What it warns of is a ZstextWarning (UserWarning).

The command line turns misuse (label, template, input, option) into exit code 2 and the rest into 1.
A message says what was got, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ZstextError(Exception):
    """Root of every error that zstext raises on purpose."""


class LabelError(ZstextError, ValueError):
    """The category names or descriptions cannot be used."""


class TemplateError(ZstextError, ValueError):
    """A hypothesis template that does not have exactly one `{}`."""


class InputError(ZstextError, ValueError):
    """Documents that cannot be read, or that are not what the caller said they are."""


class OptionError(ZstextError, ValueError):
    """Options that are out of range or contradict each other."""


class ModelError(ZstextError, ValueError):
    """A model that cannot be found, loaded or trusted."""


class MissingExtraError(ZstextError, ImportError):
    """A package of an extra that is not installed; the message names the extra."""


class PersistenceError(ZstextError, ValueError):
    """A saved classifier that is damaged, incomplete or written by a newer version."""


class OutputError(ZstextError, OSError):
    """Results that cannot be written."""


class ZstextWarning(UserWarning):
    """What a user should know and no error is."""


def did_you_mean(got: str, valid: Iterable[str]) -> str:
    """Return " (did you mean 'x'?)" for the valid name nearest to `got`, or an empty string.

    Parameters
    ----------
    got : str
        What the user wrote.
    valid : iterable of str
        What would have been accepted.
    """
    near = get_close_matches(got.lower(), (folded := {v.lower(): v for v in valid}), n=1)
    return f" (did you mean {folded[near[0]]!r}?)" if near else ""
