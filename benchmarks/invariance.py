"""Whether labels and scores depend on batch size, order, neighbours, or the order of labels.

The same documents are classified again and again with the real encoder, one thing changed at a
time, and every answer is compared with the first. With --documents below the default it is a trial.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data
from benchmarks.results import report, table
from zstext import LabelSpace, Prediction, ZeroShotClassifier, load_encoder
from zstext.documents import CHUNK

DOCUMENTS = 10_000
ALONE = 500
"""Documents classified with batches of one, which takes long."""

LABEL_SETS = ("20newsgroups", "yahoo_answers", "emotion", "trec6")
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed against the first answers.

    Attributes
    ----------
    documents : int
    labels : int
        Documents whose label is another one.
    rankings : int
        Documents whose labels are listed in another order.
    score : float
        The greatest difference of a score, over all documents and labels.
    """

    documents: int
    labels: int
    rankings: int
    score: float

    @classmethod
    def between(cls, first: Sequence[Prediction], then: Sequence[Prediction]) -> Difference:
        """Compare answers for the same documents."""
        pairs = list(zip(first, then, strict=True))
        return cls(
            documents=len(pairs),
            labels=sum(a.label != b.label for a, b in pairs),
            rankings=sum(a.labels != b.labels for a, b in pairs),
            score=max(_distance(a, b) for a, b in pairs),
        )


class Trial:
    """The documents, and their answers with each thing changed."""

    def __init__(self, folder: Path, documents: int, *, multi_label: bool = False) -> None:
        self.texts = data.mixture(folder, documents, evenly=False)
        names = [x for s in LABEL_SETS for x in data.load(folder, data.BY_NAME[s]).labels]
        self.labels = LabelSpace.of(dict.fromkeys(names))
        self.multi_label = multi_label
        self._encoder = load_encoder()
        self._draw = random.Random(data.SEED)

    def batches_of(self, size: int) -> list[Prediction]:
        """Classify with another batch size."""
        return self._classify(self.texts, batch_size=size)

    def alone(self) -> list[Prediction]:
        """Classify some documents in calls and batches of one."""
        clf = self._classifier(self.labels, batch_size=1)
        return [p for text in self.texts[:ALONE] for p in clf.classify([text])]

    def shuffled(self) -> list[Prediction]:
        """Classify in another order."""
        order = self._draw.sample(range(len(self.texts)), len(self.texts))
        answers = self._classify([self.texts[i] for i in order])
        back = dict(zip(order, answers, strict=True))
        return [back[i] for i in range(len(self.texts))]

    def other_neighbours(self) -> list[Prediction]:
        """Classify with others in front, so that every document is in a chunk with others."""
        in_front = self._draw.choices(self.texts, k=CHUNK // 2 + 5)
        return self._classify(in_front + self.texts)[len(in_front) :]

    def shuffled_labels(self) -> list[Prediction]:
        """Classify with the labels in another order."""
        names = self._draw.sample(self.labels.names, len(self.labels))
        return self._classify(self.texts, labels=LabelSpace.of(names))

    def _classify(
        self, texts: Sequence[str], *, labels: LabelSpace | None = None, batch_size: int = 64
    ) -> list[Prediction]:
        return self._classifier(labels or self.labels, batch_size=batch_size).classify(texts)

    def _classifier(self, labels: LabelSpace, *, batch_size: int) -> ZeroShotClassifier:
        self._encoder.batch_size = batch_size
        clf = ZeroShotClassifier(labels, encoder=self._encoder, multi_label=self.multi_label)
        return clf.fit()


def measure(folder: Path, documents: int, *, multi_label: bool = False) -> str:
    """Return the section."""
    trial = Trial(folder, documents, multi_label=multi_label)
    first = _told("first answers", trial.batches_of, 64)
    changed = {
        "batches of 1, one document a call": _told("alone", trial.alone),
        "batches of 7": _told("batches of 7", trial.batches_of, 7),
        "batches of 64, once more": _told("batches of 64", trial.batches_of, 64),
        "batches of 256": _told("batches of 256", trial.batches_of, 256),
        "documents shuffled": _told("shuffled", trial.shuffled),
        "other neighbours, other chunks": _told("neighbours", trial.other_neighbours),
        "labels shuffled": _told("labels", trial.shuffled_labels),
    }
    lines = []
    for what, answers in changed.items():
        d = Difference.between(first[: len(answers)], answers)
        lines.append(
            [what, str(d.documents), str(d.labels), f"{d.score:.1e}", _verdict(d), str(d.rankings)]
        )
    header = ["against batches of 64", "documents", "labels changed", "max score difference"]
    return (
        f"{len(trial.texts)} documents of all English sets, {len(trial.labels)} labels, "
        f"{'multi-label' if multi_label else 'single-label'}, {sum(p.windows > 1 for p in first)} "
        "documents with several windows. Targets: 0 labels changed, no score by more than "
        f"{TOLERANCE:.0e}. Rankings changed: documents whose lesser labels swap places.\n\n"
        + table([*header, "targets met", "rankings changed"], lines)
    )


def _verdict(d: Difference) -> str:
    return "yes" if d.labels == 0 and d.score <= TOLERANCE else "NO"


def _told(what: str, call: Callable[..., list[Prediction]], *arguments: object) -> list[Prediction]:
    print(what, file=sys.stderr, flush=True)
    return call(*arguments)


def _distance(a: Prediction, b: Prediction) -> float:
    after = dict(zip(b.labels, b.scores, strict=True))
    return max((abs(s - after[n]) for n, s in zip(a.labels, a.scores, strict=True)), default=0.0)


def main() -> None:
    out = data.parser(__doc__)
    out.add_argument("--documents", type=data.positive, default=DOCUMENTS)
    out.add_argument("--multi-label", action="store_true")
    args = out.parse_args()
    report(
        "invariance-multi-label" if args.multi_label else "invariance",
        "Invariance, multi-label" if args.multi_label else "Invariance",
        measure(args.data, args.documents, multi_label=args.multi_label),
        trial=args.documents < DOCUMENTS,
    )


if __name__ == "__main__":
    main()
