"""The evaluation sets: which there are, what is particular about each, and how they are read."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import dataclass
from pathlib import Path

SEED = 0


@dataclass(frozen=True, slots=True)
class EvalSet:
    """One folder of `data/eval`. Its labels and their order are those of its meta.json.

    Attributes
    ----------
    name : str
    multi_label : bool
    out_of_scope : str or None
        The label of documents that belong to no class: no candidate, and left out of accuracy.
    labels_key : str
        The field of meta.json that holds the label names given to the classifier.
    long : bool
        Many documents are longer than the encoder's window: also measured by `long` strategy.
    averaged : bool
        Counts in the mean over the sets.
    note : str
    """

    name: str
    multi_label: bool = False
    out_of_scope: str | None = None
    labels_key: str = "labels"
    long: bool = False
    averaged: bool = True
    note: str = ""


SETS = (
    EvalSet("20newsgroups", long=True),
    EvalSet("ag_news"),
    EvalSet("banking77"),
    EvalSet("clinc150"),
    EvalSet(
        "clinc150_oos",
        out_of_scope="out of scope",
        averaged=False,
        note="the in-scope rows and labels are those of clinc150",
    ),
    EvalSet("clinc_domain"),
    EvalSet("emotion"),
    EvalSet("financial_phrasebank"),
    EvalSet("goemotions_multilabel", multi_label=True, averaged=False),
    EvalSet("imdb", long=True),
    EvalSet(
        "ko_nsmc_raw",
        labels_key="labels_en",
        averaged=False,
        note="Korean documents, English labels, an encoder that learned English only",
    ),
    EvalSet("onet_job_title", note="123 of the classes have no row"),
    EvalSet("rotten_tomatoes"),
    EvalSet("snips"),
    EvalSet("trec6"),
    EvalSet("wos_area"),
    EvalSet("wos_domain"),
    EvalSet("yahoo_answers"),
)
BY_NAME = {s.name: s for s in SETS}


@dataclass(frozen=True, slots=True)
class Rows:
    """The documents of a set and their true labels.

    Attributes
    ----------
    texts : list of str
    truth : list of tuple of str
        The true labels of each document: one, or in a multi-label set any number; none if it is
        out of scope.
    labels : tuple of str
        The candidates, in canonical order.
    digest : str
        A hash of all the files of the set, whatever was drawn from it.
    """

    texts: list[str]
    truth: list[tuple[str, ...]]
    labels: tuple[str, ...]
    digest: str


def load(data: Path, chosen: EvalSet, *, limit: int | None = None) -> Rows:
    """Read the test rows of a set; with a limit, a seeded draw of so many, in file order."""
    folder = data / "eval" / chosen.name
    meta = json.loads((folder / "meta.json").read_bytes())
    with open(folder / "test.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if limit is not None and limit < len(rows):
        kept = sorted(random.Random(SEED).sample(range(len(rows)), limit))
        rows = [rows[i] for i in kept]
    names = dict(zip(meta["labels"], meta[chosen.labels_key], strict=True))
    names.pop(chosen.out_of_scope, None)
    separator = meta.get("label_separator", "|")
    split = [r["label"].split(separator) if chosen.multi_label else [r["label"]] for r in rows]
    return Rows(
        texts=[r["text"] for r in rows],
        truth=[tuple(names[x] for x in labels if x != chosen.out_of_scope) for labels in split],
        labels=tuple(names.values()),
        digest=_digest(folder),
    )


def mixture(data: Path, n: int, *, evenly: bool = True) -> list[str]:
    """Return `n` distinct documents of the English sets, short and long, in random order.

    Parameters
    ----------
    data : Path
    n : int
    evenly : bool
        About as many of each set; otherwise all rows are equally likely.
    """
    draw = random.Random(SEED)
    english = [s for s in SETS if s.name not in ("ko_nsmc_raw", "clinc150_oos", "clinc_domain")]
    pools = [list(dict.fromkeys(load(data, s).texts)) for s in english]
    if not evenly:
        pools = [[text for pool in pools for text in pool]]
    for pool in pools:
        draw.shuffle(pool)
    chosen: dict[str, None] = {}
    while len(chosen) < n and any(pools):
        for pool in pools:
            if pool and len(chosen) < n:
                chosen[pool.pop()] = None
    if len(chosen) < n:
        raise ValueError(f"asked for {n} documents, the sets have {len(chosen)}")
    texts = list(chosen)
    draw.shuffle(texts)
    return texts


def parser(description: str | None) -> ArgumentParser:
    """Return an argument parser with the option that all benchmarks share."""
    out = ArgumentParser(description=description)
    out.add_argument("--data", type=_folder, required=True, help="the folder that holds eval/")
    return out


def positive(text: str) -> int:
    """Read a number of at least 1 from the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"must be a number of at least 1, got {text!r}")
    return int(text)


def _folder(text: str) -> Path:
    if not (Path(text) / "eval").is_dir():
        raise ArgumentTypeError(f"{text} has no folder eval/; give ../shared/data")
    return Path(text)


def _digest(folder: Path) -> str:
    files = [folder / name for name in ("meta.json", "test.csv")]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()
