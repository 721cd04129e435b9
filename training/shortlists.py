"""Lists of labels graded by two encoders and by entailment itself, and what it is held to besides.

Among many labels entailment reads the few that an encoder puts first. It had learned from labels
drawn at random, and from those that all-MiniLM-L6-v2 would confuse; here it learns what both
encoders and it say together of such lists. All else is held as it is: the probabilities that the
model has before are what it goes on to learn of other pairs (Li and Hoiem 2016).

References
----------
Li and Hoiem, "Learning without forgetting", ECCV 2016.
Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Protocol

import numpy as np
from scipy.special import expit, log_softmax, softmax

from training.groups import Group
from training.labelled_texts import LabelledTexts, piece
from training.teacher import vectors
from zstext.calibration import ScoreScale
from zstext.defaults import SCALES
from zstext.encoders import MINILM, OWN_ENCODER, load_encoder
from zstext.nli import load_entailer
from zstext.protocols import Encoder, Entailer, FloatArray

_WORDS = 60  # of a text
_AT_ONCE = 64  # groups that entailment reads together


class Drawable(Protocol):
    """A family of sources."""

    @property
    def sources(self) -> Sequence[tuple[Any, float]]:
        """Its sources, each with how often it is drawn from."""

    def draw(self, seed: int | str, pairs: int) -> list[Group]:
        """Return groups with about as many pairs."""


@dataclass(frozen=True, slots=True)
class Graded:
    """Groups that were graded beforehand."""

    groups: Sequence[Group]

    def draw(self, rng: Random) -> Group:
        """Return one of them."""
        return rng.choice(self.groups)


def shortlists(families: Mapping[str, Drawable], config: Mapping[str, Any]) -> dict[str, Graded]:
    """Return the sources of lists that are learned, and of pairs that are held."""
    settings, rng = config["shortlists"], Random(config["seed"])
    encoder, first, entailer = load_encoder(OWN_ENCODER), load_encoder(MINILM), load_entailer()
    lists = list(near_labels(families, encoder, settings, rng))
    for name, pairs in settings["others"].items():
        lists += [g for g in families[name].draw(f"{config['seed']}-other", pairs) if _several(g)]
    learned = graded(lists, (encoder, first), entailer, settings)
    kept = [
        group
        for name, pairs in settings["held"].items()
        for group in families[name].draw(f"{config['seed']}-held", pairs)
    ]
    return {"shortlists": Graded(learned), "held": Graded(held(kept, entailer))}


def near_labels(
    families: Mapping[str, Drawable],
    encoder: Encoder,
    settings: Mapping[str, Any],
    rng: Random,
) -> Iterator[Group]:
    """Yield texts with their label, those that the encoder puts nearest, and one or two others."""
    for source in _of_many_labels(families, settings):
        rows = rng.choices(source.texts, k=round(settings["share"] * len(source.texts)))
        texts, labels = [piece(text, _WORDS, rng) for text, _ in rows], source.labels
        similarity = vectors(encoder, texts) @ vectors(encoder, labels).T
        for text, (_, right), row in zip(texts, rows, similarity, strict=True):
            others = [labels[j] for j in np.argsort(-row, kind="stable") if labels[j] != right]
            far = others[settings["nearest"] :]
            wrong = others[: settings["nearest"]] + rng.sample(far, min(2, len(far)))
            word = source.wording([right, *wrong], rng)
            hypotheses = tuple(word(label) for label in (right, *wrong))
            yield Group(text, hypotheses, (1.0,) + (0.0,) * len(wrong), "choice")


def graded(
    groups: Sequence[Group],
    encoders: tuple[Encoder, Encoder],
    entailer: Entailer,
    settings: Mapping[str, Any],
) -> list[Group]:
    """Return the groups with shares of the hypotheses: what all say, and in part what is right."""
    weights = settings["weights"]
    by_encoders = [_cosines(groups, encoder) for encoder in encoders]
    scales = [SCALES[encoder.name] for encoder in encoders]
    found = []
    for i, (group, margins) in enumerate(zip(groups, _margins(groups, entailer), strict=True)):
        said = weights["entailment"] * log_softmax(margins)
        for cosines, scale, name in zip(by_encoders, scales, ("encoder", "minilm"), strict=True):
            said = said + weights[name] * _log_share(cosines[i], scale)
        shares = softmax(settings["sharpen"] * said)
        if group.kind == "choice":
            right = np.array(group.targets)
            shares = (1 - settings["right"]) * shares + settings["right"] * right
        found.append(replace(group, targets=tuple(shares.tolist()), kind="soft"))
    return found


def held(groups: Sequence[Group], entailer: Entailer) -> list[Group]:
    """Return the groups, each pair with the probability that the model has of it."""
    return [
        replace(group, targets=tuple(expit(margins).tolist()), kind="pairs")
        for group, margins in zip(groups, _margins(groups, entailer), strict=True)
    ]


def _of_many_labels(
    families: Mapping[str, Drawable], settings: Mapping[str, Any]
) -> Iterator[LabelledTexts]:
    for name in settings["lists"]:
        for source, _ in families[name].sources:
            if isinstance(source, LabelledTexts) and len(source.labels) > settings["nearest"] + 2:
                yield source


def _several(group: Group) -> bool:
    return len(group.hypotheses) > 1


def _log_share(cosines: FloatArray, scale: ScoreScale) -> FloatArray:
    return np.asarray(log_softmax(cosines / scale.temperature))


def _cosines(groups: Sequence[Group], encoder: Encoder) -> list[FloatArray]:
    hypotheses = list(dict.fromkeys(h for group in groups for h in group.hypotheses))
    row = {hypothesis: i for i, hypothesis in enumerate(hypotheses)}
    S = vectors(encoder, hypotheses)
    X = vectors(encoder, [group.premise for group in groups])
    return [S[[row[h] for h in group.hypotheses]] @ x for group, x in zip(groups, X, strict=True)]


def _margins(groups: Sequence[Group], entailer: Entailer) -> Iterator[FloatArray]:
    """Yield of every group the logits of entailment less those of its opposite."""
    for start in range(0, len(groups), _AT_ONCE):
        part = groups[start : start + _AT_ONCE]
        hypotheses = list(dict.fromkeys(h for group in part for h in group.hypotheses))
        column = {hypothesis: j for j, hypothesis in enumerate(hypotheses)}
        asked = np.zeros((len(part), len(hypotheses)), dtype=np.bool_)
        for i, group in enumerate(part):
            asked[i, [column[h] for h in group.hypotheses]] = True
        texts = [group.premise for group in part]
        logits = entailer.entail(texts, hypotheses, asked=asked, whole=False).logits
        for i, group in enumerate(part):
            of_group = logits[i, [column[h] for h in group.hypotheses]].astype(np.float64)
            yield of_group[:, 0] - of_group[:, 1]
