import numpy as np
import pytest

from tests.fakes import TableEntailer
from zstext import OptionError
from zstext.labels import LabelSpace
from zstext.scoring import EntailmentScorer
from zstext.scoring.entailment import CONTENT_FREE_TEXTS
from zstext.templates import as_templates

ONE = as_templates("{}")
AB = LabelSpace.of(["a", "b"])
TABLE = {
    ("x", "a"): [2, 1],
    ("x", "b"): [0, 3],
    ("long", "a"): [[4, 0], [0, 0], [2, 3]],
    ("long", "b"): [[1, 1], [5, 2], [0, 0]],
}


@pytest.mark.parametrize(
    ("long", "multi_label", "expected"),
    [
        ("mean", False, [[2, 0], [2, 2]]),
        ("max", False, [[2, 0], [4, 5]]),
        ("truncate", False, [[2, 0], [4, 1]]),
        ("mean", True, [[1, -3], [1, 1]]),
        ("max", True, [[1, -3], [4, 3]]),
        ("truncate", True, [[1, -3], [4, 0]]),
    ],
)
def test_scores_by_hand(long, multi_label, expected):
    scorer = EntailmentScorer(TableEntailer(TABLE), ONE, long=long, multi_label=multi_label)
    scored = scorer.score(["x", "long"], AB)
    np.testing.assert_allclose(scored.scores, expected)
    assert scored.counts.tolist() == [1, 1 if long == "truncate" else 3]
    assert scored.truncated.tolist() == [False, long == "truncate"]


def test_templates_are_averaged():
    table = {("x", "on a"): [1, 0], ("x", "a!"): [4, 0], ("x", "on b"): [0, 0], ("x", "b!"): [1, 0]}
    scorer = EntailmentScorer(TableEntailer(table), as_templates(["on {}", "{}!"]))
    np.testing.assert_allclose(scorer.score(["x"], AB).scores, [[2.5, 0.5]])


def test_a_description_counts_as_much_as_the_name():
    table = {
        ("x", "a"): [1, 0],
        ("x", "long a"): [3, 0],
        ("x", "wide a"): [7, 0],
        ("x", "b"): [2, 0],
    }
    labels = LabelSpace(("a", "b"), (("long a", "wide a"), ()))
    scored = EntailmentScorer(TableEntailer(table), ONE).score(["x"], labels)
    np.testing.assert_allclose(scored.scores, [[0.5 * 1 + 0.5 * 5, 2]])


def test_only_what_is_asked_is_computed():
    entailer = TableEntailer(TABLE)
    asked = np.array([[True, False], [False, True]])
    scored = EntailmentScorer(entailer, ONE).score(["x", "long"], AB, asked=asked)
    assert entailer.asked == [("x", "a"), ("long", "b")]
    np.testing.assert_array_equal(np.isnan(scored.scores), ~asked)
    np.testing.assert_allclose(scored.scores[asked], [2, 2])


def test_no_documents():
    assert EntailmentScorer(TableEntailer(TABLE), ONE).score([], AB).scores.shape == (0, 2)


def test_unknown_way_of_reading_long_documents():
    with pytest.raises(OptionError, match="did you mean 'mean'"):
        EntailmentScorer(TableEntailer(TABLE), ONE, long="meen")


NAMES_ALONE = {
    **TABLE,
    **{(text, "a"): [4, 0] for text in CONTENT_FREE_TEXTS},
    **{(text, "b"): [logit, 0] for text, logit in zip(CONTENT_FREE_TEXTS, (0, 1, 2), strict=True)},
}


def test_what_a_name_scores_on_nothing_is_taken_off():
    scorer = EntailmentScorer(TableEntailer(NAMES_ALONE), ONE, content_free_weight=0.5)
    np.testing.assert_allclose(scorer.score(["x"], AB).scores, [[2 - 0.5 * 4, 0 - 0.5 * 1]])


def test_a_name_is_asked_about_nothing_only_once():
    entailer = TableEntailer(NAMES_ALONE)
    scorer = EntailmentScorer(entailer, ONE, content_free_weight=0.5)
    scorer.prepare(AB)
    entailer.asked.clear()
    np.testing.assert_allclose(scorer.score(["x"], AB).scores, [[0, -0.5]])
    assert entailer.asked == [("x", "a"), ("x", "b")]


def test_labels_by_themselves_are_scored_as_they_are():
    scorer = EntailmentScorer(TableEntailer(TABLE), ONE, multi_label=True, content_free_weight=0.5)
    np.testing.assert_allclose(scorer.score(["x"], AB).scores, [[1, -3]])
