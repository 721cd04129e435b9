import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.encoders.images.pictures import scene
from zstext.encoders.images import efficientnet
from zstext.encoders.minilm import sha256_of
from zstext.errors import MissingExtraError, ModelError
from zstext.files import user_cache


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return user_cache() / "models"


def test_the_weights_are_converted_once(cache, monkeypatch):
    first = efficientnet.weights()
    (kept,) = cache.iterdir()
    assert sha256_of(kept) == efficientnet.CONVERTED_SHA256
    monkeypatch.setattr(torch, "load", lambda *a, **k: pytest.fail("unpickled again"))
    second = efficientnet.weights()
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_damaged_cache_is_replaced(cache):
    efficientnet.weights()
    (kept,) = cache.iterdir()
    data = bytearray(kept.read_bytes())
    data[-1] ^= 1
    kept.write_bytes(data)
    efficientnet.weights()
    assert sha256_of(kept) == efficientnet.CONVERTED_SHA256
    assert len(load_file(kept)) > 200


def test_without_a_cache_the_answer_is_the_same(cache):
    cache.parent.mkdir(parents=True)
    cache.write_text("a file where the folder should be")
    assert len(efficientnet.weights()) > 200


def test_nothing_is_unpickled_before_the_hash_is_right(cache, tmp_path, monkeypatch):
    fake = tmp_path / "weights.pth"
    fake.write_bytes(b"cos\nsystem\n")
    monkeypatch.setattr(efficientnet, "packaged_weights", lambda: fake)
    monkeypatch.setattr(torch, "load", lambda *a, **k: pytest.fail("unpickled"))
    with pytest.raises(ModelError, match="is damaged: its sha256 is"):
        efficientnet.weights()


@pytest.mark.parametrize("missing", ["weights", "architecture"])
def test_a_missing_package_names_the_extra(cache, monkeypatch, missing):
    if missing == "weights":
        monkeypatch.setattr(efficientnet, "PACKAGE", "no-such-package")
    else:
        monkeypatch.setitem(sys.modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zstext\[image\]'"):
        efficientnet.EfficientNetTower("cpu")


def test_pixels_are_scaled_as_in_training():
    tower = efficientnet.EfficientNetTower("cpu")
    pixels = tower.preprocess(scene())
    assert pixels.shape == (3, 224, 224)
    assert pixels.dtype == np.float32
    np.testing.assert_allclose(pixels[:, 0, 0], 1.0)  # white: (255 - 127) / 128
    np.testing.assert_allclose(pixels[:, 200, 10], (np.array([200, 30, 30]) - 127) / 128)


def test_features_are_those_of_the_first_release():
    """Saved mappings rest on them: pixels, weights and pooling must stay what they were."""
    tower = efficientnet.EfficientNetTower("cpu")
    (features,) = tower.features(tower.preprocess(scene())[None])
    assert features.shape == (1280,)
    assert (features >= 0).all()
    assert (features <= np.sqrt(6)).all()  # the last activation is ReLU6
    assert np.argsort(-features)[:4].tolist() == [468, 504, 829, 900]
    np.testing.assert_allclose(
        features[[468, 504, 829, 900]], [1.8958, 1.8577, 1.6788, 1.6635], atol=2e-3
    )
