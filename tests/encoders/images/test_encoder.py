import pickle
import threading

import numpy as np
import pytest
from PIL import Image

from tests.encoders.images.pictures import png_claiming, saved, scene
from zstext.defaults import scale_for
from zstext.encoders.images import ImageEncoder, load_image_encoder
from zstext.errors import OptionError
from zstext.protocols import Encoder


class MeanTower:
    """The mean colour of each quarter, from pictures of any size that is kept."""

    name, fingerprint, n_features = "mean", "mean-1", 12

    def __init__(self, keep_size=False):
        self.keep_size = keep_size
        self.batches = []
        self.decoded = 0
        self.most_ahead = 0
        self.done = 0
        self.lock = threading.Lock()

    def preprocess(self, image):
        with self.lock:
            self.decoded += 1
            self.most_ahead = max(self.most_ahead, self.decoded - self.done)
        image = image if self.keep_size else image.resize((8, 8))
        return np.asarray(image, dtype=np.float32).transpose(2, 0, 1)

    def features(self, pixels):
        self.batches.append(pixels.shape)
        self.done += len(pixels)
        h, w = pixels.shape[2] // 2, pixels.shape[3] // 2
        parts = [pixels[:, :, :h, :w], pixels[:, :, :h, w:], pixels[:, :, h:, :w]]
        parts.append(pixels[:, :, h:, w:])
        return np.concatenate([p.mean(axis=(2, 3)) for p in parts], axis=1)


def colours(n):
    rng = np.random.default_rng(n)
    return [
        Image.new("RGB", (9, 9), tuple(int(v) for v in rng.integers(1, 256, 3))) for _ in range(n)
    ]


def test_it_is_an_encoder():
    assert isinstance(ImageEncoder(MeanTower(), lambda: None), Encoder)


def test_an_image_that_cannot_be_read_is_a_nan_row_with_a_reason():
    items = [scene(), b"no picture", saved(scene(), "PNG"), png_claiming(60_000, 60_000), None]
    encoded = ImageEncoder(MeanTower(), lambda: None).encode(items)
    assert np.isnan(encoded.windows).all(axis=1).tolist() == [False, True, False, True, True]
    assert {i: r.split(":")[0] for i, r in encoded.reasons.items()} == {
        1: "not_an_image",
        3: "image_too_large",
        4: "missing",
    }
    np.testing.assert_array_equal(encoded.windows[0], encoded.windows[2])
    assert encoded.counts.tolist() == [1] * 5


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_features_do_not_depend_on_the_batch(batch_size):
    images = colours(20)
    one_by_one = ImageEncoder(MeanTower(), lambda: None, batch_size=1)
    alone = [one_by_one.encode([image]).windows[0] for image in images]
    together = ImageEncoder(MeanTower(), lambda: None, batch_size=batch_size).encode(images)
    np.testing.assert_allclose(together.windows, alone, atol=1e-6)


def test_memory_is_bounded_by_two_batches():
    tower = MeanTower()
    ImageEncoder(tower, lambda: None, batch_size=4).encode(colours(100))
    assert (
        tower.most_ahead <= 4 + 2 * 4 + 1
    )  # the batch that fills, what waits, what is handed over
    assert tower.batches == [(4, 3, 8, 8)] * 25


def test_pictures_of_different_sizes_do_not_share_a_batch():
    tower = MeanTower(keep_size=True)
    items = [scene(8, 8), scene(8, 8), scene(16, 8), scene(8, 8)]
    encoded = ImageEncoder(tower, lambda: None).encode(items)
    assert [shape[0] for shape in tower.batches] == [2, 1, 1]
    np.testing.assert_array_equal(encoded.windows[0], encoded.windows[3])


def test_no_images_are_no_features():
    assert ImageEncoder(MeanTower(), lambda: None).encode([]).windows.shape == (0, 12)


def test_a_batch_of_nothing_is_refused():
    with pytest.raises(OptionError, match="batch_size must be at least 1, got 0"):
        ImageEncoder(MeanTower(), lambda: None, batch_size=0)


@pytest.fixture(scope="module")
def efficientnet():
    return load_image_encoder(device="cpu", batch_size=4)


def test_the_cnn_gives_the_same_features_in_any_batch(efficientnet):
    images = [scene(60 + 7 * i, 50) for i in range(5)]
    together = efficientnet.encode(images).windows
    alone = np.concatenate([efficientnet.encode([image]).windows for image in images])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_beside_the_cnn_the_sentence_encoder_embeds_the_labels(efficientnet):
    labels = efficientnet.encode(["zebra", "horse", "stapler"], role="label").windows
    cosines = labels @ labels.T
    assert labels.shape == (3, 384)
    assert cosines[0, 1] > cosines[0, 2]
    assert not efficientnet.one_space
    assert efficientnet.default_templates == ("{}",)


def test_what_is_pickled_is_what_to_load(efficientnet):
    data = pickle.dumps(efficientnet)
    assert len(data) < 1000
    copy = pickle.loads(data)
    assert copy.fingerprint == efficientnet.fingerprint
    assert copy.batch_size == 4


def test_the_scale_of_an_image_encoder_is_its_own(efficientnet):
    """The probe's sentences are no pictures: it must not be asked."""
    assert scale_for(efficientnet) is efficientnet.scale
