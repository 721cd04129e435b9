from dataclasses import dataclass

import numpy as np
import pytest


@dataclass(frozen=True)
class Planted:
    """Clusters, and an anchor that has seen where they are as through a fog."""

    X: np.ndarray
    P: np.ndarray
    y: np.ndarray

    def accuracy(self, scores):
        return float((scores.argmax(axis=1) == self.y).mean())


def plant(n=600, d=20, k=4, *, fog=1.5, seed=0, apart=4.0):
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((k, d))
    centres *= apart / np.linalg.norm(centres, axis=1, keepdims=True)
    y = draw.integers(k, size=n)
    X = centres[y] + draw.standard_normal((n, d))
    # as names would: directions near those of the clusters, scored as cosines
    names = centres + fog * draw.standard_normal((k, d))
    P = 4 * (X @ names.T) / np.linalg.norm(X, axis=1, keepdims=True) / np.linalg.norm(names, axis=1)
    P = P - np.logaddexp.reduce(P, axis=1, keepdims=True)
    return Planted(X, P, y)


@pytest.fixture(scope="session")
def planted():
    return plant()
