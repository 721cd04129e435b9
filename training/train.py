"""Train the compact entailment model: `python -m training.train RUN_DIR`.

Killed at any moment, the same command goes on from the last chunk. One thread is enough where a
processor has AMX: matrix products are in bfloat16, weights and optimiser in float32.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal

import torch
import yaml
from torch import Tensor, nn
from transformers import AutoTokenizer, BertForSequenceClassification

from training.export import one_sided
from training.groups import Group
from training.mixture import HERE, load_mixture
from training.watch import watch
from zstext.encoders.embedded import embedded_model_dir
from zstext.nli import compact

_CHOICE_WEIGHT = 0.5
_LONGEST = 256


def main() -> None:
    """Train, or go on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of checkpoints and the log")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", choices=["encoder", "shipped"])
    parser.add_argument("--pairs", type=int, help="how many to see")
    parser.add_argument(
        "--mixture",
        nargs="+",
        metavar="FAMILY=SHARE",
        help="other shares; what is not named is out",
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    config |= {k: v for k in ("start", "pairs") if (v := getattr(arguments, k)) is not None}
    if arguments.mixture:
        config["mixture"] = {
            k: float(v) for k, v in (part.split("=") for part in arguments.mixture)
        }
    train(config, arguments.run)


def train(config: Mapping[str, Any], run: Path) -> None:
    """Train until as many pairs as the configuration says were seen."""
    run.mkdir(parents=True, exist_ok=True)
    mixture = load_mixture(config)
    torch.manual_seed(config["seed"])
    tokenizer = AutoTokenizer.from_pretrained(embedded_model_dir())
    model = new_model(config["start"])
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        learned, lr=config["learning_rate"], weight_decay=config["weight_decay"], fused=True
    )
    chunks = -(-config["pairs"] // config["pairs_in_chunk"])
    first = _resume(run, model, optimiser)
    for number in range(first, chunks):
        begun, losses, seen = time.perf_counter(), [], 0
        groups = mixture.chunk(config["seed"], number, config["pairs_in_chunk"])
        batches = list(_batches(groups, tokenizer, config["tokens_in_batch"]))
        Random(f"{config['seed']}-{number}-order").shuffle(batches)
        model.train()
        for i, batch in enumerate(batches):
            progress = (number + i / len(batches)) / chunks
            for setting in optimiser.param_groups:
                setting["lr"] = config["learning_rate"] * rate(progress, config)
            loss = _step(model, batch, tokenizer)
            nn.utils.clip_grad_norm_(learned, config["clip"])
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            losses.append(loss)
            seen += sum(len(group.hypotheses) for group in batch)
        seconds = time.perf_counter() - begun
        line = {"chunk": number, "loss": sum(losses) / len(losses), "pairs_per_s": seen / seconds}
        if number % 4 == 3 or number == chunks - 1:
            line |= watch(model, tokenizer, (HERE.parent / config["data"]).resolve())
        _checkpoint(run, model, optimiser, number + 1)
        with (run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
    head = one_sided({name: tensor.numpy() for name, tensor in model.state_dict().items()}, 1.0)
    model.load_state_dict({name: torch.from_numpy(a) for name, a in head.items()}, strict=False)
    model.save_pretrained(run / "model")
    tokenizer.save_pretrained(run / "model")


def new_model(start: Literal["encoder", "shipped"]) -> BertForSequenceClassification:
    """Return the embedded encoder with a fresh head of two classes, or the model of the package."""
    model = BertForSequenceClassification.from_pretrained(
        embedded_model_dir(),
        num_labels=2,
        id2label=compact.LABELS,
        label2id={name: i for i, name in compact.LABELS.items()},
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",  # backwards, three times as fast here as the fused one
    )
    if start == "shipped":
        weights = {name: torch.from_numpy(array) for name, array in compact.read_weights().items()}
        model.load_state_dict(weights, strict=False)  # all but the shared word embeddings
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def rate(progress: float, config: Mapping[str, Any]) -> float:
    """Return the share of the learning rate: up, level, and down to zero at the end."""
    return min(1.0, progress / config["warm_up"], (1.0 - progress) / config["decay"])


def _batches(groups: Sequence[Group], tokenizer: Any, tokens: int) -> Iterator[list[Group]]:
    """Yield groups of about the same length, so that little is padding."""
    premises = tokenizer([g.premise for g in groups], add_special_tokens=False)["input_ids"]
    hypotheses = tokenizer([max(g.hypotheses, key=len) for g in groups], add_special_tokens=False)
    lengths = [len(p) + len(h) for p, h in zip(premises, hypotheses["input_ids"], strict=True)]
    batch: list[Group] = []
    rows = 0
    for i in sorted(range(len(groups)), key=lambda i: lengths[i]):
        if batch and rows + len(groups[i].hypotheses) > _rows_for(lengths[i] + 3, tokens):
            yield batch
            batch, rows = [], 0
        batch.append(groups[i])
        rows += len(groups[i].hypotheses)
    yield batch


def _rows_for(length: int, tokens: int) -> int:
    """Return how many pairs of a length make a batch.

    Lengths and rows are multiples of 8: matrix kernels are made anew for every new shape, which
    takes longer than the little that is computed in vain.
    """
    return max(8, tokens // (-(-min(length, _LONGEST) // 8) * 8) // 8 * 8)


def _step(model: BertForSequenceClassification, batch: Sequence[Group], tokenizer: Any) -> float:
    pairs = [(group.premise, h) for group in batch for h in group.hypotheses]
    filled = pairs + pairs[:1] * (-len(pairs) % 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**encode(tokenizer, filled)).logits[: len(pairs)]
    loss = group_loss(logits[:, 0].float() - logits[:, 1].float(), batch)
    loss.backward()
    return loss.item()


def encode(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> Any:
    """Return the tokens of pairs of premise and hypothesis."""
    return tokenizer(
        [premise for premise, _ in pairs], [hypothesis for _, hypothesis in pairs],
        truncation="only_first", max_length=_LONGEST, padding=True, pad_to_multiple_of=8,
        return_tensors="pt",
    )  # fmt: skip


def group_loss(margin: Tensor, batch: Sequence[Group]) -> Tensor:
    """Return the loss per pair.

    Every pair by itself by its logistic loss; on top, where exactly one label is right, the
    softmax over the labels of the text: that is how the model is used. In a soft group it is the
    cross-entropy with the shares of the teacher, less their entropy.
    """
    sizes = torch.tensor([len(group.targets) for group in batch])
    listed = torch.tensor([group.kind != "pairs" for group in batch])
    graded = torch.tensor([group.kind == "soft" for group in batch])
    target = torch.tensor([t for group in batch for t in group.targets])
    own = nn.functional.binary_cross_entropy_with_logits(margin, target, reduction="none")
    total = own[~graded.repeat_interleave(sizes)].sum()
    filled = torch.arange(int(sizes.max())) < sizes[:, None]
    lists = margin.new_full(filled.shape, float("-inf")).masked_scatter(filled, margin)
    wanted = torch.zeros(filled.shape).masked_scatter(filled, target)
    log_share = lists.log_softmax(1).masked_fill(~filled, 0.0)
    divergence = nn.functional.kl_div(log_share, wanted, reduction="none").sum(1)
    weight = torch.where(graded, 1.0, _CHOICE_WEIGHT) * sizes * listed
    return (total + (weight * divergence).sum()) / len(target)


def _checkpoint(run: Path, model: nn.Module, optimiser: torch.optim.Optimizer, done: int) -> None:
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "chunks": done}
    torch.save(state, run / "checkpoint.part")
    (run / "checkpoint.part").replace(run / "checkpoint.pt")


def _resume(run: Path, model: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    if not (run / "checkpoint.pt").exists():
        return 0
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["chunks"])


if __name__ == "__main__":
    main()
