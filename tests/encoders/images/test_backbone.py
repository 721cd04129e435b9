import numpy as np
import pytest
import torch

from tests.encoders.images.pictures import scene
from tests.encoders.images.tiny import make_backbone
from zstext.encoders.images import load_image_encoder
from zstext.encoders.images.backbone import BackboneTower


@pytest.fixture(scope="module", params=["resnet", "vit", "dinov2"])
def directory(request, tmp_path_factory):
    return make_backbone(tmp_path_factory.mktemp(request.param), request.param)


def test_features_are_unit_vectors_that_tell_pictures_apart(directory):
    encoder = load_image_encoder(directory, device="cpu")
    windows = encoder.encode([scene(), scene(64, 64), scene().rotate(180)]).windows
    assert windows.shape == (3, encoder.n_features)
    assert encoder.n_features == (16 if "resnet" in directory.name else 32)
    np.testing.assert_allclose(np.linalg.norm(windows, axis=1), 1, atol=1e-5)
    assert np.abs(windows[0] - windows[2]).max() > 1e-3
    assert not encoder.one_space


def test_a_pooler_without_trained_weights_is_not_used(tmp_path):
    """A ViT with a classification head has none: the model library fills it at random."""
    tower = BackboneTower(make_backbone(tmp_path, "vit"), device="cpu")
    pixels = tower.preprocess(scene())[None]
    with torch.inference_mode():
        output = tower._model(pixel_values=torch.from_numpy(pixels))
    np.testing.assert_array_equal(tower.features(pixels), output.last_hidden_state[:, 0].numpy())


def test_a_trained_pooler_is_used(tmp_path):
    tower = BackboneTower(make_backbone(tmp_path, "resnet"), device="cpu")
    pixels = tower.preprocess(scene())[None]
    with torch.inference_mode():
        maps = tower._model(pixel_values=torch.from_numpy(pixels)).last_hidden_state
    np.testing.assert_allclose(tower.features(pixels), maps.mean(dim=(2, 3)).numpy(), rtol=1e-5)


def test_the_preprocessing_is_that_of_the_model(directory):
    pixels = BackboneTower(directory, device="cpu").preprocess(scene())
    assert pixels.shape == (3, 32, 32)
    assert pixels.dtype == np.float32
    assert pixels.max() == pytest.approx(1.0)  # (255 / 255 - 0.5) / 0.5
