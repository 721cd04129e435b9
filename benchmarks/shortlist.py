r"""How many labels entailment should look at, and what it should count.

On topics of data/train.

The entailment model must not have seen these sets. The one that is shipped has; so this takes one
that was trained without them, which is weaker:

    python -m training.train RUN_DIR --set pairs=98304 pairs_in_chunk=8192 tokens_in_batch=4096 \
        dropout=0 --mixture written=0.45 nli=0.20 sentiment=0.15 emotion=0.04 other=0.04 \
        generated=0.05 definitions=0.07
    python -m training.export RUN_DIR --temperature 1.27 --checkpoint RUN_DIR/model
    python -m benchmarks.shortlist --data ../shared/data --nli-model RUN_DIR/model
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from benchmarks import data
from benchmarks.results import report, table
from training.groups import read
from zstext import LabelSpace, load_encoder, load_entailer
from zstext.defaults import (
    CASCADE_SHORTLIST,
    CONTENT_FREE_WEIGHT,
    DEFAULT_TEMPLATES,
    ENTAILMENT_TEMPLATES,
    MINILM_SCALE,
)
from zstext.encoders import MINILM
from zstext.scoring import EncoderScorer, EntailmentScorer, shortlisted

SETS = {
    "searchsnippets": 160,
    "stackoverflow": 160,
    "ohsumed23": 120,
    "reuters_r52": 120,
    "unspsc_software": 100,
}
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 15)
SPACES = (3, 5, 8, 12, 20, 35, 52, 131)
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
WEIGHT = 0.5
"""Of entailment, in the first table."""
DRAWS = 12
WORDS = 90
SEED = 5

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Log-probabilities of the encoder, logits of entailment, and true columns of a set."""

    name: str
    encoder: Array
    entailment: Array
    y: NDArray[np.integer[Any]]

    def accuracy(self, k: int, weight: float) -> float:
        """Return the share right, in percent, where entailment looks at k labels."""
        asked = shortlisted(self.encoder, min(k, self.encoder.shape[1]))
        second = log_softmax(np.where(asked, self.entailment, -np.inf), axis=1)
        least = np.min(np.where(asked, second, np.inf), axis=1, keepdims=True)
        fused = (1 - weight) * self.encoder + weight * np.where(asked, second, least)
        return 100 * float((fused.argmax(axis=1) == self.y).mean())

    def recall(self, k: int) -> float:
        """Return how often the true label is among the k best of the encoder, in percent."""
        asked = shortlisted(self.encoder, min(k, self.encoder.shape[1]))
        return 100 * float(asked[np.arange(len(self.y)), self.y].mean())

    def among(self, count: int, seed: int) -> Evidence | None:
        """Return the documents of some labels drawn at random, those labels alone competing."""
        n = self.encoder.shape[1]
        kept = np.sort(np.random.default_rng(seed).choice(n, count, replace=False))
        rows = np.isin(self.y, kept)
        if rows.sum() < 8:
            return None
        encoder = log_softmax(self.encoder[rows][:, kept], axis=1)
        y = np.searchsorted(kept, self.y[rows])
        return Evidence(self.name, encoder, self.entailment[rows][:, kept], y)


def evidence(folder: Path, name: str, count: int, entailer: Any) -> Evidence:
    """Read a draw of a set with both models; the encoder is one that has not learned from it."""
    labels = LabelSpace.of(
        json.loads((folder / "train" / name / "meta.json").read_bytes())["labels"]
    )
    drawn = Random(SEED).sample(list(read(folder / "train" / name / "test.csv")), count)
    texts = [" ".join(row["text"].split()[:WORDS]) for row in drawn]
    y = np.array([labels.names.index(row["label"]) for row in drawn])
    cosines = EncoderScorer(load_encoder(MINILM), DEFAULT_TEMPLATES).score(texts, labels).scores
    second = EntailmentScorer(
        entailer, ENTAILMENT_TEMPLATES, content_free_weight=CONTENT_FREE_WEIGHT
    )
    return Evidence(
        name,
        log_softmax(cosines / MINILM_SCALE.temperature, axis=1),
        second.score(texts, labels).scores,
        y,
    )


def by_size(found: list[Evidence]) -> list[list[str]]:
    """Accuracy, and in brackets recall, of every set by the length of the shortlist."""
    return [
        [e.name, str(e.encoder.shape[1]), str(len(e.y))]
        + [f"{e.accuracy(k, WEIGHT):.1f} ({e.recall(k):.0f})" for k in SIZES]
        for e in found
    ]


def by_space(found: list[Evidence]) -> list[list[str]]:
    """Gain over the encoder by the number of labels and the weight: mean over sets."""
    lines = []
    for count in SPACES:
        gains = []
        for e in found:
            n = e.encoder.shape[1]
            seeds = range(0 if n < count else 1 if n == count else DRAWS)
            drawn = [e.among(count, seed) for seed in seeds]
            if kept := [d for d in drawn if d is not None]:
                plain = mean(d.accuracy(1, 0.0) for d in kept)
                gains.append(
                    [mean(d.accuracy(CASCADE_SHORTLIST, w) for d in kept) - plain for w in WEIGHTS]
                )
        means = [f"{mean(column):+.1f}" for column in zip(*gains, strict=True)]
        lines.append([str(count), str(len(gains)), *means])
    return lines


def main() -> None:
    """Print and record both tables."""
    parser = data.parser(__doc__)
    parser.add_argument("--nli-model", required=True, help="trained without the topic sets")
    options = parser.parse_args()
    entailer = load_entailer(options.nli_model)
    found = [evidence(options.data, name, count, entailer) for name, count in SETS.items()]
    body = "\n\n".join(
        [
            "An entailment model trained for this table on 98,304 pairs without any topic set, "
            f"and {MINILM}: neither has seen these sets. Accuracy of "
            f"the cascade in percent at weight {WEIGHT} by the length of the shortlist "
            "and, in brackets, how often the right label is on it. The length in use is "
            f"{CASCADE_SHORTLIST}. The labels of unspsc_software are kinds of software, its "
            "documents names of products.",
            table(["set", "labels", "rows", *map(str, SIZES)], by_size(found)),
            "Gain in accuracy over the encoder alone by the number of labels, drawn at random from "
            f"those of a set, and the weight of entailment; shortlist of {CASCADE_SHORTLIST}, mean "
            "over the sets that have so many labels.",
            table(["labels", "sets", *map(str, WEIGHTS)], by_space(found)),
        ]
    )
    report("shortlist", "How long a shortlist must be", body)


if __name__ == "__main__":
    main()
