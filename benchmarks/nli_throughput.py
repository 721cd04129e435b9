"""Speed of the nli backend beside the Hugging Face pipeline: same weights, documents and threads.

Rounds in turns, float32, short and long documents mixed, 2 to 150 labels; the pipeline at its
default and at its best batch size, which may be the default. Beside them the cascade and the
encoder. With --rounds below the default it is a trial, which prints only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import data
from benchmarks.data import BY_NAME, positive
from benchmarks.results import report, table
from benchmarks.timing import interleave, ratio
from training.export import write_checkpoint
from zstext import ZeroShotClassifier, load_encoder, load_entailer
from zstext.nli import compact

DOCUMENTS = {2: 64, 10: 20, 77: 16, 150: 8}
"""Documents by number of labels: some hundred pairs each time, and more than a few documents."""

LABELS_OF = {2: "rotten_tomatoes", 10: "yahoo_answers", 77: "banking77", 150: "clinc150"}
BATCH_SIZES = (1, 8, 32)
"""Of the pipeline, whose default is the first."""

ROUNDS = 3
TEMPLATE = "This text is about {}."


class Bench:
    """The pipeline and zstext, loaded from the same checkpoint."""

    def __init__(self, folder: Path, checkpoint: Path) -> None:
        from transformers import pipeline
        from transformers.utils import logging

        logging.set_verbosity_error()
        self.folder = folder
        self.theirs = pipeline("zero-shot-classification", str(checkpoint), device="cpu")
        self.entailer = load_entailer(str(checkpoint), device="cpu")
        self.encoder = load_encoder(device="cpu")

    def calls(self, n_labels: int) -> dict[str, Callable[[], Any]]:
        """Return what is timed with so many labels, by name."""
        labels = data.load(self.folder, BY_NAME[LABELS_OF[n_labels]]).labels
        texts = data.mixture(self.folder, DOCUMENTS[n_labels])
        calls: dict[str, Callable[[], Any]] = {
            "zstext": partial(self._ours("nli", labels, long="truncate").classify, texts),
            "cascade": partial(self._ours("cascade", labels, long="truncate").classify, texts),
            "encoder": partial(self._ours("encoder", labels, long="truncate").classify, texts),
        }
        for size in BATCH_SIZES:
            calls[f"pipeline {size}"] = partial(self._pipeline, texts, labels, size)
        return calls

    def _ours(self, backend: Any, labels: Sequence[str], *, long: Any) -> ZeroShotClassifier:
        return ZeroShotClassifier(
            labels, backend=backend, encoder=self.encoder, entailer=self.entailer, long=long
        ).fit()

    def _pipeline(self, texts: Sequence[str], labels: Sequence[str], batch_size: int) -> Any:
        return self.theirs(
            list(texts), list(labels), hypothesis_template=TEMPLATE, batch_size=batch_size
        )


def render(bench: Bench, *, rounds: int) -> str:
    """Measure and return the section."""
    rows = []
    for n_labels, documents in DOCUMENTS.items():
        times = interleave(bench.calls(n_labels), rounds=rounds)
        best = min(BATCH_SIZES, key=lambda size: median(times[f"pipeline {size}"]))
        pipeline = times[f"pipeline {best}"]
        rows.append(
            [
                str(n_labels),
                *(
                    f"{documents / median(t):.1f}"
                    for t in (times["zstext"], times["pipeline 1"], pipeline)
                ),
                str(best),
                ratio(times["pipeline 1"], times["zstext"]),
                ratio(pipeline, times["zstext"]),
                ratio(times["zstext"], times["cascade"]),
                f"{documents / median(times['cascade']):.1f}",
                f"{documents / median(times['encoder']):.1f}",
            ]
        )
    header = ["labels", "docs/s: nli", "pipeline, default", "pipeline, best", "best batch"]
    header += [
        "nli over default",
        "nli over best",
        "cascade over nli",
        "docs/s: cascade",
        "encoder",
    ]
    return "\n\n".join(
        [
            "The compact entailment model, float32, the same tokens read (the first window); "
            "documents of all English evaluation sets, short and long. Ratios are medians of "
            f"{rounds} rounds taken in turns, with their range.",
            table(header, rows),
        ]
    )


def main() -> None:
    """Measure, print, and write the section."""
    parser = data.parser(__doc__)
    parser.add_argument("--rounds", type=positive, default=ROUNDS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_checkpoint(compact.read_weights(), Path(folder))
        body = render(Bench(options.data, Path(folder)), rounds=options.rounds)
    report("nli-throughput", "Speed of entailment", body, trial=options.rounds < ROUNDS)


if __name__ == "__main__":
    main()
