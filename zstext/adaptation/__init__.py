"""Adaptation: moving classes to where the user's own unlabelled documents lie. Arrays only."""

from zstext.adaptation.changes import Changes
from zstext.adaptation.fitted import Adaptation
from zstext.adaptation.support import Support
from zstext.adaptation.trust import Trust

__all__ = ["Adaptation", "Changes", "Support", "Trust"]
