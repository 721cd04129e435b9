"""Write trained encoders, averaged, into the package: `python -m training.export_encoder RUN...`.

Runs may begin with different shares of the entailment model: they stay near enough to each other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.numpy import load_file, save

from training.export import averaged
from zstext.encoders import own
from zstext.encoders.stored import stored_form
from zstext.files import write_whole


def main() -> None:
    """Average what the runs ended with, and write it into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of training runs")
    arguments = parser.parse_args()
    weights = averaged([load_file(run / own.WEIGHTS) for run in arguments.runs])
    path = own.directory() / own.WEIGHTS
    path.parent.mkdir(exist_ok=True)
    write_whole(path, save(stored_form(weights)))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
