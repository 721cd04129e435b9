from dataclasses import replace

import numpy as np
import pytest

from tests.fakes import VectorEncoder, WordEncoder
from zstext import OptionError
from zstext.labels import LabelSpace
from zstext.scoring import EncoderScorer, score_stably
from zstext.templates import as_templates

ONE = as_templates("{}")
AB = LabelSpace.of(["a", "b"])
TABLE = {"a": [1, 0], "b": [0, 1], "short": [3, 4], "long": [[1, 0], [1, 0], [0, 1]]}


@pytest.mark.parametrize(
    ("long", "scores"),
    [("mean", [2 * 5**-0.5, 5**-0.5]), ("max", [1, 1]), ("truncate", [1, 0])],
)
def test_long_documents_by_hand(long, scores):
    scored = EncoderScorer(VectorEncoder(TABLE), ONE, long=long).score(["short", "long"], AB)
    np.testing.assert_allclose(scored.scores, [[0.6, 0.8], scores], rtol=1e-6)
    whole = long != "truncate"
    assert scored.counts.tolist() == [1, 3 if whole else 1]
    assert scored.truncated.tolist() == [False, not whole]


@pytest.mark.parametrize("long", ["mean", "max", "truncate"])
def test_no_documents(long):
    scored = EncoderScorer(VectorEncoder(TABLE), ONE, long=long).score([], AB)
    assert scored.scores.shape == (0, 2)


def test_unknown_way_of_reading_long_documents():
    with pytest.raises(OptionError, match=r"mean, max, truncate, got 'meen' \(did you mean 'mean'"):
        EncoderScorer(VectorEncoder(TABLE), ONE, long="meen")


def test_labels_are_embedded_once():
    encoder = VectorEncoder(TABLE)
    scorer = EncoderScorer(encoder, ONE)
    for _ in range(3):
        scorer.score(["short"], AB)
    assert [role for role, _ in encoder.asked].count("label") == 1
    scorer.score(["short"], LabelSpace.of(["b", "a"]))
    assert [role for role, _ in encoder.asked].count("label") == 2


def test_equal_documents_and_equal_labels_get_equal_scores_wherever_they_are():
    """BLAS rounds the last rows and columns of a product in another way than the others."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        n, k = rng.integers(2, 70), rng.integers(2, 40)
        S, X = rng.normal(size=(k, 384)), rng.normal(size=(n, 384))
        S[-1], X[-1] = S[0], X[0]
        table = {f"s{i}": row for i, row in enumerate(S)} | {f"x{i}": r for i, r in enumerate(X)}
        scorer = EncoderScorer(VectorEncoder(table), ONE)
        labels = LabelSpace.of([f"s{i}" for i in range(k)])
        scores = score_stably(scorer, [f"x{i}" for i in range(n)], labels).scores
        np.testing.assert_array_equal(scores[:, 0], scores[:, -1])
        np.testing.assert_array_equal(scores[0], scores[-1])


def test_the_cache_folder_is_used(tmp_path):
    labels = LabelSpace.of([f"l{i}" for i in range(300)])
    EncoderScorer(WordEncoder(), ONE, cache_dir=tmp_path).class_embeddings(labels)
    assert len(list(tmp_path.iterdir())) == 1


class Hearing(VectorEncoder):
    def encode(self, items, **options):
        encoded = super().encode(items, **options)
        return replace(encoded, middle=10 * encoded.windows + 1)


def test_the_middle_layer_is_another_view_its_windows_averaged():
    table = {"a": [1, 0], "b": [0, 1], "x": [[3, 0], [0, 1], [0, 1]]}
    scorer = EncoderScorer(Hearing(table), as_templates("{}"))
    views = scorer.observe(["x", "a"], LabelSpace.of(["a", "b"])).views
    np.testing.assert_allclose(views[0], [[3 / 13**0.5, 2 / 13**0.5], [1, 0]], rtol=1e-6)
    np.testing.assert_allclose(views[1], [[11, 23 / 3], [11, 1]], rtol=1e-6)
