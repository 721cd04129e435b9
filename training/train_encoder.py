"""Train zstext's own encoder: `python -m training.train_encoder RUN_DIR`.

Killed at any moment, the same command goes on from the last checkpoint. A text is drawn towards the
hypotheses that are true of it and away from the others of its block, by the softmax over their
cosines.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from torch import Tensor, nn

from training.blocks import Block, Blocks, blocks
from training.mixture import HERE, load_families
from training.network import Embedder, layers, new_network
from training.train import rate
from zstext.encoders import own

Loss: TypeAlias = Callable[[Embedder, Random], Tensor]  # of one step, drawn with that generator

_IMPOSSIBLE = -1e4


def main() -> None:
    """Train, or go on."""
    config, run = settings(__doc__, "encoder.yaml")
    drawn = blocks(load_families(config), config)
    train(config, lambda embed, rng: step_loss(embed, _chosen(config, rng, drawn), config), run)


def settings(description: str | None, *files: str) -> tuple[dict[str, Any], Path]:
    """Return what the files say over config.yaml and the command line over them, and its folder."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("run", type=Path, help="folder of checkpoints and the log")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--set", nargs="+", default=[], metavar="KEY=VALUE", help=f"in place of {files[-1]}'s"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    given = {k: yaml.safe_load(v) for k, v in (part.split("=") for part in arguments.set)}
    return load_config(*files) | given, arguments.run


def load_config(*files: str) -> dict[str, Any]:
    """Return the settings of the files, each over those before it, over those of config.yaml."""
    texts = [(HERE / name).read_text(encoding="utf-8") for name in ("config.yaml", *files)]
    return {key: value for text in texts for key, value in yaml.safe_load(text).items()}


def train(config: Mapping[str, Any], loss: Loss, run: Path) -> None:
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
        losses.append(_learn(config, step, embed, optimiser, loss))
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
    loss: Loss,
) -> float:
    for setting in optimiser.param_groups:
        setting["lr"] = config["learning_rate"] * rate((step + 1) / config["steps"], config)
    of_step = loss(embed, Random(f"{config['seed']}-{step}"))
    of_step.backward()
    nn.utils.clip_grad_norm_(embed.network.parameters(), config["clip"])
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return of_step.item()


def _chosen(config: Mapping[str, Any], rng: Random, drawn: Blocks) -> list[Block]:
    return [drawn.draw(rng, config["texts_in_block"]) for _ in range(config["blocks_in_step"])]


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
