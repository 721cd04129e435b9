"""Train the compact entailment model: `python -m training.train RUN_DIR`.

Killed at any moment, the same command goes on from the last chunk. Matrix products are in bfloat16
where the machine has it, weights and optimiser in float32. On a CPU one thread is enough where it
has AMX; a GPU takes minutes for what a CPU takes hours for.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from torch import Tensor, nn
from transformers import BertForSequenceClassification

from training.drawn import (
    KINDS,
    LONGEST,
    SPECIAL,
    Array,
    Drawn,
    batches,
    draw,
    read_drawn,
    write_drawn,
)
from training.export import trained_weights
from training.mixture import HERE
from training.watch import watch
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import stored_form
from zstext.nli import compact

_CHOICE_WEIGHT = 0.5
_CLS, _SEP = 101, 102
_TOKENS_WATCHED = 8192
_MOST = 8  # pairs of a group that is learned from


def main() -> None:
    """Train, or go on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of checkpoints and the log")
    parser.add_argument("--drawn", type=Path, help="what `training.drawn` wrote, else drawn here")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--set", nargs="+", default=[], metavar="KEY=VALUE", help="in place of config.yaml's"
    )
    parser.add_argument(
        "--mixture",
        nargs="+",
        default=[],
        metavar="FAMILY=SHARE",
        help="other shares; what is not named is out",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    config |= {k: yaml.safe_load(v) for k, v in (part.split("=") for part in arguments.set)}
    if arguments.mixture:
        shares = dict(part.split("=") for part in arguments.mixture)
        config["mixture"] = {name: float(share) for name, share in shares.items()}
    train(config, arguments.run, arguments.drawn, arguments.device)


def train(
    config: Mapping[str, Any], run: Path, file: Path | None = None, device: str = "cpu"
) -> None:
    """Train until as many pairs as the configuration says were seen."""
    run.mkdir(parents=True, exist_ok=True)
    file = file or run / "drawn.safetensors"
    if not file.exists():
        write_drawn(draw(config), file)
    drawn = read_drawn(file)
    torch.manual_seed(config["seed"])
    model = new_model(config["start"], config["dropout"], device)
    pairs = Pairs(drawn, device)
    optimiser = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad],
        lr=config["learning_rate"],
        weight_decay=config["weight_decay"],
        fused=True,
    )
    chunks = -(-config["pairs"] // config["pairs_in_chunk"])
    for number in range(_resume(run, model, optimiser, device), chunks):
        line = {"chunk": number, **_learn(config, number, model, optimiser, pairs)}
        if number % config["watch_every"] == config["watch_every"] - 1 or number == chunks - 1:
            line |= watch(drawn, partial(margins, model, pairs))
        _checkpoint(run, model, optimiser, number + 1)
        with (run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
    save_file(stored_form(trained_weights(run)), run / compact.WEIGHTS)


def _learn(
    config: Mapping[str, Any],
    number: int,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    pairs: Pairs,
) -> dict[str, float]:
    """Learn from a chunk, and return the mean loss and the speed."""
    torch.manual_seed(config["seed"] + number + 1)  # what is dropped out, after a stop as well
    begun, losses = time.perf_counter(), []
    groups = pairs.drawn.chunk(number, config["pairs_in_chunk"], config["mixture"])
    found = pairs.batches(groups, config["tokens_in_batch"])
    Random(f"{config['seed']}-{number}-order").shuffle(found)
    chunks = -(-config["pairs"] // config["pairs_in_chunk"])
    model.train()
    for i, batch in enumerate(found):
        progress = (number + i / len(found)) / chunks
        for setting in optimiser.param_groups:
            setting["lr"] = config["learning_rate"] * rate(progress, config)
        loss = group_loss(margin(model, pairs, batch), *pairs.wanted(batch))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), config["clip"])
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(loss.detach())
    speed = pairs.count(groups) / (time.perf_counter() - begun)
    return {"loss": float(torch.stack(losses).mean()), "pairs_per_s": speed}


class Pairs:
    """Pairs of drawn groups as tensors on a device, laid out there.

    Parameters
    ----------
    drawn : Drawn
    device : str
    """

    def __init__(self, drawn: Drawn, device: str) -> None:
        self.drawn = drawn
        self._lengths = drawn.lengths
        self._device = device
        self._tokens = torch.from_numpy(drawn.tokens.astype(np.int32)).to(device)

    def batches(self, groups: Array, tokens: int) -> list[Array]:
        """Return the groups in batches of about so many tokens."""
        return list(batches(self._lengths, np.diff(self.drawn.first), groups, tokens))

    def encoded(self, groups: Array) -> dict[str, Tensor]:
        """Return what the model takes for all pairs of the groups, filled up to a multiple of 8."""
        d = self.drawn
        sizes = np.diff(d.first)[groups]
        hypothesis = d.hypothesis[pair_numbers(d.first[groups], sizes)]
        premise = np.repeat(d.premise[groups], sizes)
        fill = -len(premise) % 8
        premise = np.concatenate([premise, premise[:1].repeat(fill)])
        hypothesis = np.concatenate([hypothesis, hypothesis[:1].repeat(fill)])
        text = np.diff(d.starts)
        second = text[hypothesis]
        first = np.minimum(text[premise], LONGEST - SPECIAL - second)
        places = np.stack([d.starts[premise], first, d.starts[hypothesis], second])
        begin_1, n_1, begin_2, n_2 = torch.from_numpy(places).to(self._device)[:, :, None]
        width = -(-int((first + second).max() + SPECIAL) // 8) * 8
        at = torch.arange(width, device=self._device)[None, :]
        last = n_1 + n_2 + 2
        of_second = at > n_1 + 1
        source = torch.where(of_second, begin_2 + at - n_1 - 2, begin_1 + at - 1)
        ids = self._tokens[source.clamp(0, len(self._tokens) - 1)].long()
        ids = ids.masked_fill(at == 0, _CLS)
        ids = ids.masked_fill((at == n_1 + 1) | (at == last), _SEP)
        inside = at <= last
        return {
            "input_ids": ids.masked_fill(~inside, 0),
            "token_type_ids": (of_second & inside).long(),
            "attention_mask": inside.long(),
        }

    def count(self, groups: Array) -> int:
        """Return the number of pairs of the groups."""
        return int(np.diff(self.drawn.first)[groups].sum())

    def wanted(self, groups: Array) -> tuple[Tensor, Tensor, Tensor]:
        """Return targets of the pairs, and size and kind of the groups."""
        d = self.drawn
        sizes = np.diff(d.first)[groups]
        target = d.target[pair_numbers(d.first[groups], sizes)]
        arrays = (target, sizes, d.kind[groups].astype(np.int64))
        on_device = [torch.from_numpy(array).to(self._device) for array in arrays]
        return on_device[0], on_device[1], on_device[2]


def pair_numbers(first: Array, sizes: Array) -> Array:
    """Return the numbers of all pairs of groups, one group after the other."""
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(first - before, sizes)


def margin(model: nn.Module, pairs: Pairs, groups: Array) -> Tensor:
    """Return the logit of entailment less that of not-entailment, for every pair, float32."""
    tokens = pairs.encoded(groups)
    device = tokens["input_ids"].device.type
    with torch.autocast(device, dtype=torch.bfloat16, enabled=bfloat16_pays(device)):
        logits = model(**tokens).logits.float()
    n = pairs.count(groups)
    return logits[:n, 0] - logits[:n, 1]


def bfloat16_pays(device: str) -> bool:
    """Return whether there may be instructions for it: a CPU without takes fifty times as long."""
    return device != "cpu" or torch.backends.cpu.get_cpu_capability() == "AVX512"


def margins(model: nn.Module, pairs: Pairs, groups: Array) -> Array:
    """Return the margins of all pairs of the groups, in their order."""
    model.eval()
    found = pairs.batches(groups, _TOKENS_WATCHED)
    with torch.inference_mode():
        values = torch.cat([margin(model, pairs, batch) for batch in found]).cpu().numpy()
    drawn = pairs.drawn
    sizes = np.diff(drawn.first)
    numbers = np.concatenate([pair_numbers(drawn.first[b], sizes[b]) for b in found])
    return values[np.argsort(numbers)]


def new_model(
    start: Literal["encoder", "shipped"], dropout: float = 0.0, device: str = "cpu"
) -> BertForSequenceClassification:
    """Return all-MiniLM-L6-v2 with a fresh head of two classes, or the model of the package."""
    model = BertForSequenceClassification.from_pretrained(
        minilm_dir(),
        num_labels=2,
        id2label=compact.LABELS,
        label2id={name: i for i, name in compact.LABELS.items()},
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        # backwards and on a CPU, three times as fast as the fused one
        attn_implementation="eager" if device == "cpu" else "sdpa",
        dtype=torch.float32,
    )
    if start == "shipped":
        weights = {name: torch.from_numpy(array) for name, array in compact.read_weights().items()}
        model.load_state_dict(weights, strict=False)  # all but the shared word embeddings
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return model.to(device)


def rate(progress: float, config: Mapping[str, Any]) -> float:
    """Return the share of the learning rate: up, level, and down to zero at the end."""
    return min(1.0, progress / config["warm_up"], (1.0 - progress) / config["decay"])


def group_loss(margin: Tensor, target: Tensor, size: Tensor, kind: Tensor) -> Tensor:
    """Return the loss per pair.

    Every pair by itself by its logistic loss; on top, where exactly one label is right, the
    softmax over the labels of the text: that is how the model is used. In a soft group it is the
    cross-entropy with the shares of the teacher, less their entropy.

    Parameters
    ----------
    margin, target : Tensor of shape (n_pairs,)
    size, kind : Tensor of shape (n_groups,)
        Pairs of a group; an index into `KINDS`.
    """
    graded = kind == KINDS.index("soft")
    own = nn.functional.binary_cross_entropy_with_logits(margin, target, reduction="none")
    total = (own * ~graded.repeat_interleave(size, output_size=len(own))).sum()
    filled = torch.arange(_MOST, device=size.device) < size[:, None]
    lists = margin.new_full(filled.shape, float("-inf")).masked_scatter(filled, margin)
    wanted = torch.zeros_like(lists).masked_scatter(filled, target)
    log_share = lists.log_softmax(1).masked_fill(~filled, 0.0)
    divergence = nn.functional.kl_div(log_share, wanted, reduction="none").sum(1)
    weight = torch.where(graded, 1.0, _CHOICE_WEIGHT) * size * (kind != KINDS.index("pairs"))
    return (total + (weight * divergence).sum()) / len(target)


def _checkpoint(run: Path, model: nn.Module, optimiser: torch.optim.Optimizer, done: int) -> None:
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "chunks": done}
    torch.save(state, run / "checkpoint.part")
    (run / "checkpoint.part").replace(run / "checkpoint.pt")


def _resume(run: Path, model: nn.Module, optimiser: torch.optim.Optimizer, device: str) -> int:
    if not (run / "checkpoint.pt").exists():
        return 0
    state = torch.load(run / "checkpoint.pt", weights_only=True, map_location=device)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["chunks"])


if __name__ == "__main__":
    main()
