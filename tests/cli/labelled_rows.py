"""Labelled documents for the commands that learn: six seen classes, two unseen ones."""

import csv

import numpy as np

SEEN = ["apple", "bread", "cheese", "duck", "egg", "fig"]
UNSEEN = ["grape", "ham"]
ALL = ",".join([*SEEN, *UNSEEN])


def documents(labels, n=6, seed=0):
    """The label in two of three texts, a word that goes with it, and noise."""
    rng = np.random.default_rng(seed)
    return [
        (f"{label if i % 3 else ''} {label[::-1]} n{rng.integers(30)}".strip(), label)
        for label in labels
        for i in range(n)
    ]


def write(path, rows, header=("text", "label")):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def train_file(folder):
    return write(folder / "train.csv", documents(SEEN))


def fit(words, folder, *options):
    """Fit a model in `folder`/model and return where it is."""
    words("fit", train_file(folder), "--labels", ALL, "-o", folder / "model", "-q", *options)
    return folder / "model"
