"""Class embeddings: where the names and descriptions of the categories lie in semantic space."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from zstext.files import write_whole
from zstext.labels import LabelSpace
from zstext.mapping.vectors import unit_rows
from zstext.protocols import Encoder, FloatArray, IntArray
from zstext.templates import HypothesisTemplate

CACHE_FROM = 256
"""Texts from which the disk cache is used: fewer are embedded faster than a model is hashed."""


def class_embeddings(
    encoder: Encoder,
    labels: LabelSpace,
    templates: Sequence[HypothesisTemplate],
    *,
    description_weight: float = 0.5,
    cache_dir: Path | None = None,
) -> FloatArray:
    """Embed every label: its name in each template, and its descriptions.

    The vector of a name is the mean of the unit vectors of the filled templates, that of the
    descriptions is their mean. A label with both gets the weighted mean of the two, each at unit
    length.

    Parameters
    ----------
    encoder : Encoder
    labels : LabelSpace
        n_classes labels.
    templates : sequence of HypothesisTemplate
        At least one.
    description_weight : float
        0..1, the share of the descriptions for labels that have any.
    cache_dir : Path or None
        Where the embeddings of large label spaces are kept between runs, by content hash.

    Returns
    -------
    ndarray of shape (n_classes, n_features), float32
        Unit rows, in label order.
    """
    named = [t.fill(name) for name in labels for t in templates]
    described = [text for texts in labels.descriptions for text in texts]
    vectors = unit_rows(_embed(encoder, named + described, cache_dir))
    of_names, of_texts = np.split(vectors, [len(named)])
    S = unit_rows(of_names.reshape(len(labels), len(templates), -1).mean(axis=1))
    start = 0
    for i, texts in enumerate(labels.descriptions):
        if texts:
            by_text = unit_rows(of_texts[start : start + len(texts)].mean(axis=0, keepdims=True))
            S[i] = unit_rows((1 - description_weight) * S[i] + description_weight * by_text)
        start += len(texts)
    return S.astype(np.float32)


def mean_windows(windows: FloatArray, counts: IntArray) -> FloatArray:
    """Return the mean of each item's windows, shape (n_items, n_features), unit rows, float32."""
    if len(counts) == 0:
        return windows
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    return unit_rows(np.add.reduceat(windows, starts, axis=0, dtype=np.float64)).astype(np.float32)


def _embed(encoder: Encoder, texts: list[str], cache_dir: Path | None) -> FloatArray:
    if cache_dir is None or len(texts) < CACHE_FROM:
        return _encode(encoder, texts)
    key = hashlib.sha256(json.dumps([encoder.fingerprint, texts]).encode()).hexdigest()
    path = cache_dir / f"{key}.safetensors"
    try:
        return load_file(path)["embeddings"]
    except (OSError, SafetensorError, KeyError):
        pass  # not cached yet, or damaged: embed again and write it anew
    embeddings = _encode(encoder, texts)
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        write_whole(path, save({"embeddings": np.ascontiguousarray(embeddings)}))
    except OSError:
        pass  # a cache that cannot be written costs time, never the answer
    return embeddings


def _encode(encoder: Encoder, texts: list[str]) -> FloatArray:
    encoded = encoder.encode(texts, role="label")
    return mean_windows(encoded.windows, encoded.counts)
