"""Teach zstext's encoder long opinions: `python -m training.teach_opinions RUN_DIR`.

Training that shows reviews alone draws topics towards them. So everything else stays where it is:
the vectors of other texts and of all hypotheses are held to those that the start gives them, as a
network is held to its own answers when it learns a further task.

References
----------
Li and Hoiem, "Learning without forgetting", ECCV 2016.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import torch
from torch import Tensor

from training.blocks import Blocks, blocks
from training.mixture import load_families
from training.network import Embedder, new_network
from training.opinions import opinions
from training.train_encoder import block_loss, settings, train

_JOINED = (1, 1, 1, 1, 2, 4)  # texts in one that is kept: long ones are kept, too


def main() -> None:
    """Train, or go on."""
    config, run = settings(__doc__, "encoder.yaml", "opinions.yaml")
    families = load_families(config)
    train(config, Lesson(config, opinions(families, config), blocks(families, config)), run)


class Lesson:
    """The loss of a step: of long opinions, and of what moved besides.

    Parameters
    ----------
    config : dict
    learned, kept : Blocks
    """

    def __init__(self, config: Mapping[str, Any], learned: Blocks, kept: Blocks) -> None:
        self._config = config
        self._learned, self._kept = learned, kept
        self._start = Embedder(new_network(config["start"]).eval())

    def __call__(self, embed: Embedder, rng: Random) -> Tensor:
        """Return the loss of what is drawn with `rng`."""
        block = self._learned.draw(rng, self._config["texts_in_block"])
        other = self._kept.draw(rng, self._config["kept_texts"])
        texts = [joined(text, other.texts, rng) for text in other.texts]
        names = sorted({*other.hypotheses, *block.hypotheses})
        names = rng.sample(names, min(self._config["kept_hypotheses"], len(names)))
        names = sorted({*names, *block.hypotheses})

        longest = self._config["tokens"]
        X = embed(block.texts, longest["texts"])
        moved = self._moved(texts, embed(texts, longest["texts"]), longest["texts"])
        S = embed(names, longest["hypotheses"])
        moved = moved + self._moved(names, S, longest["hypotheses"])
        s = S[[names.index(hypothesis) for hypothesis in block.hypotheses]]
        learned = block_loss(X @ s.T / self._config["temperature"], block).mean()
        return learned + self._config["keep"] * moved

    def _moved(self, texts: Sequence[str], vectors: Tensor, tokens: int) -> Tensor:
        """Return the mean cosine distance from the vectors of the start."""
        with torch.no_grad():
            before = self._start(texts, tokens)
        return 1 - (vectors * before).sum(dim=1).mean()


def joined(text: str, others: Sequence[str], rng: Random) -> str:
    """Return the text, now and then with others after it."""
    return " ".join([text, *rng.choices(others, k=rng.choice(_JOINED) - 1)])


if __name__ == "__main__":
    main()
