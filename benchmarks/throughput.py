"""Documents a second, padding, and start-up, side by side with sentence-transformers.

Same weights, documents and threads; rounds in turns; sentence-transformers at its best batch size.
The documents are a mixture of all English evaluation sets, in random order. With --documents or
--rounds below the default it is a trial, which prints only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import data, startup
from benchmarks.plain import PlainRecipe
from benchmarks.results import report, table
from benchmarks.timing import ROUNDS, interleave, ratio
from zstext import ZeroShotClassifier, load_encoder

BATCH_SIZES = (32, 64, 128)
DOCUMENTS = 500
SMALL = 32
"""Documents of a small call: a request of a service, say."""

SMALL_CALLS = 8
DUPLICATES = 0.3
PARTS = ("speed", "startup")
COMPARED = (
    ("classify, same tokens read (long=truncate)", "same tokens", "plain", ""),
    ("classify, default: all of each document", "default", "plain", ""),
    (f"classify, {SMALL} documents a call, same tokens", "small", "small plain", ""),
    (f"classify, {SMALL} short documents a call (clinc150)", "short", "short plain", ""),
    ("10 labels, to encoding alone", "same tokens", "encoding", ">= 0.97"),
    (f"{DUPLICATES:.0%} duplicates, to none", "repeated", "distinct", ">= 1.35"),
)
"""What is compared with what, by names of `Bench.calls`, and the ratio that is wanted."""


class Bench:
    """zstext and sentence-transformers, loaded, with 10 labels."""

    def __init__(self, folder: Path, documents: int) -> None:
        self.labels = data.load(folder, data.BY_NAME["yahoo_answers"]).labels
        self.texts = data.mixture(folder, documents)
        self.short = data.load(folder, data.BY_NAME["clinc150"], limit=SMALL * SMALL_CALLS).texts
        self.encoder = load_encoder()
        self.reading = {long: self._classifier(long) for long in ("mean", "truncate")}
        self.plain = PlainRecipe()
        self.S = self.plain.embed_labels(self.labels)
        self.reading["mean"].classify(self.texts[:64])
        self.plain.encode(self.texts[:64])

    def best_batch_size(self) -> int:
        """Return the batch size at which sentence-transformers is fastest here and now."""
        calls = {
            str(size): partial(self._plain, self.texts, batch_size=size) for size in BATCH_SIZES
        }
        times = interleave(calls, rounds=2)
        return min(BATCH_SIZES, key=lambda size: min(times[str(size)]))

    def calls(self, batch_size: int) -> dict[str, Callable[[], Any]]:
        """Return what is timed, by name."""
        distinct = self.texts[: self.documents("distinct")]
        repeated = (distinct + distinct[: len(self.texts) - len(distinct)])[::-1]
        truncating = self.reading["truncate"]
        in_turns = {"small": self.texts[: len(self.short)], "short": self.short}
        return {
            "plain": partial(self._plain, self.texts, batch_size=batch_size),
            "same tokens": partial(truncating.classify, self.texts),
            "default": partial(self.reading["mean"].classify, self.texts),
            "encoding": partial(self.encoder.encode, self.texts, whole=False),
            "distinct": partial(truncating.classify, distinct),
            "repeated": partial(truncating.classify, repeated),
            **{name: partial(_by_few, truncating.classify, t) for name, t in in_turns.items()},
            **{
                f"{name} plain": partial(_by_few, partial(self._plain, batch_size=batch_size), t)
                for name, t in in_turns.items()
            },
        }

    def documents(self, call: str) -> int:
        """Return how many documents a call of this name classifies."""
        n, n_short = len(self.texts), len(self.short)
        few = {"distinct": round((1 - DUPLICATES) * n), "small": min(n, n_short), "short": n_short}
        return few.get(call.removesuffix(" plain"), n)

    def paddings(self, batch_size: int) -> dict[str, tuple[int, int]]:
        """Return the processed and the useful tokens of one pass over the documents."""
        out = {}
        for name in ("plain", "same tokens", "default"):
            model = self.plain.model if name == "plain" else self.encoder._model
            with counted_tokens(model) as tokens:
                self.calls(batch_size)[name]()
            out[name] = tokens[0], tokens[1]
        return out

    def _classifier(self, long: str) -> ZeroShotClassifier:
        return ZeroShotClassifier(self.labels, encoder=self.encoder, long=long).fit()

    def _plain(self, texts: Sequence[str], *, batch_size: int) -> Any:
        return self.plain.score(texts, self.S, batch_size=batch_size).argmax(axis=1)


def _by_few(call: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> None:
    for i in range(0, len(texts), SMALL):
        call(texts[i : i + SMALL])


@contextmanager
def counted_tokens(model: Any) -> Iterator[list[int]]:
    """Count the processed and the useful tokens that go into a sentence-transformers model."""
    tokens = [0, 0]

    def count(_: Any, inputs: tuple[dict[str, Any], ...]) -> None:
        mask = inputs[0]["attention_mask"]
        tokens[0] += mask.numel()
        tokens[1] += int(mask.sum())

    hook = model[0].register_forward_pre_hook(count)
    try:
        yield tokens
    finally:
        hook.remove()


def speed(folder: Path, *, documents: int, rounds: int) -> str:
    """Return the section on speed."""
    bench = Bench(folder, documents)
    batch_size = bench.best_batch_size()
    times = interleave(bench.calls(batch_size), rounds=rounds)
    rows = [line(bench, times, *compared) for compared in COMPARED]
    padding = [
        [name, f"{used}", f"{useful}", f"{used / useful:.3f}"]
        for name, (used, useful) in bench.paddings(batch_size).items()
    ]
    return "\n\n".join(
        [
            f"{len(bench.texts)} documents of mixed length, 10 labels; median of {rounds} rounds; "
            "the ratio is the median of the rounds, with their range. Compared with, in the first "
            f"four rows: sentence-transformers `encode` + cosine, batches of {batch_size}, the "
            f"fastest of {', '.join(map(str, BATCH_SIZES))}; then zstext itself.",
            table(["", "docs/s", "compared with", "ratio", "target"], rows),
            table(["tokens", "processed", "useful", "processed/useful (target 1.02)"], padding),
        ]
    )


def line(
    bench: Bench, times: dict[str, list[float]], what: str, ours: str, theirs: str, target: str
) -> list[str]:
    """Return a row of the table: documents a second of both, and their ratio."""
    own, other = bench.documents(ours), bench.documents(theirs)
    speeds = (own / median(times[ours]), other / median(times[theirs]))
    taken = [t * own / other for t in times[theirs]]  # a ratio of documents/s, not of seconds
    return [what, *(f"{speed:.0f}" for speed in speeds), ratio(taken, times[ours]), target]


def main() -> None:
    out = data.parser(__doc__)
    out.add_argument("--documents", type=data.positive, default=DOCUMENTS)
    out.add_argument("--rounds", type=data.positive, default=ROUNDS)
    out.add_argument("--part", choices=PARTS, action="append", help="repeatable; else both")
    args = out.parse_args()
    trial = args.documents < DOCUMENTS or args.rounds < ROUNDS
    parts = args.part or PARTS
    if "startup" in parts:  # first: it wants no model in memory beside it
        report("startup", "Start-up", startup.measure(rounds=args.rounds), trial=trial)
    if "speed" in parts:
        body = speed(args.data, documents=args.documents, rounds=args.rounds)
        report("throughput", "Throughput", body, trial=trial)


if __name__ == "__main__":
    main()
