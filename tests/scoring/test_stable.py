import numpy as np

from tests.fakes import VectorEncoder, WordEncoder
from zstext.labels import LabelSpace
from zstext.protocols import Scored
from zstext.scoring import EncoderScorer, score_stably
from zstext.templates import as_templates

ONE = as_templates("{}")
NOISE = 1e-3


class Noisy:
    """Scores that are off by a little that depends on the batch, as float32 on a GPU."""

    noise = NOISE

    def __init__(self, exact):
        self.exact = exact
        self.alone = []

    def score(self, items, labels):
        scores = np.array([self.exact[item] for item in items], dtype=float)
        if len(items) == 1:
            self.alone.append(items[0])
        else:
            scores += np.linspace(-1, 1, scores.size).reshape(scores.shape) * NOISE / 10
        return Scored(scores, np.ones(len(items), int), np.zeros(len(items), bool))


def test_near_ties_are_scored_alone():
    exact = {
        "clear": [0.5, 0.4, 0.1],
        "near": [0.5, 0.5 - NOISE / 100, 0.1],
        "three": [0.5, 0.5 + NOISE / 50, 0.5 + NOISE / 100],
        "low": [0.9, 0.1, 0.1 + NOISE / 100],
    }
    noisy = Noisy(exact)
    scored = score_stably(noisy, list(exact), LabelSpace.of(["a", "b", "c"]))
    assert noisy.alone == ["near", "three"]
    np.testing.assert_array_equal(scored.scores[1], exact["near"])
    np.testing.assert_array_equal(scored.scores[2], exact["three"])


def test_an_exact_tie_does_not_hide_a_third_label_that_is_near():
    table = {"a": [1, 0], "A": [1, 0], "b": [1, 1e-3], "x": [1, 0]}
    encoder = VectorEncoder(table)
    scorer = EncoderScorer(encoder, ONE)
    score_stably(scorer, ["x"], LabelSpace.of(["a", "A", "b"]))
    assert [items for role, items in encoder.asked if role == "document"] == [["x"], ["x"]]


def test_one_label_is_never_a_tie():
    encoder = WordEncoder()
    scored = score_stably(EncoderScorer(encoder, ONE), ["x", "y"], LabelSpace.of(["a"]))
    assert scored.scores.shape == (2, 1)


def test_the_set_of_the_two_best_is_settled_too():
    exact = {
        "clear": [0.5, 0.4, 0.1],
        "best two near": [0.5, 0.5 - NOISE / 100, 0.1],
        "second and third near": [0.9, 0.1, 0.1 + NOISE / 100],
    }
    noisy = Noisy(exact)
    score_stably(noisy, list(exact), LabelSpace.of(["a", "b", "c"]), rank=2)
    assert "second and third near" in noisy.alone
    assert "clear" not in noisy.alone
    everything = Noisy(exact)
    score_stably(everything, list(exact), LabelSpace.of(["a", "b", "c"]), rank=3)
    assert everything.alone == []
