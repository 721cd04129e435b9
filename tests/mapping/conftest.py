"""A small world: classes with embeddings, items that lie where a linear map of those says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest


class World(NamedTuple):
    X: np.ndarray
    y: np.ndarray
    S: np.ndarray
    X_unseen: np.ndarray
    y_unseen: np.ndarray


def make_world(*, n_classes=12, n_seen=9, per_class=8, n_features=10, n_semantic=10, seed=0):
    rng = np.random.default_rng(seed)
    S = rng.normal(size=(n_classes, n_semantic))
    M = np.linalg.qr(rng.normal(size=(max(n_semantic, n_features),) * 2))[0]
    M = 0.8 * np.eye(n_semantic, n_features) + 0.6 * M[:n_semantic, :n_features]
    y_all = np.repeat(np.arange(n_classes), per_class)
    X_all = S[y_all] @ M + 0.3 * rng.normal(size=(len(y_all), n_features))
    seen = y_all < n_seen
    return World(X_all[seen], y_all[seen], S, X_all[~seen], y_all[~seen])


@pytest.fixture
def world() -> World:
    return make_world()
