"""How many labels a cascade puts on the shortlist: `CASCADE_SHORTLIST` of `zstext.defaults`.

Tasks of names and descriptions of DATA/labels, and the topics of DATA/train that zstext-encoder has
not learned from. What entailment makes of a longer or a shorter list: `benchmarks/shortlist.py`.

    python -m benchmarks.choose_shortlist --data ../shared/data
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import data
from benchmarks.groups_of_labels import Task, groups_of_labels
from benchmarks.results import report, table
from training.groups import read
from zstext import LabelSpace, load_encoder
from zstext.defaults import CASCADE_SHORTLIST, DEFAULT_TEMPLATES, FEW_LABELS
from zstext.encoders import MINILM, OWN_ENCODER
from zstext.scoring import EncoderScorer

ROWS = 500
SETS = ("stackoverflow", "reuters_r52")
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20)
LEVEL = 80
"""Percent: what the mean recall of zstext-encoder must pass."""


def tasks(folder: Path) -> Iterator[Task]:
    """Yield tasks of more labels than "auto" lets entailment read in full."""
    everything = list(groups_of_labels(folder / "labels", ROWS))
    for name in SETS:
        rows = list(read(folder / "train" / name / "test.csv"))
        drawn = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:ROWS]]
        everything.append((name, [r["text"] for r in drawn], [r["label"] for r in drawn]))
    yield from (task for task in everything if len(set(task[2])) > FEW_LABELS)


def recalls(model: str, task: Task) -> list[float]:
    """Return how often the right label is among the best of an encoder, by how many, in percent."""
    _, texts, names = task
    labels = LabelSpace.of(sorted(set(names)))
    scores = EncoderScorer(load_encoder(model), DEFAULT_TEMPLATES).score(texts, labels).scores
    own = scores[np.arange(len(texts)), [labels.names.index(name) for name in names]]
    rank = (scores > own[:, None]).sum(axis=1)
    return [100 * float((rank < size).mean()) for size in SIZES]


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    found = list(tasks(folder))
    parts = [
        "How often the right label is among the best of the encoder, in percent, by how many are "
        f"looked at: names or descriptions of data/labels with the groups they are in, and sets "
        f"of topics, up to {ROWS} rows, more than {FEW_LABELS} labels. In use are "
        f"{CASCADE_SHORTLIST}, the fewest with which the mean of {OWN_ENCODER} is over {LEVEL}."
    ]
    for model in (OWN_ENCODER, MINILM):
        rows = [(task[0], len(set(task[2])), recalls(model, task)) for task in found]
        mean = np.mean([recall for _, _, recall in rows], axis=0)
        lines = [[name, str(n), *(f"{r:.0f}" for r in recall)] for name, n, recall in rows]
        lines.append(["**mean**", "", *(f"{r:.1f}" for r in mean)])
        parts += [f"With {model}:", table(["", "labels", *map(str, SIZES)], lines)]
    report("choose-shortlist", "How often the right label is on a shortlist", "\n\n".join(parts))


if __name__ == "__main__":
    main()
