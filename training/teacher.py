"""What the sentence encoder knows: which labels it would confuse, and how it ranks topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from training.groups import Group
from zstext import LabelSpace
from zstext.encoders import MINILM, load_encoder
from zstext.protocols import Encoder, FloatArray
from zstext.semantics import class_embeddings, mean_windows
from zstext.templates import HypothesisTemplate

_TEMPLATES = (HypothesisTemplate("This text is about {}."), HypothesisTemplate("topics: {}"))
_TEMPERATURE = 0.06
_WORDS = 60
_NEAREST = 12


@dataclass(frozen=True, slots=True)
class Teacher:
    """Groups whose targets are the encoder's own probabilities."""

    texts: tuple[str, ...]
    names: tuple[str, ...]
    similarity: FloatArray
    templates: tuple[str, ...]
    hypotheses: int

    def draw(self, rng: Random) -> Group:
        """Return a text with names near to it and names drawn at random."""
        i = rng.randrange(len(self.texts))
        near = np.argsort(-self.similarity[i], kind="stable")[:_NEAREST].tolist()
        chosen = rng.sample(near, self.hypotheses // 2)
        while len(chosen) < self.hypotheses:
            j = rng.randrange(len(self.names))
            if j not in chosen:
                chosen.append(j)
        grades = np.exp(
            (self.similarity[i, chosen] - self.similarity[i, chosen].max()) / _TEMPERATURE
        )
        template = rng.choice(self.templates)
        return Group(
            self.texts[i],
            tuple(template.replace("{}", self.names[j]) for j in chosen),
            tuple((grades / grades.sum()).tolist()),
            "soft",
        )


def teacher(
    texts: Sequence[str], names: Sequence[str], templates: Sequence[str], hypotheses: int
) -> Teacher:
    """Return the source of soft groups over `names`."""
    encoder = load_encoder(MINILM)
    short = tuple(" ".join(text.split()[:_WORDS]) for text in texts)
    X, S = vectors(encoder, short), _class_embeddings(encoder, names)
    return Teacher(short, tuple(names), X @ S.T, tuple(templates), hypotheses)


def confusions(
    texts: Sequence[str], labels: Sequence[str], nearest: int = 6
) -> list[tuple[str, ...]]:
    """Return the labels nearest to every text, best first."""
    encoder = load_encoder(MINILM)
    similarity = (
        vectors(encoder, [" ".join(t.split()[:_WORDS]) for t in texts])
        @ _class_embeddings(encoder, labels).T
    )
    order = np.argsort(-similarity, axis=1, kind="stable")[:, :nearest]
    return [tuple(labels[j] for j in row) for row in order]


def vectors(encoder: Encoder, texts: Sequence[str]) -> FloatArray:
    """Return the features of texts, (n_texts, n_features)."""
    encoded = encoder.encode(list(texts))
    return mean_windows(encoded.windows, encoded.counts)


def _class_embeddings(encoder: Encoder, names: Sequence[str]) -> FloatArray:
    return class_embeddings(encoder, LabelSpace.of(list(names)), _TEMPLATES)
