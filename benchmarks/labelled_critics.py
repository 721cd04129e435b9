"""What limits zstext-nli on film critics: how far it gets with labelled sentences of theirs.

It goes on learning from rows of rotten_tomatoes/train.csv and is judged on the test set. Nothing of
it is shipped: it shows what more data of that very kind would add at this size.

    python -m benchmarks.labelled_critics --data ../shared/data
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from random import Random

import torch
from sklearn.metrics import f1_score
from torch import Tensor, nn
from transformers import AutoTokenizer

from benchmarks import data
from benchmarks.results import report, table
from training.groups import read
from training.train import new_model
from zstext.encoders.minilm import minilm_dir

SET = "rotten_tomatoes"
LABELS = ("negative", "positive")
TEMPLATE = "This text is about {}."
COUNTS = (0, 100, 500, 2000, 5000)
ROWS = 5000  # rows to learn from, all epochs together, where there are not more
EPOCHS = 4
AT_ONCE = 16
TOKENS = 96
LEARNING_RATE = 5e-5
WARM_UP = 0.1

Row = tuple[str, int]


class Judge:
    """zstext-nli as it is shipped, which asks for both labels."""

    def __init__(self) -> None:
        self.network = new_model("shipped")
        self._tokenizer = AutoTokenizer.from_pretrained(minilm_dir())

    def margins(self, texts: Sequence[str]) -> Tensor:
        """Return the logits of entailment less those of not-entailment, (n_texts, n_labels)."""
        hypotheses = [TEMPLATE.replace("{}", label) for label in LABELS] * len(texts)
        premises = [text for text in texts for _ in LABELS]
        tokens = self._tokenizer(
            premises,
            hypotheses,
            padding=True,
            truncation="only_first",
            max_length=TOKENS,
            return_tensors="pt",
        )
        logits = self.network(**tokens).logits
        return (logits[:, 0] - logits[:, 1]).reshape(len(texts), len(LABELS))

    def learn(self, rows: Sequence[Row]) -> None:
        """Learn from labelled rows, several times over where they are few."""
        drawn = list(batches(rows))
        parameters = [p for p in self.network.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
        self.network.train()
        for i, batch in enumerate(drawn):
            done = (i + 1) / len(drawn)
            share = min(1.0, done / WARM_UP, (1 - done) / (1 - WARM_UP))
            optimiser.param_groups[0]["lr"] = LEARNING_RATE * share
            right = torch.tensor([label for _, label in batch])
            loss = nn.functional.cross_entropy(self.margins([text for text, _ in batch]), right)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    @torch.inference_mode()
    def macro_f1(self, rows: Sequence[Row]) -> float:
        """Return macro-F1 in percent."""
        self.network.eval()
        parts = [rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)]
        best = [i for part in parts for i in self.margins([t for t, _ in part]).argmax(1).tolist()]
        return 100 * float(f1_score([label for _, label in rows], best, average="macro"))


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in random orders, always the same."""
    epochs = min(EPOCHS, ROWS // len(rows)) if rows else 0
    for epoch in range(epochs):
        order = Random(epoch).sample(rows, len(rows))
        yield from (order[i : i + AT_ONCE] for i in range(0, len(order), AT_ONCE))


def main() -> None:
    """Measure, print, and write the section."""
    folder = data.parser(__doc__).parse_args().data / "eval" / SET
    train, test = (
        [(row["text"], LABELS.index(row["label"])) for row in read(folder / f"{part}.csv")]
        for part in ("train", "test")
    )
    torch.manual_seed(0)
    lines = []
    for count in COUNTS:
        judge = Judge()
        judge.learn(Random(0).sample(train, count))
        lines.append([f"{count:,}", f"{judge.macro_f1(test):.1f}"])
        print(*lines[-1], file=sys.stderr, flush=True)
    body = f"""Macro-F1 in percent on all {len(test):,} rows of {SET}, if zstext-nli goes on to
learn from so many labelled rows of its training set: what sentences of that very kind would add to
a network of this size. No zero-shot figure but the first; nothing of it is shipped."""
    report(
        "labelled-critics",
        "What limits zstext-nli on film critics",
        body + "\n\n" + table(["labelled rows", "macro-F1"], lines),
    )


if __name__ == "__main__":
    main()
