"""How many labels a document is expected to have, multi-label: on DATA/labels and DATA/train.

`ScoreScale.expected` and other values of it. Neither zstext-encoder nor zstext-nli has learned from
these tasks, in which every text has one label; each label is asked for by itself all the same.

    python -m benchmarks.choose_expected --data ../shared/data
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from benchmarks import data
from benchmarks.groups_of_labels import groups_of_labels
from benchmarks.remembering import RememberingEncoder, RememberingEntailer
from benchmarks.results import report, table
from training.groups import read
from zstext import ZeroShotClassifier
from zstext.backends import scale_of
from zstext.defaults import EXPECTED, scale_for
from zstext.encoders import MINILM, OWN_ENCODER
from zstext.encoders.sentence import SentenceEncoder
from zstext.metrics import expected_calibration_error
from zstext.nli import load_entailer
from zstext.scoring import CascadeScorer

ROWS = 250
FEWEST_LABELS = 4
MANY = 10
VALUES = (None, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """The probabilities of a task by what is expected, and which labels are right."""

    proba: dict[float | None, NDArray[np.floating[Any]]]
    right: NDArray[np.bool_]

    def figures(self, expected: float | None) -> list[float]:
        """Return micro-F1 and calibration error in percent, and labels a text, from .5 up."""
        P = self.proba[expected]
        given = P >= 0.5
        return [
            100 * float(f1_score(self.right, given, average="micro", zero_division=0)),
            100 * expected_calibration_error(P.ravel(), self.right.ravel()),
            float(given.sum(axis=1).mean()),
        ]


def tasks(folder: Path) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield texts, the label of each, and all labels."""
    for _, texts, groups in groups_of_labels(folder / "labels", ROWS):
        yield texts, groups, sorted(set(groups))
    train = folder / "train"
    for path in (train / "stackoverflow", train / "tweet_eval_emoji", *train.glob("llicl_*")):
        labels = json.loads((path / "meta.json").read_text(encoding="utf-8"))["labels"]
        rows = list(islice(read(path / "test.csv"), ROWS))
        if len(labels) >= FEWEST_LABELS:
            yield [row["text"] for row in rows], [row["label"] for row in rows], labels


def asked(folder: Path, model: str, backend: Any, entailer: RememberingEntailer) -> list[Asked]:
    """Return every task as a backend sees it with an encoder."""
    encoder = RememberingEncoder(SentenceEncoder(model), f"expected-{model}")
    models = {"encoder": encoder, "entailer": entailer if backend == "cascade" else None}
    found = []
    for texts, own, labels in tasks(folder):
        clf = ZeroShotClassifier(labels, backend=backend, multi_label=True, **models).fit()
        proba = {expected: expecting(expected, clf, texts) for expected in VALUES}
        found.append(Asked(proba, np.array([[label == o for label in labels] for o in own])))
    encoder.keep()
    return found


def expecting(
    expected: float | None, clf: ZeroShotClassifier, texts: Sequence[str]
) -> NDArray[np.floating[Any]]:
    """Return the probabilities if so many labels are expected."""
    scorer = clf.scorer_
    of_encoder = replace(scale_for(scorer.encoding.encoder), expected=expected)
    if isinstance(scorer, CascadeScorer):
        scorer, scale = replace(scorer, scale=of_encoder), scale_of(scorer)
    else:
        scale = of_encoder
    scores = scorer.score(texts, clf.labels_).scores
    return scale.scaling(len(clf.labels_), multi_label=True).proba(scores)


def rows_of(name: str, found: Sequence[Asked]) -> Iterator[list[str]]:
    """A line for each value of what is expected."""
    for expected in VALUES:
        parts = [
            np.mean([task.figures(expected) for task in found if many == _is_many(task)], axis=0)
            for many in (False, True)
        ]
        yield [name, "none" if expected is None else f"{expected:g}", *_said(*parts)]


def _is_many(task: Asked) -> bool:
    return bool(task.right.shape[1] > MANY)


def _said(*parts: NDArray[np.floating[Any]]) -> list[str]:
    return [f"{value:.1f}" for part in parts for value in part]


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    entailer = RememberingEntailer(load_entailer(), "expected")
    found = {
        f"{backend}, {model}": asked(folder, model, backend, entailer)
        for model in (MINILM, OWN_ENCODER)
        for backend in ("encoder", "cascade")
    }
    entailer.keep()
    tasks_of = next(iter(found.values()))
    many = sum(map(_is_many, tasks_of))
    few = len(tasks_of) - many
    body = f"""Multi-label scores of tasks in which every text has one label: {many} of more than
{MANY} labels, names and descriptions of data/labels and sets of data/train, and {few} of
{FEWEST_LABELS} to {MANY}. Up to {ROWS} rows each. Micro-F1 of the labels from .5 up, calibration
error over all pairs of a text and a label, both in percent, and labels given to a text. In use is
{EXPECTED:g}."""
    lines = [line for name, of_backend in found.items() for line in rows_of(name, of_backend)]
    header = [
        "",
        "expected",
        *(f"{what}, {size}" for size in ("few", "many") for what in ("F1", "ECE", "given")),
    ]
    report("choose-expected", "Labels expected of a document", body + "\n\n" + table(header, lines))


if __name__ == "__main__":
    main()
