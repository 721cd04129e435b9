"""A Gaussian for every class, one covariance for all: fitted by EM, held by the anchor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zstext.adaptation.classes import Classes
from zstext.adaptation.trust import Trust
from zstext.calibration.probability import softmax
from zstext.mapping.arrays import UNLABELLED
from zstext.protocols import FloatArray, IntArray

# Chosen on data/train, few documents and many, balanced and skewed; see docs/adaptation.md.
COMPONENTS = 256
FIRST = 0.2  # of the full weight of the evidence, in the first round
TRUST = Trust(evidence=0.6, shares=0.85)
TAU = 60.0  # documents of a class at which they count half
LABELLED = 3.0  # documents that a labelled one counts as


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Log-evidence of every class: ``s log pi_c + (x - m)'a_c + b_c``, linear in the features.

    Attributes
    ----------
    mean : ndarray of shape (n_features,)
        m, the mean of all documents.
    weights : ndarray of shape (n_features, n_classes)
        a_c.
    bias : ndarray of shape (n_classes,)
        ``s log pi_c + b_c``.
    """

    mean: FloatArray
    weights: FloatArray
    bias: FloatArray

    def evidence(self, X: FloatArray) -> FloatArray:
        """Return the log-evidence, shape (n_documents, n_classes), up to a term of the document."""
        return np.asarray((X - self.mean) @ self.weights + self.bias)

    @classmethod
    def fit(
        cls,
        X: FloatArray,
        anchor: FloatArray,
        y: IntArray,
        views: Sequence[int] = (),
        trust: Trust | None = None,
    ) -> Mixture:
        """Fit classes to documents, starting from the anchor and never leaving it.

        In `COMPONENTS` principal components, with responsibilities r_ic:

        1. ``N_c = sum_i r_ic``, ``pi_c = (N_c + 1) / (n + k)``, and
           ``mu_c = (sum_i r_ic x_i + kappa mu0_c) / (N_c + kappa)``, where mu0 are the means that
           the anchor alone gives: a class with few documents stays where its name put it.
        2. ``Sigma = sum_ic r_ic (x_i - mu_c)(x_i - mu_c)' / n``, shrunk to a multiple of the
           identity by ``2 p / (2 p + n)``.
        3. ``r_ic`` is proportional to ``p_ic pi_c^s N(x_i; mu_c, Sigma)^w``. s is the trust in
           shares. w grows over the first rounds (deterministic annealing: clusters far from the
           anchor cannot win early) to ``trust n / (n + tau k)``, as means of few documents are
           worth less. Labelled rows stay with their class, count as `LABELLED` documents, and
           lift the trust: with l of them to ``1 - (1 - trust) k / (k + l)``.
        4. At the end ``b_c`` is made good for new documents, to which the mean of few seems
           further than it is: by ``tr(Sigma^-1 Sigma_0) sum_i r_ic^2 / (N_c + kappa)^2 / 2``, where
           Sigma_0 is Sigma before it is shrunk.

        Parameters
        ----------
        X : ndarray of shape (n_documents, n_features), float64
        anchor : ndarray of shape (n_documents, n_classes)
            log p_ic.
        y : ndarray of shape (n_documents,), int
            Classes of labelled rows, -1 for the others.
        views : sequence of int
            Columns of each kind of features, which are scaled to vary alike; nothing for one kind.
        trust : Trust, optional
            What documents count beside the anchor, however many they are; `TRUST` by default.

        References
        ----------
        Fei et al., "Beyond prompting: making pre-trained language models better zero-shot learners
        by clustering representations", EMNLP 2022.
        Ueda and Nakano, "Deterministic annealing EM algorithm", Neural Networks 1998.
        Moran and Murphy, "A closer look at two alternative methods of statistical discrimination",
        Applied Statistics 1979 (step 4).
        """
        k, labelled = anchor.shape[1], y != UNLABELLED
        trust = (trust or TRUST).lifted(k / (k + labelled.sum()))
        counts = np.where(labelled, LABELLED, 1.0)
        n, m = counts.sum(), counts @ X / counts.sum()
        C = X - m
        scale = view_scales(C, counts, views)
        C *= scale
        V, variances = principal_components(C, counts, min(COMPONENTS, max(len(X) - 1, 1)))
        Y = C @ V
        r = held(softmax(anchor), y)
        mu0 = means(r, Y)
        final = trust.evidence * n / (n + TAU * k)
        for t in range(trust.rounds):
            w = final * min(1.0, FIRST + (1 - FIRST) * t / (trust.heated * trust.rounds))
            classes = Classes.of(r, Y, mu0, variances)
            A, b = w * classes.A, trust.shares * classes.log_pi + w * classes.b
            r = held(softmax(Y @ A + b + anchor), y)
        return cls(m, scale[:, None] * (V @ A), b + w * classes.nearer)


def view_scales(C: FloatArray, counts: FloatArray, views: Sequence[int]) -> FloatArray:
    """Return what columns are multiplied by, so that each view has a mean squared norm of 1.

    Parameters
    ----------
    C : ndarray of shape (n_documents, n_features)
        Centred.
    counts : ndarray of shape (n_documents,)
        What every document counts.
    views : sequence of int
    """
    widths = list(views) or [C.shape[1]]
    variances = np.einsum("i,ij,ij->j", counts, C, C) / counts.sum()
    spreads = np.array([part.sum() for part in np.split(variances, np.cumsum(widths)[:-1])])
    return np.repeat(1 / np.sqrt(np.where(spreads > 0, spreads, 1.0)), widths)


def principal_components(
    X: FloatArray, counts: FloatArray, p: int
) -> tuple[FloatArray, FloatArray]:
    """Return the p directions of largest variance, as columns, and the variances.

    Parameters
    ----------
    X : ndarray of shape (n_documents, n_features)
        Centred.
    counts : ndarray of shape (n_documents,)
        What every document counts.
    p : int
    """
    values, vectors = np.linalg.eigh((X.T * counts) @ X / counts.sum())
    return vectors[:, ::-1][:, :p], np.maximum(values[::-1][:p], 0.0)


def means(r: FloatArray, Y: FloatArray) -> FloatArray:
    """Return the mean of every class, shape (n_classes, p)."""
    return np.asarray((r.T @ Y) / np.maximum(r.sum(axis=0), np.finfo(np.float32).tiny)[:, None])


def held(r: FloatArray, y: IntArray) -> FloatArray:
    """Return responsibilities with those of labelled rows put to their class, counting more."""
    rows = np.flatnonzero(y != UNLABELLED)
    r[rows] = 0.0
    r[rows, y[rows]] = LABELLED
    return r
