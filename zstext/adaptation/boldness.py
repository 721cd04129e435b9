"""How boldly to adapt: two fits, and where between them the estimated class shares put us."""

from __future__ import annotations

import numpy as np

from zstext.adaptation.anchor import Anchor
from zstext.adaptation.mixture import ANCHOR, Mixture, Schedule, held
from zstext.calibration.probability import softmax
from zstext.protocols import FloatArray, IntArray

# Chosen on data/train; see docs/adaptation.md.
CAREFUL = Schedule(rounds=30, heated=0.8, first=0.05)
CAREFUL_SHARE = 0.5
"""Of each label's average score, what the careful fit takes off."""
BOLD = Schedule(rounds=20, heated=0.6, first=0.2)
BOLD_SHARE = 1.0
EVEN_FROM = 0.85
"""Evenness of the class shares below which only the careful fit counts."""


def balanced(X: FloatArray, P: FloatArray, y: IntArray) -> tuple[Anchor, Mixture]:
    """Fit carefully, and as far as the class shares then look even, boldly.

    A label's high average score is bias if classes are of equal size, and a large class if they are
    not. The careful fit leaves half of it and lets the features speak late, so that it finds
    skewed classes too. If it finds classes of equal size, little was at stake: the bold fit, which
    takes all of it off, is right there. Both are linear, and so is what lies between.

    Parameters
    ----------
    X : ndarray of shape (n_documents, n_features), float64
    P : ndarray of shape (n_documents, n_classes)
        Log-probabilities of zero-shot.
    y : ndarray of shape (n_documents,), int
        Classes of labelled rows, -1 for the others.
    """
    anchor = Anchor.of(P, CAREFUL_SHARE)
    debiased = anchor.apply(P)
    careful = Mixture.fit(X, debiased, y, CAREFUL)
    r = held(softmax(careful.evidence(X) + ANCHOR * debiased), y)
    bold = boldness(r.mean(axis=0))
    if bold == 0:
        return anchor, careful
    mixture = Mixture.fit(X, Anchor.of(P, BOLD_SHARE).apply(P), y, BOLD)
    between = CAREFUL_SHARE + bold * (BOLD_SHARE - CAREFUL_SHARE)
    return Anchor.of(P, between), careful.towards(mixture, bold)


def boldness(shares: FloatArray) -> float:
    """Return 0 for shares less even than `EVEN_FROM`, 1 for equal ones, in between linearly.

    Evenness is Pielou's: the entropy of the shares over that of equal ones.

    Parameters
    ----------
    shares : ndarray of shape (n_classes,)
        Two or more that sum to 1.

    References
    ----------
    Pielou, "The measurement of diversity in different types of biological collections", Journal of
    Theoretical Biology 1966.
    """
    kept = shares[shares > 0]
    evenness = -float((kept * np.log(kept)).sum()) / float(np.log(len(shares)))
    return float(np.clip((evenness - EVEN_FROM) / (1 - EVEN_FROM), 0.0, 1.0))
