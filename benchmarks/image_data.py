"""The photos of `data/image`: features from zstext's own encoder, class vectors from every source.

Features are computed once and kept in benchmarks/cache, by the encoder's fingerprint.
"""

from __future__ import annotations

import csv
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from zstext.encoders.images import ImageEncoder, load_image_encoder
from zstext.labels import LabelSpace
from zstext.semantics import class_embeddings
from zstext.templates import HypothesisTemplate

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

CACHE = Path(__file__).with_name("cache")
DESCRIPTIONS = Path(__file__).with_name("caltech101_descriptions.yaml")
CIFAR_TRAIN = 100  # photos a class that are read of CIFAR-10's 800


@dataclass(frozen=True)
class Photos:
    """Features of photos, their classes, and whether a photo is set aside for testing.

    Attributes
    ----------
    X : ndarray of shape (n_photos, 1280), float64
    y : ndarray of shape (n_photos,), int
    names : list of str
        What the classes are called; Caltech-101 calls two of them "face".
    folders : list of str
        The folders of the classes, all different.
    test : ndarray of shape (n_photos,), bool
        All false if the set has no split of its own.
    """

    X: Array
    y: Labels
    names: list[str]
    folders: list[str]
    test: NDArray[np.bool_]


def caltech101(data: Path) -> Photos:
    folder = data / "image" / "caltech101"
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    y = np.array([int(row["label"]) for row in rows])
    first = [rows[int(np.flatnonzero(y == c)[0])] for c in range(y.max() + 1)]
    X = features("caltech101", folder / "jpeg144.zip", [row["file"] for row in rows])
    names = [row["class_name"] for row in first]
    return Photos(X, y, names, [row["class_folder"] for row in first], np.zeros(len(y), bool))


def cifar10(data: Path) -> Photos:
    archive = data / "image" / "cifar10" / "jpeg.zip"
    with zipfile.ZipFile(archive) as zipped:
        all_files = sorted(name for name in zipped.namelist() if name.endswith(".jpg"))
    names = sorted({file.split("/")[1] for file in all_files})
    files = [f for f in all_files if f.startswith("test/")]
    for name in names:
        files += [f for f in all_files if f.startswith(f"train/{name}/")][:CIFAR_TRAIN]
    y = np.array([names.index(file.split("/")[1]) for file in files])
    test = np.array([file.startswith("test/") for file in files])
    return Photos(features("cifar10", archive, files), y, names, names, test)


def features(name: str, archive: Path, files: list[str]) -> Array:
    """Return the features of files in an archive, from the cache if there."""
    encoder = load_image_encoder(device="cpu")
    cached = CACHE / f"images_{name}_{len(files)}_{encoder.fingerprint[:12]}.npy"
    if not cached.exists():
        print(f"encoding {len(files)} photos of {name}", file=sys.stderr, flush=True)
        CACHE.mkdir(exist_ok=True)
        np.save(cached, encode(encoder, archive, files))
    return np.load(cached).astype(np.float64)


def encode(encoder: ImageEncoder, archive: Path, files: list[str]) -> NDArray[Any]:
    parts = []
    with zipfile.ZipFile(archive) as zipped:
        for start in range(0, len(files), 512):
            encoded = encoder.encode([zipped.read(f) for f in files[start : start + 512]])
            if encoded.reasons:
                raise ValueError(f"photos that cannot be read: {encoded.reasons}")
            parts.append(encoded.windows)
    return np.concatenate(parts)


def spaces(data: Path, photos: Photos, name: str) -> dict[str, Array]:
    """Return every semantic space of a set's classes, by name: (n_classes, n_semantic)."""
    encoder = load_image_encoder(device="cpu")  # its labels are embedded by all-MiniLM-L6-v2

    def embedded(texts: list[str], template: str = "{}") -> Array:
        labels = LabelSpace.of(list(dict.fromkeys(texts)))
        S = class_embeddings(encoder, labels, [HypothesisTemplate(template)])
        return S[[labels.names.index(text) for text in texts]].astype(np.float64)

    with np.load(data / "image" / name / "class_glove50.npz", allow_pickle=False) as stored:
        vector_of = dict(zip(stored["class_names"].tolist(), stored["vectors"], strict=True))
    out = {
        "GloVe-50": np.array([vector_of[n] for n in photos.names], dtype=np.float64),
        "names": embedded(photos.names),
        "a photo of a name": embedded(photos.names, "a photo of a {}."),
    }
    if name == "caltech101":
        texts = yaml.safe_load(DESCRIPTIONS.read_text(encoding="utf-8"))
        out["descriptions"] = embedded([texts[folder] for folder in photos.folders])
    return out
