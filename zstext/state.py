"""What a fitted mapping or calibrator is on disk: a name, a JSON object and arrays. No pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from zstext.errors import PersistenceError


@dataclass(frozen=True, slots=True)
class State:
    """A fitted object, ready to be written as JSON and safetensors.

    Attributes
    ----------
    kind : str
        Class name of the object.
    values : dict of str to JSON value
    arrays : dict of str to ndarray
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    def expect(self, kind: str) -> None:
        """Raise PersistenceError unless this is the state of a `kind`."""
        if self.kind != kind:
            raise PersistenceError(f"expected the state of a {kind}, got that of a {self.kind!r}")
