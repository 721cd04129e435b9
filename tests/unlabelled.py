"""Documents that nobody has labelled, for the word encoder: three topics, each with its words."""

import numpy as np

LABELS = ["apple", "bread", "cheese"]


def documents(n=110, seed=0):
    """Texts of each topic: some name it, all have a word that goes with it, and noise."""
    rng = np.random.default_rng(seed)
    return [
        f"{label if i % 3 else ''} {label[::-1]} n{rng.integers(30)} m{i} {label[0]}".strip()
        for label in LABELS
        for i in range(n)
    ]
