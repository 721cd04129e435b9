import numpy as np
import pytest

from tests.fakes import VectorEncoder, WordEncoder
from zstext.labels import LabelSpace
from zstext.semantics.text import CACHE_FROM, class_embeddings, mean_windows
from zstext.templates import as_templates

ONE = as_templates("{}")


def test_the_bare_name_at_unit_length():
    S = class_embeddings(VectorEncoder({"a": [3, 4], "b": [0, 2]}), LabelSpace.of(["b", "a"]), ONE)
    assert S.dtype == np.float32
    np.testing.assert_allclose(S, [[0, 1], [0.6, 0.8]], rtol=1e-6)


def test_templates_are_averaged_as_unit_vectors():
    encoder = VectorEncoder({"a!": [100, 0], "a?": [0, 2]})
    S = class_embeddings(encoder, LabelSpace.of(["a"]), as_templates(["{}!", "{}?"]))
    np.testing.assert_allclose(S, [[2**-0.5, 2**-0.5]], rtol=1e-6)


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 1.0])
def test_names_and_descriptions_are_blended_at_unit_length(weight):
    table = {"a": [5, 0], "b": [0, 7], "x": [0, 3], "y": [4, 0], "z": [0, 9]}
    space = LabelSpace.of({"a": ["x", "y"], "b": None})
    S = class_embeddings(VectorEncoder(table), space, ONE, description_weight=weight)
    a = (1 - weight) * np.array([1, 0]) + weight * np.array([1, 1]) / 2**0.5
    np.testing.assert_allclose(S, [a / np.linalg.norm(a), [0, 1]], rtol=1e-6)


def test_descriptions_are_not_put_into_templates_and_belong_to_their_label():
    table = {"<a>": [1, 0, 0], "<b>": [0, 1, 0], "x": [1, 0, 0], "y": [0, 0, 1]}
    encoder = VectorEncoder(table)
    space = LabelSpace.of({"a": "x", "b": "y"})
    S = class_embeddings(encoder, space, as_templates("<{}>"))
    np.testing.assert_allclose(S, [[1, 0, 0], [0, 0.5**0.5, 0.5**0.5]], atol=1e-6)
    assert {role for role, _ in encoder.asked} == {"label"}


def test_windows_of_a_long_description_are_averaged():
    S = class_embeddings(VectorEncoder({"a": [[1, 0], [0, 1]]}), LabelSpace.of(["a"]), ONE)
    np.testing.assert_allclose(S, [[0.5**0.5, 0.5**0.5]], rtol=1e-6)


def test_mean_windows_by_hand():
    windows = np.array([[1, 0], [0, 1], [0, 1], [4, 0]], dtype=np.float32)
    means = mean_windows(windows, np.array([3, 1]))
    assert means.dtype == np.float32
    np.testing.assert_allclose(means, [[5**-0.5, 2 * 5**-0.5], [1, 0]], rtol=1e-6)
    assert mean_windows(np.empty((0, 2), np.float32), np.array([], dtype=int)).shape == (0, 2)


class Counting(WordEncoder):
    def __init__(self):
        self.calls = 0

    def encode(self, items, **options):
        self.calls += 1
        return super().encode(items, **options)


MANY = LabelSpace.of([f"label {i}" for i in range(CACHE_FROM)])


def test_many_labels_are_embedded_once_and_kept(tmp_path):
    encoder, cache = Counting(), tmp_path / "deep" / "cache"
    S = class_embeddings(encoder, MANY, ONE, cache_dir=cache)
    again = class_embeddings(encoder, MANY, ONE, cache_dir=cache)
    assert encoder.calls == 1
    np.testing.assert_array_equal(S, again)
    np.testing.assert_array_equal(S, class_embeddings(Counting(), MANY, ONE))


def test_another_encoder_template_or_label_is_embedded_anew(tmp_path):
    encoder = Counting()
    class_embeddings(encoder, MANY, ONE, cache_dir=tmp_path)
    class_embeddings(encoder, MANY, as_templates("{}!"), cache_dir=tmp_path)
    class_embeddings(encoder, MANY.extend(["x"]), ONE, cache_dir=tmp_path)
    encoder.fingerprint = "words-2"
    class_embeddings(encoder, MANY, ONE, cache_dir=tmp_path)
    assert encoder.calls == 4


def test_few_labels_are_not_kept(tmp_path):
    class_embeddings(Counting(), LabelSpace.of(["a"]), ONE, cache_dir=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 2], lambda d: b"", lambda d: b"x" * 99])
def test_a_damaged_cache_is_written_anew(tmp_path, damage):
    encoder = Counting()
    S = class_embeddings(encoder, MANY, ONE, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    np.testing.assert_array_equal(class_embeddings(encoder, MANY, ONE, cache_dir=tmp_path), S)
    assert encoder.calls == 2
    assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").write_text("")
    S = class_embeddings(Counting(), MANY, ONE, cache_dir=tmp_path / "file" / "cache")
    np.testing.assert_array_equal(S, class_embeddings(Counting(), MANY, ONE))
