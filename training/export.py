"""Write a trained model in the form that zstext ships: `python -m training.export RUN_DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.numpy import save

from zstext.files import write_whole
from zstext.nli import compact


def main() -> None:
    """Read the last checkpoint of a run, and write its weights into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a training run")
    parser.add_argument(
        "--temperature", type=float, default=1.0, help="of the logits, on data/train"
    )
    parser.add_argument(
        "--shipped", type=float, default=0.0, metavar="SHARE",
        help="of the weights that are shipped now in the average with those of the run",
    )  # fmt: skip
    arguments = parser.parse_args()
    state = torch.load(arguments.run / "checkpoint.pt", weights_only=True)["model"]
    weights = {name: t.numpy() for name, t in state.items() if name != compact.SHARED}
    weights |= one_sided(weights, 1.0)
    if arguments.shipped:
        weights = averaged(weights, compact.read_weights(), arguments.shipped)
    weights |= one_sided(weights, arguments.temperature)
    path = compact.directory() / compact.WEIGHTS
    path.parent.mkdir(exist_ok=True)
    write_whole(path, save(compact.stored_form(weights)))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def averaged(new: dict[str, Any], old: dict[str, Any], share: float) -> dict[str, Any]:
    """Return the average of two models, the second of which the first was trained on from.

    Where the two know different things, their average often knows more of both than either.

    References
    ----------
    Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
    """
    return {name: (1 - share) * new[name] + share * old[name] for name in new}


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
