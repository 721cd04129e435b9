"""The network that an encoder's training changes, and how it makes vectors of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from training.train import bfloat16_pays
from zstext.encoders import own
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import read_weights
from zstext.nli import compact

_SHARED = "embeddings.word_embeddings.weight"
_ROWS = 32  # texts in one pass, those of about the same length


class Embedder:
    """Texts to unit vectors, as all-MiniLM-L6-v2 pools them.

    Parameters
    ----------
    network : transformers.BertModel
    """

    def __init__(self, network: Any) -> None:
        self.network = network
        self._tokenizer = AutoTokenizer.from_pretrained(minilm_dir())

    def __call__(self, texts: Sequence[str], tokens: int) -> Tensor:
        """Return vectors of shape (n_texts, n_features), of at most so many tokens each."""
        ids = self._tokenizer(list(texts), truncation=True, max_length=tokens)["input_ids"]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        parts = [
            self._pooled([ids[i] for i in order[start : start + _ROWS]])
            for start in range(0, len(order), _ROWS)
        ]
        return torch.cat(parts)[torch.argsort(torch.tensor(order))]

    def _pooled(self, ids: Sequence[Sequence[int]]) -> Tensor:
        batch = self._tokenizer.pad({"input_ids": ids}, pad_to_multiple_of=8, return_tensors="pt")
        inside = batch["attention_mask"][:, :, None].float()
        faster = self.network.training and bfloat16_pays("cpu")
        with torch.autocast("cpu", torch.bfloat16, enabled=faster):
            hidden = self.network(**batch).last_hidden_state.float()
        return nn.functional.normalize((hidden * inside).sum(1) / inside.sum(1), dim=1)


def new_network(start: float | Literal["shipped"]) -> Any:
    """Return the network that training begins with: zstext-encoder as shipped, or a mixture.

    The layers of the entailment model were trained from those of all-MiniLM-L6-v2, know praise from
    blame, and can be added to them in part.

    Parameters
    ----------
    start : float or "shipped"
        The share of the entailment model in the layers; the rest is all-MiniLM-L6-v2.

    References
    ----------
    Ilharco et al., "Editing models with task arithmetic", ICLR 2023.
    """
    network = AutoModel.from_pretrained(
        minilm_dir(),
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",  # backwards and on a CPU three times as fast
        dtype=torch.float32,
    )
    first = network.state_dict()
    trained, share = _trained(start)
    mixed = {n: (1 - share) * first[n] + share * a for n, a in trained.items() if n in first}
    network.load_state_dict(mixed, strict=False)
    network.embeddings.word_embeddings.weight.requires_grad_(False)
    return network.train()


def _trained(start: float | Literal["shipped"]) -> tuple[dict[str, Tensor], float]:
    """Return trained layers, by the names of the network, and their share."""
    if start == "shipped":
        stored, share = read_weights(own.directory() / own.WEIGHTS, own.NAME), 1.0
    else:
        stored, share = compact.read_weights(), start
    return {n.removeprefix("bert."): torch.from_numpy(a) for n, a in stored.items()}, share


def layers(network: Any) -> dict[str, Any]:
    """Return what was trained, as float32 by name."""
    return {n: t.numpy() for n, t in network.state_dict().items() if n != _SHARED}
