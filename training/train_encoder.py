"""Train zstext's own encoder: `python -m training.train_encoder RUN_DIR`.

Killed at any moment, the same command goes on from the last checkpoint. A text is drawn towards the
hypotheses that are true of it and away from the others of its block, by the softmax over their
cosines. It begins between all-MiniLM-L6-v2 and the layers of the entailment model (these were
trained from the same weights, know praise from blame, and can be added in part), or with what is
shipped.

References
----------
Ilharco et al., "Editing models with task arithmetic", ICLR 2023.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from training.blocks import Block, Blocks, blocks
from training.mixture import HERE, load_families
from training.train import bfloat16_pays, rate
from zstext.encoders import own
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import read_weights
from zstext.nli import compact

_SHARED = "embeddings.word_embeddings.weight"
_ROWS = 32  # texts in one pass, those of about the same length
_IMPOSSIBLE = -1e4


def main() -> None:
    """Train, or go on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of checkpoints and the log")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--set", nargs="+", default=[], metavar="KEY=VALUE", help="in place of encoder.yaml's"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = load_config()
    config |= {k: yaml.safe_load(v) for k, v in (part.split("=") for part in arguments.set)}
    train(config, blocks(load_families(config), config), arguments.run)


def load_config() -> dict[str, Any]:
    """Return the settings of encoder.yaml over those of config.yaml."""
    files = [HERE / name for name in ("config.yaml", "encoder.yaml")]
    first, second = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return {**first, **second}


def train(config: Mapping[str, Any], drawn: Blocks, run: Path) -> None:
    """Train for as many steps as the configuration says, and write the layers."""
    run.mkdir(parents=True, exist_ok=True)
    network = new_network(config["start"])
    embed = Embedder(network)
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad],
        lr=config["learning_rate"],
        weight_decay=config["weight_decay"],
    )
    begun, losses = time.perf_counter(), []
    for step in range(_resume(run, network, optimiser), config["steps"]):
        losses.append(_learn(config, step, embed, optimiser, drawn))
        if (step + 1) % config["steps_between"] == 0 or step + 1 == config["steps"]:
            _checkpoint(run, network, optimiser, step + 1)
            seconds = (time.perf_counter() - begun) / len(losses)
            line = {"step": step + 1, "loss": float(np.mean(losses)), "seconds_a_step": seconds}
            with (run / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(line) + "\n")
            begun, losses = time.perf_counter(), []
    save_file(layers(network), run / own.WEIGHTS)


def _learn(
    config: Mapping[str, Any],
    step: int,
    embed: Embedder,
    optimiser: torch.optim.Optimizer,
    drawn: Blocks,
) -> float:
    rng = Random(f"{config['seed']}-{step}")
    chosen = [drawn.draw(rng, config["texts_in_block"]) for _ in range(config["blocks_in_step"])]
    for setting in optimiser.param_groups:
        setting["lr"] = config["learning_rate"] * rate((step + 1) / config["steps"], config)
    loss = step_loss(embed, chosen, config)
    loss.backward()
    nn.utils.clip_grad_norm_(embed.network.parameters(), config["clip"])
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss.item()


def step_loss(embed: Embedder, chosen: Sequence[Block], config: Mapping[str, Any]) -> Tensor:
    """Return the mean loss of the texts of some blocks, embedded together."""
    longest = config["tokens"]
    X = embed([text for block in chosen for text in block.texts], longest["texts"])
    S = embed([h for block in chosen for h in block.hypotheses], longest["hypotheses"])
    texts = X.split([len(block.texts) for block in chosen])
    hypotheses = S.split([len(block.hypotheses) for block in chosen])
    losses = [
        block_loss(x @ s.T / config["temperature"], block)
        for x, s, block in zip(texts, hypotheses, chosen, strict=True)
    ]
    return torch.cat(losses).mean()


def block_loss(logits: Tensor, block: Block) -> Tensor:
    """Return of each text -log of the share that its true hypotheses have among those counted."""
    counted, true = torch.from_numpy(block.counted), torch.from_numpy(block.true)
    among = logits.masked_fill(~counted, _IMPOSSIBLE)
    return among.logsumexp(1) - among.masked_fill(~true, _IMPOSSIBLE).logsumexp(1)


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

    Parameters
    ----------
    start : float or "shipped"
        The share of the entailment model in the layers; the rest is all-MiniLM-L6-v2.
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


def _checkpoint(run: Path, network: Any, optimiser: torch.optim.Optimizer, done: int) -> None:
    state = {"model": network.state_dict(), "optimiser": optimiser.state_dict(), "steps": done}
    torch.save(state, run / "checkpoint.part")
    (run / "checkpoint.part").replace(run / "checkpoint.pt")


def _resume(run: Path, network: Any, optimiser: torch.optim.Optimizer) -> int:
    if not (run / "checkpoint.pt").exists():
        return 0
    state = torch.load(run / "checkpoint.pt", weights_only=True, map_location="cpu")
    network.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["steps"])


if __name__ == "__main__":
    main()
