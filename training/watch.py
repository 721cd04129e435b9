"""What is looked at while training runs: entailment held out, and label sets never trained on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_softmax
from sklearn.metrics import f1_score

from training.groups import Group, read

if TYPE_CHECKING:
    from training.drawn import Array, Drawn

_PAIRS = ("snli_test", "mnli_taxinli_dev")
_ROWS = 1000
_REVIEWS = "amazon_review_full"
_POLARITY = {"1 star": 0, "2 stars": 0, "4 stars": 1, "5 stars": 1}
_TEMPLATE = "This text is about {}."
_MARK = "watched "


def watched(data: Path) -> dict[str, list[Group]]:
    """Return the groups that no run learns from, by family."""
    found = {name: _entailment(data / "nli" / f"{name}.csv") for name in _PAIRS}
    for folder in sorted((data / "train").glob("llicl_*")):
        labels = json.loads((folder / "meta.json").read_bytes())["labels"]
        rows = [(row["text"], labels.index(row["label"])) for row in read(folder / "test.csv")]
        found[folder.name] = _labelled(rows, labels)
    reviews = [
        (row["text"], _POLARITY[row["label"]])
        for part in ("test", "train")
        for row in read(data / "train" / _REVIEWS / f"{part}.csv")
        if row["label"] in _POLARITY
    ]
    found[_REVIEWS] = _labelled(reviews, ["negative", "positive"])
    return {_MARK + name: groups for name, groups in found.items()}


def watch(drawn: Drawn, margins: Callable[[Array], Array]) -> dict[str, float]:
    """Return accuracy on pairs, macro-F1 and mean loss on label sets.

    Parameters
    ----------
    drawn : Drawn
    margins : callable
        Returns the margin of every pair of the groups given, in order.
    """
    out: dict[str, float] = {}
    losses, scores = [], []
    for family, (low, high) in drawn.families.items():
        if not family.startswith(_MARK):
            continue
        name = family.removeprefix(_MARK)
        margin = margins(np.arange(low, high))
        target = drawn.target[drawn.first[low] : drawn.first[high]]
        if name in _PAIRS:
            out[name] = round(100 * float(((margin > 0) == (target > 0)).mean()), 1)
            continue
        shares = log_softmax(margin.reshape(high - low, -1), axis=1)
        y = target.reshape(shares.shape).argmax(axis=1)
        losses.append(-shares[np.arange(len(y)), y].mean())
        scores.append(100 * f1_score(y, shares.argmax(axis=1), average="macro"))
        out[name] = round(float(scores[-1]), 1)
    return out | {"mean": round(float(np.mean(scores)), 2), "nll": round(float(np.mean(losses)), 4)}


def _entailment(path: Path) -> list[Group]:
    rows = list(read(path))[:_ROWS]
    return [
        Group(r["premise"], (r["hypothesis"],), (float(r["label"] == "entailment"),)) for r in rows
    ]


def _labelled(rows: list[tuple[str, int]], labels: list[str]) -> list[Group]:
    hypotheses = tuple(_TEMPLATE.replace("{}", label) for label in labels)
    targets = np.eye(len(labels)).tolist()
    return [Group(text, hypotheses, tuple(targets[y]), "choice") for text, y in rows]
