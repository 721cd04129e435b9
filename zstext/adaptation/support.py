"""Whether documents support adapting, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 300
"""Distinct documents that are needed whatever the classes."""
PER_CLASS = 6
"""Distinct documents that are needed besides for every class."""
SPREAD = 0.25
"""How far labels must tell documents apart, in nats."""


@dataclass(frozen=True, slots=True)
class Support:
    """What is needed to adapt.

    Attributes
    ----------
    documents : int
        Different documents.
    classes : int
    spread : float
        How far labels tell documents apart before adapting (`Anchor.spread`), in nats.
    """

    documents: int
    classes: int
    spread: float

    @property
    def reason(self) -> str | None:
        """Why not to adapt, a sentence; None if nothing speaks against it."""
        if self.classes < 2:
            return "there is one label: nothing to tell apart"
        needed = FEWEST + PER_CLASS * self.classes
        if self.documents < needed:
            return (
                f"{self.documents:,} different documents for {self.classes} labels; adapting needs "
                f"{FEWEST}, and {PER_CLASS} more a label: {needed:,}"
            )
        if self.spread < SPREAD:
            return (
                f"the labels hardly tell these documents apart (spread {self.spread:.2f}, needed "
                f"{SPREAD:.2f}): groups of documents could not be matched with them"
            )
        return None
