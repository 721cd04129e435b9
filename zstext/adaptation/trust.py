"""How far to believe what unlabelled documents say."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from zstext.errors import OptionError


@dataclass(frozen=True, slots=True)
class Trust:
    """What the documents count beside the anchor, which counts 1.

    Class shares that EM learns run away where a name draws documents that are not its own: the
    more it has, the more it gets. So their logarithm counts less than in full.

    Attributes
    ----------
    evidence : float, >= 0
        Exponent of the density of a document in a class.
    shares : float, >= 0
        Exponent of the share of the class.

    Raises
    ------
    OptionError
        If one is negative or not finite.
    """

    evidence: float
    shares: float

    def __post_init__(self) -> None:
        for name in ("evidence", "shares"):
            if not 0 <= getattr(self, name) < inf:
                raise OptionError(
                    f"trust in {name} must be a number from 0 up, got {getattr(self, name)}"
                )

    def lifted(self, left: float) -> Trust:
        """Return the trust with so much of the doubt in the evidence left, 0..1."""
        return Trust(1 - (1 - self.evidence) * left, self.shares)
