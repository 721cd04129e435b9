"""Published ways to use unlabelled documents, from their papers, and our first prototype.

Each takes features X (n, d) and zero-shot log-probabilities P (n, k), and returns scores (n, k) of
those very rows: all of them are transductive.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.special import digamma, log_softmax, softmax

Array = NDArray[np.floating[Any]]

_ROUNDS = 25


def components(X: Array, p: int) -> Array:
    """Return the centred rows in their p principal components."""
    centred = X - X.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return centred @ vectors[:, ::-1][:, :p]


def prototype(X: Array, P: Array) -> Array:
    """EM with one covariance, shrunk by 0.3 in 256 components, all class offsets taken off."""
    P = log_softmax(P - P.mean(axis=0), axis=1)
    Y = components(X, min(256, len(X) - 1))
    (n, k), p = P.shape, Y.shape[1]
    total = Y.T @ Y / n
    r = np.exp(P)
    for _ in range(_ROUNDS):
        N = r.sum(axis=0)
        mu = (r.T @ Y) / np.maximum(N, 1e-9)[:, None]
        within = total - (mu.T * (N / n)) @ mu
        sigma = 0.7 * within + 0.3 * np.trace(within) / p * np.eye(p)
        A = np.linalg.solve(sigma, mu.T)
        F = np.log((N + 1) / (n + k)) + Y @ A - 0.5 * (mu.T * A).sum(axis=0) + 0.5 * P
        r = softmax(F, axis=1)
    return np.asarray(F)


def simptc(X: Array, P: Array) -> Array:
    """SimPTC: a variational Bayesian Gaussian mixture with one covariance, started at zero-shot.

    Fei et al., "Beyond prompting: making pre-trained language models better zero-shot learners by
    clustering representations", EMNLP 2022. Dirichlet and normal-Wishart priors as in Bishop 2006,
    10.2: concentration 1/k, mean precision 1, nu = p, the documents' covariance; in 64 components.
    """
    Y = components(X, min(64, len(X) - 1))
    (n, k), p = P.shape, Y.shape[1]
    prior = np.diag(Y.var(axis=0)) + 1e-9 * np.eye(p)
    r = np.eye(k)[P.argmax(axis=1)]
    for _ in range(_ROUNDS):
        N = r.sum(axis=0)
        beta, nu = 1 + N, p + n / k
        m = (r.T @ Y) / beta[:, None]
        scatter = Y.T @ Y - (m.T * beta) @ m
        W = np.linalg.inv(p * prior + scatter / k)
        A = nu * W @ m.T
        F = digamma(1 / k + N) - 0.5 * p / beta + Y @ A - 0.5 * (m.T * A).sum(axis=0)
        r = softmax(F, axis=1)
    return np.asarray(F)


def transclip(X: Array, P: Array) -> Array:
    """TransCLIP, zero-shot: diagonal Gaussians, three nearest neighbours, divergence from P.

    Zanella et al., "Boosting vision-language models with transduction", NeurIPS 2024: lambda = 1,
    three neighbours, means started at the 8 surest rows of a class, variances at 1/d.
    """
    n, d = X.shape
    W = _neighbours(X, 3)
    surest = np.argsort(-P, axis=0)[:8]
    mu = X[surest].mean(axis=0)
    sigma = np.full(d, 1.0 / d)
    z = np.exp(P)
    for _ in range(10):
        distance = (X**2 / sigma).sum(axis=1)[:, None] - 2 * (X / sigma) @ mu.T
        gaussian = -0.5 * (distance + (mu**2 / sigma).sum(axis=1))
        for _ in range(5):
            F = P + gaussian + W @ z
            z = softmax(F, axis=1)
        N = z.sum(axis=0)
        mu = (z.T @ X) / np.maximum(N, 1e-9)[:, None]
        sigma = ((X**2).sum(axis=0) - (N[:, None] * mu**2).sum(axis=0)) / n + 1e-6
    return np.asarray(F)


def propagation(X: Array, P: Array) -> Array:
    """Label propagation over ten nearest neighbours, alpha = 0.9.

    Zhou et al., "Learning with local and global consistency", NIPS 2003.
    """
    W = _neighbours(X, 10)
    W = W.maximum(W.T)
    root = diags_array(1 / np.sqrt(np.maximum(W.sum(axis=1), 1e-12)))
    S = root @ W @ root
    F = start = np.exp(P)
    for _ in range(30):
        F = 0.9 * S @ F + 0.1 * start
    return np.asarray(F)


def _neighbours(X: Array, count: int) -> csr_array:
    """Return cosines to each row's nearest neighbours, 0 elsewhere."""
    n, count = len(X), min(count, len(X) - 1)
    unit = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -1.0)
    nearest = np.argpartition(-cosines, count, axis=1)[:, :count]
    kept = np.maximum(np.take_along_axis(cosines, nearest, axis=1), 0.0)
    return csr_array((kept.ravel(), nearest.ravel(), np.arange(n + 1) * count), shape=(n, n))


PEERS = {
    "prototype": prototype,
    "SimPTC": simptc,
    "TransCLIP": transclip,
    "propagation": propagation,
}
