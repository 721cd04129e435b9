"""Class offsets towards a stated prior: what a right and a wrong one do on skewed data.

ag_news is resampled to 10:5:2:1 (every order of the four classes that starts with another one), and
the offsets are learned on the very documents, without labels, as in Saerens et al. (2002).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.results import report, table
from zstext import ZeroShotClassifier
from zstext.calibration import PriorShift
from zstext.metrics import macro_f1

SET = "ag_news"
SKEW = (10, 5, 2, 1)


def main(argv: Sequence[str] | None = None) -> None:
    args = data.parser(__doc__).parse_args(argv)
    rows = data.load(args.data, data.BY_NAME[SET])
    classifier = ZeroShotClassifier(rows.labels).fit()
    proba = classifier.predict_proba(rows.texts)
    y = np.array([rows.labels.index(label) for (label,) in rows.truth])
    cells = {
        "balanced": [figures(proba, y, np.ones(4))],
        "10:5:2:1": [
            figures(proba[keep], y[keep], shares)
            for keep, shares in (skewed(y, first) for first in range(4))
        ],
    }
    header = ("documents", "no prior", "uniform prior", "true prior")
    lines = [
        (name, *(f"{100 * value:.1f}" for value in np.mean(values, axis=0)))
        for name, values in cells.items()
    ]
    note = (
        "Macro-F1. A uniform prior looks good where the test set is balanced, and only there.\n\n"
    )
    title = "Class offsets towards a prior, ag_news"
    report("prior-shift", title, note + table(header, lines))


def skewed(y: NDArray[np.int64], first: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rows at 10:5:2:1, the class `first` being the most frequent, and the shares."""
    shares = np.roll(np.array(SKEW, dtype=float), first)
    unit = min(np.bincount(y)) / max(SKEW)
    rng = np.random.default_rng(first)
    keep = [
        rng.permutation(np.flatnonzero(y == c))[: int(unit * share)]
        for c, share in enumerate(shares)
    ]
    return np.concatenate(keep), shares


def figures(
    proba: NDArray[np.float64], y: NDArray[np.int64], shares: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return macro-F1 without a prior, with a uniform one, and with the true one."""
    shifted = [proba] + [PriorShift.towards(proba, p).apply(proba) for p in (np.ones(4), shares)]
    a, b, c = (float(macro_f1(y, p.argmax(axis=1), 4)) for p in shifted)
    return a, b, c


if __name__ == "__main__":
    main()
