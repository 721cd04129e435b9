"""How many labels a shortlist must hold: recall of the encoder on the larger sets of data/train."""

from __future__ import annotations

import json

import numpy as np

from benchmarks import data
from benchmarks.results import report, table
from training.groups import read
from zstext import LabelSpace, load_encoder
from zstext.defaults import CASCADE_SHORTLIST, DEFAULT_TEMPLATES
from zstext.scoring import EncoderScorer

SETS = ("stackoverflow", "ohsumed23", "reuters_r52", "unspsc_software")
SIZES = (1, 3, 5, 8, 10, 15, 20)
LIMIT = 1500


def main() -> None:
    """Print and record the recall at every size."""
    options = data.parser(__doc__).parse_args()
    scorer = EncoderScorer(load_encoder(), DEFAULT_TEMPLATES)
    rows = []
    for name in SETS:
        folder = options.data / "train" / name
        names = json.loads((folder / "meta.json").read_bytes())["labels"]
        documents = list(read(folder / "test.csv"))[:LIMIT]
        scores = scorer.score([d["text"] for d in documents], LabelSpace.of(names)).scores
        right = scores[np.arange(len(documents)), [names.index(d["label"]) for d in documents]]
        place = (scores > right[:, None]).sum(axis=1)
        recall = [f"{100 * np.mean(place < size):.1f}" for size in SIZES]
        rows.append([name, str(len(names)), str(len(documents)), *recall])
    body = (
        "Share of the documents whose label is among the first so many of the encoder, without "
        f"known categories, in percent; `CASCADE_SHORTLIST` is {CASCADE_SHORTLIST}. The labels of "
        "unspsc_software are kinds of software, its documents names of products.\n\n"
        + table(["set", "labels", "rows", *map(str, SIZES)], rows)
    )
    report("shortlist", "How long a shortlist must be", body)


if __name__ == "__main__":
    main()
