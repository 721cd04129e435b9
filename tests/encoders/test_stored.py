"""Weights in 8 bits, written and read."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from zstext import ModelError
from zstext.encoders.stored import read_weights, stored_form


def test_weights_survive_being_stored(tmp_path):
    rng = np.random.default_rng(0)
    weights = {"w": rng.normal(size=(5, 7)).astype(np.float32), "b": np.arange(3, dtype=np.float32)}
    weights["w"][2] = 0
    stored = stored_form(weights)
    assert stored["w"].dtype == np.int8
    save_file(stored, tmp_path / "weights.safetensors")
    again = read_weights(tmp_path / "weights.safetensors", "mine")
    assert again.keys() == weights.keys()
    step = np.abs(weights["w"]).max(axis=1, keepdims=True) / 127
    assert (np.abs(again["w"] - weights["w"]) <= step / 2 + 1e-7).all()
    np.testing.assert_array_equal(again["b"], weights["b"])


def test_damaged_or_missing_weights(tmp_path):
    path = tmp_path / "weights.safetensors"
    with pytest.raises(ModelError, match="the model mine is missing or damaged .*; reinstall"):
        read_weights(path, "mine")
    path.write_bytes(b"\0" * 20)
    with pytest.raises(ModelError, match="the model mine is missing or damaged .*; reinstall"):
        read_weights(path, "mine")
