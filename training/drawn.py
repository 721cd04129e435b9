"""What a run reads: groups drawn once, their texts as tokens.

Drawing needs the data, the encoder and the archives; training needs this one file. So a run can go
on, or a second be tried, on another machine and without drawing again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from transformers import AutoTokenizer

from training.groups import Group
from training.mixture import HERE, load_mixture
from training.watch import watched
from zstext.encoders.minilm import minilm_dir
from zstext.files import write_whole

Array = NDArray[Any]

LONGEST = 256
SPECIAL = 3  # tokens of a pair that are of neither text
KINDS = ("pairs", "choice", "soft")
_BETWEEN = "/"  # a family's name and its number of groups, in the names of the arrays


@dataclass(frozen=True, slots=True)
class Drawn:
    """Groups of every family, one after the other.

    Attributes
    ----------
    tokens : ndarray of uint16
        Of all texts, one after the other, without special tokens.
    starts : ndarray of shape (n_texts + 1,), int64
        Where the tokens of a text begin.
    premise, kind : ndarray of shape (n_groups,)
        A text, and an index into `KINDS`.
    first : ndarray of shape (n_groups + 1,), int64
        The first pair of a group.
    hypothesis, target : ndarray of shape (n_pairs,)
    families : dict of str to (int, int)
        The first group of a family and that after its last.
    """

    tokens: Array
    starts: Array
    premise: Array
    kind: Array
    first: Array
    hypothesis: Array
    target: Array
    families: dict[str, tuple[int, int]]

    @property
    def lengths(self) -> Array:
        """Tokens of the longest pair of every group, special ones counted."""
        text = np.diff(self.starts)
        longest = np.maximum.reduceat(text[self.hypothesis], self.first[:-1])
        return np.minimum(text[self.premise] + longest + SPECIAL, LONGEST)

    def chunk(self, number: int, pairs: int, shares: Mapping[str, float]) -> Array:
        """Return the groups of a chunk; a family that is used up begins again."""
        chosen = []
        for name, share in shares.items():
            low, high = self.families[name]
            begin = self.first[low]
            total = int(self.first[high] - begin)
            wanted = np.arange(round(number * share * pairs), round((number + 1) * share * pairs))
            group = np.searchsorted(self.first[low : high + 1] - begin, wanted % total, "right") - 1
            chosen.append(low + np.unique(group))
        return np.concatenate(chosen)


def batches(lengths: Array, sizes: Array, groups: Array, tokens: int) -> Iterator[Array]:
    """Yield groups of about the same length, so that little is padding."""
    batch: list[int] = []
    rows = 0
    for g in groups[np.argsort(lengths[groups], kind="stable")].tolist():
        if batch and rows + sizes[g] > rows_for(int(lengths[g]), tokens):
            yield np.array(batch)
            batch, rows = [], 0
        batch.append(g)
        rows += int(sizes[g])
    yield np.array(batch)


def rows_for(length: int, tokens: int) -> int:
    """Return how many pairs of a length make a batch.

    Lengths and rows are multiples of 8: matrix kernels are made anew for every new shape, which
    takes longer than the little that is computed in vain.
    """
    return max(8, tokens // (-(-length // 8) * 8) // 8 * 8)


def tokenised(families: Mapping[str, Sequence[Group]], tokenizer: Any) -> Drawn:
    """Return groups with their texts as tokens, every text once."""
    groups = [group for members in families.values() for group in members]
    texts: dict[str, int] = {}
    for group in groups:
        for text in (group.premise, *group.hypotheses):
            texts.setdefault(text, len(texts))
    ids = tokenizer(
        list(texts), add_special_tokens=False, truncation=True, max_length=LONGEST - SPECIAL
    )["input_ids"]
    ends = np.cumsum([0, *(len(members) for members in families.values())]).tolist()
    return Drawn(
        np.concatenate([np.asarray(row, dtype=np.uint16) for row in ids]),
        np.cumsum([0, *map(len, ids)]),
        np.array([texts[group.premise] for group in groups], dtype=np.int32),
        np.array([KINDS.index(group.kind) for group in groups], dtype=np.uint8),
        np.cumsum([0, *(len(group.hypotheses) for group in groups)]),
        np.array([texts[h] for group in groups for h in group.hypotheses], dtype=np.int32),
        np.array([t for group in groups for t in group.targets], dtype=np.float32),
        {name: (ends[i], ends[i + 1]) for i, name in enumerate(families)},
    )


def write_drawn(drawn: Drawn, path: Path) -> None:
    """Write a file for `read_drawn`."""
    arrays = {name: getattr(drawn, name) for name in Drawn.__slots__ if name != "families"}
    ranges = {f"{_BETWEEN}{name}": np.array(ends) for name, ends in drawn.families.items()}
    write_whole(path, save(arrays | ranges))


def read_drawn(path: Path) -> Drawn:
    """Read what `write_drawn` wrote."""
    arrays = load_file(path)
    families = {
        name.removeprefix(_BETWEEN): (int(ends[0]), int(ends[1]))
        for name, ends in arrays.items()
        if name.startswith(_BETWEEN)
    }
    plain = {name: array for name, array in arrays.items() if not name.startswith(_BETWEEN)}
    return Drawn(**plain, families=families)


def draw(config: Mapping[str, Any]) -> Drawn:
    """Draw from every family its share of the pairs, and what a run is watched on."""
    families = {
        name: family.draw(
            f"{config['seed']}-{name}", round(config["mixture"][name] * config["pairs"])
        )
        for name, family in load_mixture(config).items()
    }
    held_out = watched((HERE.parent / config["data"]).resolve())
    return tokenised(families | held_out, AutoTokenizer.from_pretrained(minilm_dir()))


def main() -> None:
    """Draw, and write the file."""
    parser = argparse.ArgumentParser(description="Draw what a run reads.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--pairs", type=int, help="how many to draw")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    write_drawn(
        draw(config | ({"pairs": arguments.pairs} if arguments.pairs else {})), arguments.file
    )


if __name__ == "__main__":
    main()
