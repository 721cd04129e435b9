"""The figures behind the scale of zstext-encoder, on sets of DATA/train.

The entailment model, with whose layers the encoder began in part, learned from all four topic sets,
the encoder itself from two, and neither from the llicl sets: on those alone are temperatures
compared. Both encoders with the default templates: macro-F1, how likely the true labels are at
every temperature, and the scale that the probe gives.

    python -m benchmarks.choose_own_scale --data ../shared/data
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.special import log_softmax

from benchmarks.choose_constants import (
    MULTI_LABEL,
    TEMPERATURES,
    Array,
    TrainSet,
    load_set,
    multi_label_scale,
    named,
)
from benchmarks.results import report, table
from zstext.defaults import DEFAULT_TEMPLATES, OTHER_MODELS
from zstext.encoders import MINILM, OWN_ENCODER, load_encoder
from zstext.probe import read_probe

ROWS = 1000
TOPICS = ("stackoverflow", "reuters_r52", "ohsumed23", "unspsc_software")
LEARNED = ("ohsumed23", "unspsc_software")
"""Of which zstext-encoder has learned."""


def measure(
    folders: Sequence[Path], model: str
) -> tuple[dict[str, float], list[float], tuple[str, str]]:
    """Return macro-F1 by set, mean losses, and the scales by the probe and of several labels."""
    encoder = load_encoder(model)
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    sets = [load_set(folder, encoder, ROWS) for folder in folders]
    cosines = [s.X @ named(s, encoder, templates).T for s in sets]
    f1 = {s.name: s.f1(scores) for s, scores in zip(sets, cosines, strict=True)}
    unseen = [(s, c) for s, c in zip(sets, cosines, strict=True) if s.name not in TOPICS]
    losses = [float(np.mean([loss(s, c, t) for s, c in unseen])) for t in TEMPERATURES]
    scale = OTHER_MODELS.scale(read_probe(encoder, DEFAULT_TEMPLATES))
    said = f"{scale.temperature:.3f}, {scale.midpoint:.3f}, {scale.multi_temperature:.3f}"
    tagged = [s for s in sets if s.name in MULTI_LABEL and s.name not in LEARNED]
    by_name = {s.name: scores for s, scores in zip(sets, cosines, strict=True)}
    midpoint, T = multi_label_scale(tagged, by_name)
    return f1, losses, (said, f"{midpoint:.3f}, {T:.3f}")


def loss(s: TrainSet, cosines: Array, temperature: float) -> float:
    """Return the mean of -log p of the true labels."""
    log_p = log_softmax(cosines / temperature, axis=1)
    return -float(log_p[np.arange(len(s.y)), s.y].mean())


def main() -> None:
    """Measure, print, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    train = parser.parse_args().data / "train"
    csv.field_size_limit(2**31 - 1)
    models = (MINILM, OWN_ENCODER)
    folders = [*(train / name for name in TOPICS), *sorted(train.glob("llicl_*"))]
    found = [measure(folders, model) for model in models]
    f1 = [figures for figures, _, _ in found]
    many = [name for name in f1[0] if name.startswith("llicl_")]
    lines = [[name, *(f"{figures[name]:.1f}" for figures in f1)] for name in TOPICS]
    means = [np.mean([figures[name] for name in many]) for figures in f1]
    lines.append([f"mean of {len(many)} llicl sets", *(f"{m:.1f}" for m in means)])
    losses = zip(TEMPERATURES, *(by_temperature for _, by_temperature, _ in found), strict=True)
    lines += [[f"their loss at {t}", *(f"{v:.3f}" for v in values)] for t, *values in losses]
    for i, title in enumerate(("scale by the probe", "for several labels, by such sets")):
        lines.append([title, *(scales[i] for _, _, scales in found)])
    body = f"""Macro-F1 in percent, zero-shot, up to {ROWS:,} rows a set, with the default
templates; mean of -log p of the true labels of the llicl sets, which neither learned from;
temperature, midpoint and multi-label temperature that `OTHER_MODELS` gives by the probe; midpoint
and temperature for several labels, having one and lacking it counting alike, fitted to those topics
and emotions among the sets that zstext-encoder has not learned from.
zstext-encoder learned from ohsumed23 and unspsc_software; stackoverflow and reuters_r52 it knows by
the layers of the entailment model alone."""
    body += "\n\n" + table(["", *models], lines)
    report("own-encoder", "The scale of zstext-encoder", body)


if __name__ == "__main__":
    main()
