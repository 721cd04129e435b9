"""How much entailment counts beside an encoder: the fusions of `zstext.defaults`, on data/train.

The sets are those of data/train that neither zstext-nli nor zstext-encoder was trained on.
--model names another encoder than the default one, with a section of its own: all-MiniLM-L6-v2 for
`MINILM_FUSION`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.metrics import f1_score

from benchmarks import data
from benchmarks.results import report, table
from training.groups import read
from zstext import LabelSpace, load_encoder, load_entailer
from zstext.defaults import CONTENT_FREE_WEIGHT, DEFAULT_TEMPLATES, scale_for
from zstext.scoring import EncoderScorer, EntailmentScorer
from zstext.templates import as_templates

TEMPLATES = (
    "This example is {}.",
    "This text is about {}.",
    "This text is {}.",
    "{}",
)
CHOSEN = "This text is about {}."
SHARES = (0.0, 0.15, 0.3, 0.45, 0.6)
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def sets(folder: Path) -> list[tuple[str, tuple[str, ...], list[str], list[int]]]:
    """Return name, labels, texts and classes of the sets that nothing was trained on."""
    out = []
    for path in sorted((folder / "train").glob("llicl_*")):
        labels = tuple(json.loads((path / "meta.json").read_bytes())["labels"])
        rows = list(read(path / "test.csv"))
        column = {label: i for i, label in enumerate(labels)}
        out.append(
            (path.name, labels, [r["text"] for r in rows], [column[r["label"]] for r in rows])
        )
    return out


def evidence(folder: Path, model: str | None) -> list[dict[str, Any]]:
    """Return the log-probabilities of the encoder and the logits of entailment for every set."""
    encoder, entailer = load_encoder(model), load_entailer()
    first, scale = EncoderScorer(encoder, DEFAULT_TEMPLATES), scale_for(encoder)
    out = []
    for name, names, texts, y in sets(folder):
        labels = LabelSpace.of(list(names))
        cosines = first.score(texts, labels).scores
        found: dict[str, Any] = {
            "name": name,
            "y": np.array(y),
            "encoder": log_softmax(cosines / scale.temperature_among(len(names)), axis=1),
        }
        for template in TEMPLATES:
            scorer = EntailmentScorer(entailer, as_templates(template))
            found[template] = scorer.score(texts, labels).scores
            asked = [scorer.templates[0].fill(label) for label in names]
            found["of " + template] = scorer.content_free_logits(asked)
        out.append(found)
    return out


def fused(found: dict[str, Any], template: str, weight: float, share: float) -> Any:
    """Return the weighted sum of the log-probabilities."""
    logits = found[template] - share * found["of " + template]
    return (1 - weight) * found["encoder"] + weight * log_softmax(logits, axis=1)


def macro_f1(
    found: Sequence[dict[str, Any]],
    template: str,
    weight: float,
    share: float = CONTENT_FREE_WEIGHT,
) -> float:
    """Return the mean over the sets."""
    return mean(
        100 * f1_score(f["y"], fused(f, template, weight, share).argmax(axis=1), average="macro")
        for f in found
    )


def temperature(found: Sequence[dict[str, Any]], template: str, weight: float) -> float:
    """Return the temperature at which the fused probabilities lose least, sets counting alike."""

    def loss(log_t: float) -> float:
        losses = []
        for f in found:
            scores = fused(f, template, weight, CONTENT_FREE_WEIGHT)
            p = log_softmax(scores / np.exp(log_t), axis=1)
            losses.append(-p[np.arange(len(p)), f["y"]].mean())
        return float(mean(losses))

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def main() -> None:
    """Print and record what every weight gives beside an encoder."""
    parser = data.parser(__doc__)
    parser.add_argument("--model", help="another encoder than the default")
    options = parser.parse_args()
    found = evidence(options.data, options.model)
    rows = [[f"{w:.1f}", *(f"{macro_f1(found, t, w):.1f}" for t in TEMPLATES)] for w in WEIGHTS]
    rows_t = [
        [f"{w:.1f}", *(f"{temperature(found, t, w):.2f}" for t in TEMPLATES)] for w in WEIGHTS
    ]
    rows_s = [
        [f"{w:.1f}", *(f"{macro_f1(found, CHOSEN, w, share):.1f}" for share in SHARES)]
        for w in WEIGHTS
    ]
    body = "\n\n".join(
        [
            f"{len(found)} sets of data/train that neither model has seen, 100 documents each. "
            "Mean macro-F1 by the weight of entailment and the template of its hypothesis:",
            table(["weight", *TEMPLATES], rows),
            "The same by the weight of entailment and the share of what a name scores on texts "
            f"that say nothing that is taken off; template {CHOSEN!r}. Above, that share is "
            f"{CONTENT_FREE_WEIGHT}.",
            table(["weight", *map(str, SHARES)], rows_s),
            "The temperature at which the fused log-probabilities lose least:",
            table(["weight", *TEMPLATES], rows_t),
        ]
    )
    report("choose-fusion", "How the fusion was chosen", body, model=options.model)


if __name__ == "__main__":
    main()
