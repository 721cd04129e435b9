"""A few labelled rows beside many unlabelled ones: what adapting and what a mapping make of them.

Tasks of names and descriptions of DATA/labels, and of DATA/train: those of
`benchmarks/choose_adaptation_fused.py`. Judged on the rows without a label.

    python -m benchmarks.few_labels --data ../shared/data
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.adaptation import Task
from benchmarks.choose_adaptation_fused import Texts, observed, texts
from benchmarks.remembering import RememberingEntailer
from benchmarks.results import report, table
from zstext import ZeroShotClassifier, load_entailer
from zstext.adaptation import Adaptation
from zstext.adapting import FUSED_TRUST
from zstext.encoders.sentence import SentenceEncoder
from zstext.mapping import UNLABELLED

COUNTS = (2, 10)
"""Labelled rows of a class."""
DRAWS = 2
LEAST = 200
"""Rows that must be left to judge by."""

Columns = NDArray[np.int64]


def partly(y: Columns, count: int) -> Iterator[Columns]:
    """Yield the classes with so many rows of each labelled, by draw; nothing if few are left."""
    for seed in range(DRAWS):
        order = np.random.default_rng([seed, count]).permutation(len(y))
        rows = np.concatenate([order[y[order] == c][:count] for c in np.unique(y)])
        if len(y) - len(rows) >= LEAST:
            shown = np.full(len(y), UNLABELLED)
            shown[rows] = y[rows]
            yield shown


def compared(task: Task, raw: Texts, encoder: SentenceEncoder, shown: Columns) -> list[float]:
    """Return macro-F1 by rows without a label: zero-shot, adapted without and with labels, fit."""
    judged, found = np.flatnonzero(shown == UNLABELLED), []
    rest = task.rows(judged)
    found.append(rest.f1(rest.P))
    for y in (None, shown):
        adaptation = Adaptation.fit(task.X, task.P, y, views=task.views, trust=FUSED_TRUST)
        found.append(rest.f1(adaptation.apply(rest.X, rest.P)))
    _, documents, labels = raw
    names = sorted(set(labels))
    y = [None if c == UNLABELLED else names[c] for c in shown]
    learned = ZeroShotClassifier(names, encoder=encoder).fit(documents, y)
    found.append(rest.f1(learned.decision_function([documents[i] for i in judged])))
    return found


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    encoder, entailer = SentenceEncoder(None), RememberingEntailer(load_entailer(), "fused")
    everything = [(raw, observed(raw, encoder, entailer)) for raw in texts(folder)]
    entailer.keep()
    header = ["task", "labels", "auto", "adapted", "adapted with labels", "mapping of the encoder"]
    parts = [
        "Macro-F1 of up to 1,000 rows less those that are labelled, as many of each class as the "
        "heading says; the others are there without their labels. 'adapted with labels' is "
        "`adapt(X, y)` with backend \"auto\", 'mapping of the encoder' what `fit(X, y)` learns. "
        f"Means of {DRAWS} draws. Of the first tasks neither model has learned, of the sets of "
        "data/train both have, of most."
    ]
    for count in COUNTS:
        rows = []
        for raw, task in everything:
            found = [compared(task, raw, encoder, shown) for shown in partly(task.y, count)]
            if found:
                rows.append((raw[0], task.P.shape[1], np.mean(found, axis=0)))
        lines = [[name, str(k), *(f"{f:.1f}" for f in found)] for name, k, found in rows]
        means = [f"{mean(found[i] for *_, found in rows):.1f}" for i in range(4)]
        lines.append(["**mean**", "", *means])
        parts += [f"{count} labelled rows of each class:", table(header, lines)]
    report("few-labels", "A few labels", "\n\n".join(parts))


if __name__ == "__main__":
    main()
