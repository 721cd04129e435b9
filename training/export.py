"""Write trained models, averaged, as zstext ships one: `python -m training.export RUN...`.

One that began with what is shipped may be mixed with that.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.numpy import save
from transformers import AutoTokenizer

from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import stored_form
from zstext.files import write_whole
from zstext.nli import compact


def main() -> None:
    """Average what the runs ended with, and write it into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of training runs")
    parser.add_argument(
        "--shipped", type=float, default=0.0, help="the share of what is in the package"
    )
    parser.add_argument(
        "--temperature", type=float, default=1.0, help="of the logits, on data/train"
    )
    parser.add_argument(
        "--checkpoint", type=Path, metavar="DIR", help="a Hugging Face checkpoint there instead"
    )
    arguments = parser.parse_args()
    weights = averaged([compact.read_weights(run / compact.WEIGHTS) for run in arguments.runs])
    if arguments.shipped:
        parts = [(arguments.shipped, compact.read_weights()), (1 - arguments.shipped, weights)]
        weights = mixed(parts)
    weights |= one_sided(weights, arguments.temperature)
    if arguments.checkpoint:
        write_checkpoint(weights, arguments.checkpoint)
        return
    path = compact.directory() / compact.WEIGHTS
    path.parent.mkdir(exist_ok=True)
    write_whole(path, save(stored_form(weights)))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def write_checkpoint(weights: dict[str, Any], folder: Path) -> None:
    """Write a model as Hugging Face does, with its tokenizer."""
    compact.load(weights).save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm_dir()).save_pretrained(folder)


def trained_weights(run: Path) -> dict[str, Any]:
    """Return the weights of the last checkpoint of a run, without those that are shared."""
    state = torch.load(run / "checkpoint.pt", weights_only=True, map_location="cpu")["model"]
    weights = {name: t.numpy() for name, t in state.items() if name != compact.SHARED}
    return weights | one_sided(weights, 1.0)


def averaged(models: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the average of models that began with the same weights.

    What they agree on stays, what each took from its own order of the data goes: the average often
    does better than any of them.

    References
    ----------
    Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
    without increasing inference time", ICML 2022.
    """
    return mixed([(1 / len(models), model) for model in models])


def mixed(parts: Sequence[tuple[float, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the sum of models, each by its share, of the names that the first has."""
    return {name: sum(share * model[name] for share, model in parts) for name in parts[0][1]}


def one_sided(weights: dict[str, Any], temperature: float) -> dict[str, Any]:
    """Return a head with the same probabilities, in which not-entailment has the logit 0.

    Training sees the difference of the two logits alone. A softmax over labels takes the logit of
    entailment by itself, so that must be the difference.
    """
    head = {}
    for name in ("classifier.weight", "classifier.bias"):
        both = weights[name].copy()
        both[0] = (both[0] - both[1]) / temperature
        both[1] = 0.0
        head[name] = both
    return head


if __name__ == "__main__":
    main()
