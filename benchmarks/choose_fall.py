"""The figures behind how the temperature falls with the number of labels, without DATA/eval.

Which temperature makes the true labels likeliest, for tasks of many labels that zstext-encoder has
not learned from: some sets of data/train, and names or descriptions of data/labels with the groups
they are in.

    python -m benchmarks.choose_fall --data ../shared/data
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from benchmarks.choose_constants import Array, load_set, named
from benchmarks.groups_of_labels import groups_of_labels
from benchmarks.results import report, table
from zstext.calibration import ScoreScale, TemperatureScaling
from zstext.defaults import DEFAULT_TEMPLATES, SCALES
from zstext.encoders import MINILM, OWN_ENCODER, load_encoder
from zstext.labels import LabelSpace
from zstext.metrics import expected_calibration_error
from zstext.protocols import Encoder
from zstext.scoring import EncoderScorer

ROWS = 1000
SETS = ("stackoverflow", "tweet_eval_emoji", "reuters_r52")


class Asked(NamedTuple):
    """A task as an encoder sees it: cosines of shape (n_rows, n_labels), true columns."""

    name: str
    cosines: Array
    y: NDArray[np.integer]

    @property
    def labels(self) -> int:
        """How many there are."""
        return self.cosines.shape[1]

    def best(self) -> float:
        """Return the temperature at which the true labels are likeliest."""
        return TemperatureScaling.from_validation(self.cosines, self.y).temperature

    def loss(self, temperature: float) -> float:
        """Return the mean of -log p of the true labels."""
        log_p = log_softmax(self.cosines / temperature, axis=1)
        return -float(log_p[np.arange(len(self.y)), self.y].mean())

    def ece(self, temperature: float) -> float:
        """Return the expected calibration error in percent."""
        P = TemperatureScaling(temperature).proba(self.cosines)
        return 100 * expected_calibration_error(P.max(axis=1), P.argmax(axis=1) == self.y)


def asked(data: Path, encoder: Encoder) -> Iterator[Asked]:
    """Yield every task."""
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    for name in SETS:
        s = load_set(data / "train" / name, encoder, ROWS)
        yield Asked(name, s.X @ named(s, encoder, templates).T, s.y)
    scorer = EncoderScorer(encoder, DEFAULT_TEMPLATES)
    for name, texts, groups in groups_of_labels(data / "labels", ROWS):
        labels = LabelSpace.of(sorted(set(groups)))
        column = {label: j for j, label in enumerate(labels.names)}
        cosines = scorer.score(texts, labels).scores
        yield Asked(name, cosines, np.array([column[g] for g in groups]))


def rows_of(tasks: Sequence[Sequence[Asked]], scales: Sequence[ScoreScale]) -> Iterator[list[str]]:
    """A line for every task, then what both ways to scale lose and err in the mean."""
    for both in zip(*tasks, strict=True):
        yield [both[0].name, str(both[0].labels), *(f"{task.best():.3f}" for task in both)]
    for title, falls in (("one for all", False), ("falling", True)):
        losses, errors = [], []
        for of_encoder, scale in zip(tasks, scales, strict=True):
            own = scale if falls else replace(scale, labels=None)
            found = [(t, own.temperature_among(t.labels)) for t in of_encoder]
            losses.append(f"{np.mean([t.loss(at) for t, at in found]):.3f}")
            errors.append(f"{np.mean([t.ece(at) for t, at in found]):.1f}")
        yield [f"mean loss, {title}", "", *losses]
        yield [f"mean ECE, {title}", "", *errors]


def main() -> None:
    """Measure, print, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    csv.field_size_limit(2**31 - 1)
    models = (MINILM, OWN_ENCODER)
    tasks = [sorted(asked(data, load_encoder(m)), key=lambda t: t.labels) for m in models]
    in_use = " and ".join(f"{SCALES[m].temperature:g}" for m in models)
    body = f"""The temperature of cosines at which the true labels are likeliest, zero-shot with
the default templates, up to {ROWS:,} rows, for tasks of ten labels and more that zstext-encoder has
not learned from: sets of data/train, and names or descriptions of data/labels with the groups they
are in. Below, loss and expected calibration error at the temperatures in use ({in_use}), kept
whatever the number of labels, and falling with its sixth root beyond {SCALES[MINILM].labels}."""
    lines = rows_of(tasks, [SCALES[m] for m in models])
    body += "\n\n" + table(["", "labels", *models], list(lines))
    report("choose-fall", "The temperature among many labels", body)


if __name__ == "__main__":
    main()
