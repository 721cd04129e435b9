import math
import warnings

import numpy as np
import pytest

from tests.encoders.images.pictures import scene
from zstext.encoders.images import load_image_encoder
from zstext.errors import ModelError
from zstext.labels import LabelSpace
from zstext.mapping import IdentityMapping
from zstext.semantics import class_embeddings
from zstext.templates import HypothesisTemplate

LABELS = ["cat", "dog", "red car", "house"]
TEMPLATE = "this is a photo of {}."


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(0)
    from PIL import Image

    noise = [Image.fromarray(rng.integers(0, 256, (40, 56, 3), dtype=np.uint8)) for _ in range(3)]
    return [scene(), scene(50, 90), *noise]


def probabilities(encoder, pictures, templates, *, multi_label=False):
    """What the classifier computes: class embeddings, cosines, the encoder's own scale."""
    S = class_embeddings(encoder, LabelSpace.of(LABELS), [HypothesisTemplate(t) for t in templates])
    cosines = IdentityMapping().compatibility(encoder.encode(pictures).windows, S)
    return encoder.scale.scaling(cosines.shape[1], multi_label=multi_label).proba(cosines)


def of_transformers(directory, pictures):
    from transformers import logging, pipeline

    logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tag = pipeline("zero-shot-image-classification", model=str(directory), device="cpu")
        results = tag(pictures, candidate_labels=LABELS, hypothesis_template=TEMPLATE)
    by_label = [{r["label"]: r["score"] for r in result} for result in results]
    return np.array([[scores[label] for label in LABELS] for scores in by_label])


def test_clip_scores_are_those_of_transformers(clip_dir, pictures):
    expected = of_transformers(clip_dir, pictures)
    assert expected.std(axis=0).max() > 1e-3  # else any answer would do
    got = probabilities(load_image_encoder(clip_dir, device="cpu"), pictures, [TEMPLATE])
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_siglip_scores_are_those_of_transformers(siglip_dir, pictures):
    expected = of_transformers(siglip_dir, pictures)
    assert expected.std(axis=0).max() > 1e-3
    encoder = load_image_encoder(siglip_dir, device="cpu")
    got = probabilities(encoder, pictures, [TEMPLATE], multi_label=True)
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_images_and_labels_are_unit_vectors_of_one_space(clip_dir):
    encoder = load_image_encoder(clip_dir, device="cpu")
    images, texts = encoder.encode([scene()]), encoder.encode(LABELS, role="label")
    assert images.windows.shape == (1, 24)
    assert texts.windows.shape == (4, 24)
    assert images.windows.dtype == texts.windows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(texts.windows, axis=1), 1, atol=1e-6)
    assert encoder.one_space
    assert encoder.n_features == 24
    assert encoder.encode([], role="label").windows.shape == (0, 24)


def test_the_vector_of_a_text_does_not_depend_on_the_others(clip_dir):
    encoder = load_image_encoder(clip_dir, device="cpu")
    alone = encoder.encode(["cat"], role="label").windows[0]
    among = encoder.encode(["a photo of a red car .", "cat", "dog"], role="label").windows[1]
    np.testing.assert_allclose(alone, among, atol=1e-6)


def test_a_lone_surrogate_in_a_label_is_no_error(clip_dir):
    encoder = load_image_encoder(clip_dir, device="cpu")
    vectors = encoder.encode(["cat \ud800", "cat \ufffd"], role="label").windows
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_prompts_are_averaged_and_the_default_is_a_photo(clip_dir, pictures):
    encoder = load_image_encoder(clip_dir, device="cpu")
    assert encoder.default_templates == ("a photo of a {}.",)
    one, other = (probabilities(encoder, pictures, [t]) for t in ("a photo of a {}.", "{}"))
    both = probabilities(encoder, pictures, ["a photo of a {}.", "{}"])
    assert np.abs(one - other).max() > 1e-4
    assert not np.allclose(both, one)
    unit = encoder.encode(["a photo of a cat.", "cat"], role="label").windows
    mean = unit.mean(axis=0) / np.linalg.norm(unit.mean(axis=0))
    templates = [HypothesisTemplate("a photo of a {}."), HypothesisTemplate("{}")]
    S = class_embeddings(encoder, LabelSpace.of(["cat"]), templates)
    np.testing.assert_allclose(S[0], mean, atol=1e-6)


def test_a_text_beyond_the_window_is_cut_and_says_so(clip_dir):
    encoder = load_image_encoder(clip_dir, device="cpu")
    encoded = encoder.encode(["cat", "dog " * 40], role="label")
    assert encoded.truncated.tolist() == [False, True]


def test_the_scale_is_the_one_the_model_learned(clip_dir, siglip_dir):
    clip, siglip = (load_image_encoder(d, device="cpu") for d in (clip_dir, siglip_dir))
    assert clip.scale.temperature == pytest.approx(math.exp(-2.6592), rel=1e-4)
    assert siglip.scale.temperature == pytest.approx(math.exp(-2.0))
    assert siglip.scale.midpoint == pytest.approx(1.5 * math.exp(-2.0))


def test_half_a_model_is_refused(clip_dir, tmp_path):
    from safetensors.torch import load_file, save_file

    for file in clip_dir.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = load_file(tmp_path / "model.safetensors")
    kept = {k: v for k, v in weights.items() if not k.startswith("text_model")}
    save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="lacks .* weights, for example 'text_model"):
        load_image_encoder(tmp_path, device="cpu")
