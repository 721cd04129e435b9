"""Known categories: where documents of common category names really lie.

An encoder puts the name "positive" near texts about positivity. Documents that people call positive
lie elsewhere: they praise a film or a meal. For some 150 category names of public labelled sets
(`data/train`, none of them an evaluation set) the direction of their documents is on file. A label
with a similar name is moved that way; any other stays where its name is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from safetensors.numpy import load
from scipy.special import softmax

from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray

FILE = "known_categories.safetensors"
STEP = 2.0
SHARPNESS = 0.02
GATE = (0.5, 0.8)


@dataclass(frozen=True, slots=True, eq=False)
class KnownCategories:
    """Names and document directions of known categories, in the space of one encoder.

    Attributes
    ----------
    names : ndarray of shape (n_known, n_features), float32
        Embeddings u_j of the bare names, unit rows.
    directions : ndarray of shape (n_known, n_features), float32
        p_j, the mean of a category's documents less the mean over the categories of its set.
    """

    names: FloatArray
    directions: FloatArray

    def move(self, S: FloatArray, bare: FloatArray) -> FloatArray:
        """Move class embeddings towards the documents of similarly named categories.

        ``s' = unit(s + beta g sum_j softmax_j(cos(u, u_j) / tau) p_j)``, with beta = `STEP` and
        tau = `SHARPNESS`. The gate g grows from 0 to 1 while the largest cosine goes through
        `GATE`: a label without a similar known name does not move. Labels move independently.

        Parameters
        ----------
        S : ndarray of shape (n_classes, n_features)
            Class embeddings s.
        bare : ndarray of shape (n_classes, n_features)
            Embeddings u of the bare label names.

        Returns
        -------
        ndarray of shape (n_classes, n_features), float64
            Unit rows.
        """
        cosines = unit_rows(bare) @ unit_rows(self.names).T
        low, high = GATE
        gate = np.clip((cosines.max(axis=1, keepdims=True) - low) / (high - low), 0.0, 1.0)
        share = softmax(cosines / SHARPNESS, axis=1)
        return unit_rows(S + STEP * gate * (share @ self.directions))


@cache
def shipped() -> KnownCategories:
    """Return the known categories that come with zstext, for all-MiniLM-L6-v2."""
    arrays = load(files("zstext").joinpath(FILE).read_bytes())
    return KnownCategories(
        arrays["names"].astype(np.float32), arrays["directions"].astype(np.float32)
    )
