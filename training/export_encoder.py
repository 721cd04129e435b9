"""Write trained encoders, mixed, into the package: `python -m training.export_encoder RUN...`.

Runs may begin with different weights of one family: they stay near enough to each other to be
averaged. A share of all-MiniLM-L6-v2 gives back some of what training took from it: names of
narrow subjects, above all.

References
----------
Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.numpy import load_file, save

from training.export import averaged, mixed
from zstext.encoders import own
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.stored import read_weights, stored_form
from zstext.files import write_whole


def main() -> None:
    """Mix what the runs ended with, and write it into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of training runs")
    for name, what in (
        ("shipped", "what is in the package, which this replaces"),
        ("minilm", "all-MiniLM-L6-v2"),
    ):
        parser.add_argument(f"--{name}", type=float, default=0.0, help=f"the share of {what}")
    arguments = parser.parse_args()
    rest = 1 - arguments.shipped - arguments.minilm
    if min(rest, arguments.shipped, arguments.minilm) < 0:
        parser.error("shares must not be negative, nor their sum above 1")
    path = own.directory() / own.WEIGHTS
    trained = averaged([load_file(run / own.WEIGHTS) for run in arguments.runs])
    parts = [(rest, trained)]
    if arguments.shipped:
        parts.append((arguments.shipped, read_weights(path, own.NAME)))
    if arguments.minilm:
        parts.append((arguments.minilm, load_file(minilm_dir() / "model.safetensors")))
    path.parent.mkdir(exist_ok=True)
    write_whole(path, save(stored_form(mixed(parts))))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
