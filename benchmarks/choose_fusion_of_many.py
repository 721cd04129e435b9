"""What entailment counts beside an encoder among many labels: on DATA/labels and DATA/train.

The fusions of `zstext.defaults` where the cascade makes a shortlist. Neither zstext-encoder nor
zstext-nli has learned from these tasks.

    python -m benchmarks.choose_fusion_of_many --data ../shared/data
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data
from benchmarks.groups_of_labels import Task, groups_of_labels
from benchmarks.results import report, table
from training.groups import read
from zstext import LabelSpace, ZeroShotClassifier, load_encoder
from zstext.calibration import ScoreScale, TemperatureScaling
from zstext.defaults import FEW_LABELS, fusion_for
from zstext.encoders import MINILM, OWN_ENCODER
from zstext.metrics import expected_calibration_error

ROWS = 500
SET = "tweet_eval_emoji"
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Cascaded:
    """Fused scores of a task by weight, and true columns."""

    name: str
    scores: dict[float, NDArray[np.floating[Any]]]
    y: NDArray[np.integer[Any]]

    @property
    def labels(self) -> int:
        """How many there are."""
        return self.scores[0.0].shape[1]

    def accuracy(self, weight: float) -> float:
        """Return the share right, in percent."""
        return 100 * float((self.scores[weight].argmax(axis=1) == self.y).mean())

    def best(self, weight: float) -> float:
        """Return the temperature at which the true labels are likeliest."""
        return TemperatureScaling.from_validation(self.scores[weight], self.y).temperature

    def errors(self, weight: float, scale: ScoreScale) -> tuple[float, float]:
        """Return the mean of -log p of the true labels, and the calibration error in percent."""
        P = TemperatureScaling(scale.temperature_among(self.labels)).proba(self.scores[weight])
        loss = -float(np.log(P[np.arange(len(self.y)), self.y]).mean())
        hit = P.argmax(axis=1) == self.y
        return loss, 100 * expected_calibration_error(P.max(axis=1), hit)


def tasks(folder: Path) -> Iterator[Task]:
    """Yield tasks of more labels than entailment reads in full."""
    rows = list(islice(read(folder / "train" / SET / "test.csv"), ROWS))
    everything = [
        *groups_of_labels(folder / "labels", ROWS),
        (SET, [row["text"] for row in rows], [row["label"] for row in rows]),
    ]
    yield from (task for task in everything if len(set(task[2])) > FEW_LABELS)


def cascaded(folder: Path, model: str) -> list[Cascaded]:
    """Return every task at every weight, those of few labels first."""
    found = []
    for name, texts, groups in tasks(folder):
        labels = LabelSpace.of(sorted(set(groups)))
        scorer = ZeroShotClassifier(labels, backend="cascade", encoder=model).fit().scorer_
        first, second = (
            replace(scorer, weight_of_many=w).score(texts, labels).scores for w in (0, 1)
        )
        scores = {w: (1 - w) * first + w * second for w in WEIGHTS}
        y = np.array([labels.names.index(group) for group in groups])
        found.append(Cascaded(name, scores, y))
    return sorted(found, key=lambda c: c.labels)


def by_weight(found: Sequence[Cascaded]) -> str:
    """Accuracy of every task, and the mean."""
    lines = [[c.name, str(c.labels), *(f"{c.accuracy(w):.1f}" for w in WEIGHTS)] for c in found]
    means = [f"{np.mean([c.accuracy(w) for c in found]):.1f}" for w in WEIGHTS]
    return table(["", "labels", *map(str, WEIGHTS)], [*lines, ["**mean**", "", *means]])


def by_scale(model: str, found: Sequence[Cascaded]) -> list[str]:
    """What the true labels lose at the temperature in use, and what each task would have liked."""
    fusion = fusion_for(load_encoder(model))
    errors = [c.errors(fusion.weight_of_many, fusion.scale) for c in found]
    loss, error = np.mean(errors, axis=0)
    best = " ".join(f"{c.best(fusion.weight_of_many):.2f}" for c in found)
    return [model, f"{fusion.scale.temperature:g}", f"{loss:.3f}", f"{error:.1f}", best]


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data
    found = {model: cascaded(folder, model) for model in (MINILM, OWN_ENCODER)}
    parts = [
        f"Names or descriptions of data/labels with the groups they are in, and {SET}: up to "
        f"{ROWS} rows, tasks of more than {FEW_LABELS} labels. Accuracy of the cascade in percent "
        "by the weight of entailment. In use are "
        f"{fusion_for(load_encoder(MINILM)).weight_of_many} and "
        f"{fusion_for(load_encoder(OWN_ENCODER)).weight_of_many}."
    ]
    for model, of_model in found.items():
        parts += [f"With {model}:", by_weight(of_model)]
    lines = [by_scale(model, of_model) for model, of_model in found.items()]
    parts += [
        "At the weight in use and the temperature in use: mean loss, mean expected calibration "
        "error, and the temperature that each task would have liked.",
        table(["encoder", "temperature", "loss", "ECE", "best of each task"], lines),
    ]
    report("choose-fusion-of-many", "The fusion among many labels", "\n\n".join(parts))


if __name__ == "__main__":
    main()
