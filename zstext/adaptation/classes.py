"""Where classes lie and how wide they are, given which documents are theirs: the M step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zstext.protocols import FloatArray

# Chosen on data/train; see docs/adaptation.md.
KAPPA = 2.0  # documents of a class that its mean by the anchor counts as
SHRINK = 2.0  # the identity counts in the covariance like so many documents a component
PSEUDO_COUNT = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """What the M step finds.

    Attributes
    ----------
    log_pi : ndarray of shape (n_classes,)
    A : ndarray of shape (p, n_classes)
        ``Sigma^-1 mu``.
    b : ndarray of shape (n_classes,)
        ``-mu' Sigma^-1 mu / 2``.
    nearer : ndarray of shape (n_classes,)
        What is added to b for documents that the means were not made of.
    """

    log_pi: FloatArray
    A: FloatArray
    b: FloatArray
    nearer: FloatArray

    @classmethod
    def of(cls, r: FloatArray, Y: FloatArray, mu0: FloatArray, variances: FloatArray) -> Classes:
        """Return the classes that the responsibilities make.

        Parameters
        ----------
        r : ndarray of shape (n_documents, n_classes)
            Rows sum to what a document counts.
        Y : ndarray of shape (n_documents, p)
            Centred and uncorrelated.
        mu0 : ndarray of shape (n_classes, p)
        variances : ndarray of shape (p,)
            Of the columns of `Y`.
        """
        k, p = mu0.shape
        N, sums = r.sum(axis=0), r.T @ Y
        n = N.sum()
        mu = (sums + KAPPA * mu0) / (N + KAPPA)[:, None]
        cross = mu.T @ sums / n
        within = np.diag(variances) - cross - cross.T + (mu.T * (N / n)) @ mu
        shrinkage = SHRINK * p / (SHRINK * p + n)
        scale = max(float(np.trace(within)) / p, np.finfo(np.float32).tiny)
        sigma = (1 - shrinkage) * within + shrinkage * scale * np.eye(p)
        solved = np.linalg.solve(sigma, np.hstack([mu.T, within]))
        A, spread = solved[:, :k], float(np.trace(solved[:, k:]))
        log_pi = np.log((N + PSEUDO_COUNT) / (n + k * PSEUDO_COUNT))
        b = -0.5 * (mu.T * A).sum(axis=0)
        return cls(log_pi, A, b, 0.5 * spread * (r**2).sum(axis=0) / (N + KAPPA) ** 2)
