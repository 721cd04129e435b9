"""Published pairs of premise and hypothesis, without what the model is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.groups import Group, normal, read


@dataclass(frozen=True, slots=True)
class EntailmentPairs:
    """Pairs of one file: whether the premise entails the hypothesis."""

    pairs: tuple[tuple[str, str, bool], ...]

    def draw(self, rng: Random) -> Group:
        """Return a group of one pair."""
        premise, hypothesis, follows = rng.choice(self.pairs)
        return Group(premise, (hypothesis,), (float(follows),))


def entailment_pairs(
    data: Path, names: dict[str, float], measured_on: list[str], banned: set[str]
) -> dict[str, EntailmentPairs]:
    """Return the pairs of every file named, and no text that is `banned` or measured on."""
    measured = {
        (normal(row["premise"]), normal(row["hypothesis"]))
        for name in measured_on
        for row in read(data / "nli" / f"{name}.csv")
    }
    return {name: _read(data / "nli" / f"{name}.csv", measured, banned) for name in names}


def _read(path: Path, measured: set[tuple[str, str]], banned: set[str]) -> EntailmentPairs:
    pairs = []
    for row in read(path):
        premise, hypothesis = normal(row["premise"]), normal(row["hypothesis"])
        if (premise, hypothesis) not in measured and not {premise, hypothesis} & banned:
            pairs.append((row["premise"], row["hypothesis"], row["label"] == "entailment"))
    return EntailmentPairs(tuple(pairs))
