"""Speed of the nli backend beside the Hugging Face pipeline: same weights, documents and threads.

Rounds in turns, float32, short and long documents mixed, 2 to 150 labels; the pipeline at its
default and at its best batch size, which may be the default. Beside them the other backends, and
how fast the matrix products and attention alone could be: a limit in float32. With --rounds below
the default it is a trial, which prints only.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import torch
from transformers import AutoTokenizer

from benchmarks import data
from benchmarks.data import BY_NAME, positive
from benchmarks.results import report, table
from benchmarks.timing import interleave, ratio
from training.drawn import SPECIAL
from training.export import write_checkpoint
from zstext import ZeroShotClassifier, load_encoder, load_entailer
from zstext.encoders import products
from zstext.encoders.minilm import minilm_dir
from zstext.nli import compact
from zstext.nli.entailer import LONGEST_PAIR

DOCUMENTS = {2: 64, 10: 20, 77: 16, 150: 8}
"""Documents by number of labels: some hundred pairs each time, and more than a few documents."""

LABELS_OF = {2: "rotten_tomatoes", 10: "yahoo_answers", 77: "banking77", 150: "clinc150"}
BACKENDS = ("nli", "cascade", "auto", "encoder")
BATCH_SIZES = (1, 8, 32)
"""Of the pipeline, whose default is the first."""

ROUNDS = 3
ROWS = (256, 512, 1024, 2048)
"""Of the products that are timed alone."""
STEP = 16
"""Attention is timed alone at multiples of it, lengths rounded down."""
REPEATS = 20
"""Of which the fastest counts, of what is timed alone."""

TEMPLATE = "This text is about {}."


def matrices() -> dict[str, Any]:
    """Return the matrices of the layers of the compact model by name."""
    weights = compact.read_weights().items()
    return {name: array for name, array in weights if ".layer." in name and array.ndim == 2}


def pair_lengths(texts: Sequence[str], hypotheses: Sequence[str]) -> list[int]:
    """Return the tokens of every pair."""
    tokenizer = AutoTokenizer.from_pretrained(minilm_dir())
    first, second = (
        [len(ids) for ids in tokenizer(list(part), add_special_tokens=False)["input_ids"]]
        for part in (texts, hypotheses)
    )
    return [min(LONGEST_PAIR, a + b + SPECIAL) for a in first for b in second]


def operations() -> int:
    """Return the floating-point operations of the products that `nli` computes for a token.

    Of the last layer it computes none of every token; the pipeline computes all.
    """
    found = matrices()
    last = max(int(name.split(".layer.")[1].split(".")[0]) for name in found)
    return 2 * sum(array.size for name, array in found.items() if f".layer.{last}." not in name)


def fastest_products() -> float:
    """Return the most operations in a second that a product with such a matrix reaches here.

    torch's own product and the one that zstext computes with are both tried: which is faster
    depends on the processor.
    """
    speeds = []
    for rows, (n, m) in product(ROWS, {array.shape for array in matrices().values()}):
        layer, x = torch.nn.Linear(m, n), torch.randn(rows, m)
        with torch.inference_mode():
            least = min(best_seconds(partial(f, x)) for f in (layer, products.fastest(layer)))
        speeds.append(2 * rows * m * n / least)
    return max(speeds)


def attention_seconds(lengths: Sequence[int]) -> float:
    """Return the least time for the attention of such pairs, in all layers but the last."""
    config = compact.load().config
    heads, size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
    seconds = 0.0
    for length, number in Counter(max(STEP, n // STEP * STEP) for n in lengths).items():
        pairs = max(1, max(ROWS) // length)
        x = torch.randn(pairs, heads, length, size)
        attention = partial(torch.nn.functional.scaled_dot_product_attention, x, x, x)
        seconds += best_seconds(attention) * number / pairs
    return seconds * (config.num_hidden_layers - 1)


def best_seconds(call: Callable[[], Any]) -> float:
    """Return the least time of several."""
    least = float("inf")
    for _ in range(REPEATS):
        begun = perf_counter()
        call()
        least = min(least, perf_counter() - begun)
    return least


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

    def read(self, n_labels: int) -> tuple[Sequence[str], Sequence[str]]:
        """Return documents and so many labels."""
        labels = data.load(self.folder, BY_NAME[LABELS_OF[n_labels]]).labels
        return data.mixture(self.folder, DOCUMENTS[n_labels]), labels

    def calls(self, n_labels: int) -> dict[str, Callable[[], Any]]:
        """Return what is timed with so many labels, by name."""
        texts, labels = self.read(n_labels)
        calls: dict[str, Callable[[], Any]] = {
            backend: partial(self._ours(backend, labels, long="truncate").classify, texts)
            for backend in BACKENDS
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


HEADER = (
    "labels", "docs/s: nli", "pipeline, default", "pipeline, best", "best batch",
    "arithmetic alone", "nli over default", "nli over best", "cascade over nli", "docs/s: cascade",
    "auto", "encoder",
)  # fmt: skip


def render(bench: Bench, *, rounds: int) -> str:
    """Measure and return the section."""
    times, rates = {}, []
    for n_labels in DOCUMENTS:
        rates.append(fastest_products())
        times[n_labels] = interleave(bench.calls(n_labels), rounds=rounds)
    rows = [line(bench, n_labels, times[n_labels], max(rates)) for n_labels in DOCUMENTS]
    return "\n\n".join(
        [
            "The compact entailment model, float32, the same tokens read (the first window); "
            "documents of all English evaluation sets, short and long. Ratios are medians of "
            f"{rounds} rounds taken in turns, with their range. 'arithmetic alone': documents a "
            "second if `nli` computed nothing but the matrix products of every token, each as fast "
            "as the fastest of them, torch's or zstext's, at any moment of this run, and torch's "
            "attention alone at its fastest.",
            table(HEADER, rows),
        ]
    )


def line(bench: Bench, n_labels: int, times: dict[str, list[float]], fastest: float) -> list[str]:
    """Return what was measured with so many labels."""
    texts, labels = bench.read(n_labels)
    lengths = pair_lengths(texts, [TEMPLATE.replace("{}", label) for label in labels])
    least = operations() * sum(lengths) / fastest + attention_seconds(lengths)
    best = min(BATCH_SIZES, key=lambda size: median(times[f"pipeline {size}"]))
    ours, default, pipeline = times["nli"], times["pipeline 1"], times[f"pipeline {best}"]

    def speed(seconds: Sequence[float]) -> str:
        return f"{len(texts) / median(seconds):.1f}"

    return [
        str(n_labels),
        *map(speed, (ours, default, pipeline)),
        str(best),
        f"{len(texts) / least:.1f}",
        ratio(default, ours),
        ratio(pipeline, ours),
        ratio(ours, times["cascade"]),
        *(speed(times[backend]) for backend in ("cascade", "auto", "encoder")),
    ]


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
