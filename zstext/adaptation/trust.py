"""How far to believe what unlabelled documents say."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    rounds : int, >= 1
        How often classes and documents are matched: with each, classes move further from where
        the anchor put them.
    heated : float, > 0
        Share of the rounds in which the evidence grows to its full weight. Both are by default
        what suits an encoder's own scores.

    Raises
    ------
    OptionError
        If one is less than that, or not finite.
    """

    evidence: float
    shares: float
    rounds: int = 17
    heated: float = 0.8

    def __post_init__(self) -> None:
        for name in ("evidence", "shares"):
            if not 0 <= getattr(self, name) < inf:
                raise OptionError(
                    f"trust in {name} must be a number from 0 up, got {getattr(self, name)}"
                )
        if self.rounds < 1 or not 0 < self.heated < inf:
            raise OptionError(
                f"trust needs a round or more and a share of them above 0, got {self.rounds} and "
                f"{self.heated}"
            )

    def lifted(self, left: float) -> Trust:
        """Return the trust with so much of the doubt in the evidence left, 0..1."""
        return replace(self, evidence=1 - (1 - self.evidence) * left)
