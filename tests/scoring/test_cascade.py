import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.fakes import TableEntailer, VectorEncoder
from zstext import OptionError
from zstext.calibration import ScoreScale
from zstext.labels import LabelSpace
from zstext.protocols import Encoded
from zstext.scoring import CascadeScorer, EncoderScorer, EntailmentScorer, shortlisted
from zstext.templates import as_templates

ONE = as_templates("{}")
ABC = LabelSpace.of(["a", "b", "c"])
VECTORS = {"a": [1, 0, 0], "b": [0, 1, 0], "c": [0, 0, 1], "x": [2, 2, 1]}
LOGITS = {("x", "a"): [1, 0], ("x", "b"): [3, 1], ("x", "c"): [9, 0]}
SCALE = ScoreScale(temperature=0.5, midpoint=0.2, multi_temperature=0.25)


def cascade(*, multi_label=False, **options):
    encoder = EncoderScorer(VectorEncoder(VECTORS), ONE)
    entailment = EntailmentScorer(TableEntailer(LOGITS), ONE, multi_label=multi_label)
    return CascadeScorer(encoder, entailment, SCALE, **options)


def log_softmax(scores):
    return scores - np.log(np.exp(scores).sum())


def test_all_labels_by_hand():
    scores = cascade(weight=0.25).score(["x"], ABC).scores
    first = log_softmax(np.array([2 / 3, 2 / 3, 1 / 3]) / 0.5)
    second = log_softmax(np.array([1.0, 3.0, 9.0]))
    np.testing.assert_allclose(scores, [0.75 * first + 0.25 * second], rtol=1e-6)


def test_a_shortlist_by_hand():
    scorer = cascade(weight=0.5, shortlist=2)
    scores = scorer.score(["x"], ABC).scores
    first = log_softmax(np.array([2 / 3, 2 / 3, 1 / 3]) / 0.5)
    second = log_softmax(np.array([1.0, 3.0]))
    expected = 0.5 * first + 0.5 * np.array([second[0], second[1], second[0]])
    np.testing.assert_allclose(scores, [expected], rtol=1e-6)
    assert scorer.entailment.entailer.asked == [("x", "a"), ("x", "b")]


def test_log_odds_in_multi_label_mode():
    scores = cascade(weight=0.5, shortlist=2, multi_label=True).score(["x"], ABC).scores
    first = (np.array([2 / 3, 2 / 3, 1 / 3]) - 0.2) / 0.25
    second = [1, 2, first[2]]  # off the shortlist: the lesser of 1, the least on it, and its own
    np.testing.assert_allclose(scores, [0.5 * first + 0.5 * np.array(second)], rtol=1e-6)


def test_no_documents():
    assert cascade(weight=0.5, shortlist=2).score([], ABC).scores.shape == (0, 3)


def test_a_shortlist_of_nothing():
    with pytest.raises(OptionError, match="at least 1 label, got 0"):
        cascade(weight=0.5, shortlist=0)


@given(
    arrays(np.float64, (4, 5), elements=st.floats(-1, 1)),
    arrays(np.float64, (4, 5), elements=st.floats(-9, 9)),
    st.integers(1, 5),
    st.floats(0, 0.99),
)
def test_no_label_off_the_shortlist_comes_out_best(first, second, k, weight):
    items = [f"x{i}" for i in range(4)]
    names = [f"c{j}" for j in range(5)]
    vectors = dict(zip(names, np.eye(6)[:5], strict=True))
    # unit vectors whose first five entries are the scores: the encoder's cosines
    unit = first / 3
    vectors |= {x: [*row, np.sqrt(1 - row @ row)] for x, row in zip(items, unit, strict=True)}
    logits = {(x, c): [second[i, j], 0] for i, x in enumerate(items) for j, c in enumerate(names)}
    scorer = CascadeScorer(
        EncoderScorer(VectorEncoder(vectors), ONE),
        EntailmentScorer(TableEntailer(logits), ONE),
        SCALE,
        weight=weight,
        shortlist=k,
    )
    labels = LabelSpace.of(names)
    scores = scorer.score(items, labels).scores
    listed = shortlisted(scorer.encoder.score(items, labels).scores, k)
    best = np.where(listed, scores, -np.inf).max(axis=1)
    assert (scores.max(axis=1) <= best + 1e-9).all()


def test_ties_on_the_shortlist_go_to_the_label_named_first():
    mask = shortlisted(np.array([[0.5, 0.7, 0.5, 0.5]]), 2)
    assert mask.tolist() == [[True, True, False, False]]


def test_few_labels_are_all_read():
    scorer = cascade(weight=0.5, shortlist=1, few=3, all_of_few=True)
    scorer.score(["x"], ABC)
    assert len(scorer.entailment.entailer.asked) == 3
    assert scorer.size(LabelSpace.of(["a", "b", "c", "d"])) == 1


def test_entailment_counts_less_among_many_labels():
    many = {"weight_of_many": 0.25, "few": 2}
    plain = cascade(weight=0.25).score(["x"], ABC).scores
    np.testing.assert_array_equal(cascade(weight=0.75, **many).score(["x"], ABC).scores, plain)
    assert cascade(weight=0.75, **many).weight_for(LabelSpace.of(["a", "b"])) == 0.75
    assert cascade(weight=0.75, multi_label=True, **many).weight_for(ABC) == 0.75


def test_passes_through_a_network():
    assert cascade(weight=0.5, shortlist=2).passes(ABC) == 1 + 2
    assert cascade(weight=0.5, shortlist=9).passes(ABC) == 1 + 3


def test_a_copy_remembers_nothing():
    scorer = cascade(weight=0.5)
    scorer.prepare(ABC)
    copy = scorer.copy()
    assert (copy.settings(), copy.models) == (scorer.settings(), scorer.models)
    assert copy.encoder is not scorer.encoder
    assert scorer.encoder._embedded
    assert not copy.encoder._embedded


class Seeing(TableEntailer):
    def represent(self, items, *, whole=True):
        windows = np.array([[6.0, 8.0], [8.0, 8.0]] * len(items), dtype=np.float32)
        return Encoded(windows, np.full(len(items), 2), np.zeros(len(items), dtype=bool))


def test_what_there_is_to_adapt_by():
    plain = cascade(weight=0.5)
    assert [view.shape for view in plain.observe(["x"], ABC).views] == [(1, 3)]
    entailment = EntailmentScorer(Seeing(LOGITS), ONE)
    seeing = CascadeScorer(plain.encoder, entailment, SCALE, weight=0.5)
    observed = seeing.observe(["x"], ABC)
    np.testing.assert_array_equal(observed.scores, plain.score(["x"], ABC).scores)
    assert observed.views[1].tolist() == [[7.0, 8.0]]
    assert entailment.observe(["x"], ABC).views[0].tolist() == [[7.0, 8.0]]
    assert seeing.score(["x"], ABC).views[1:] == ()  # nothing is read twice for plain scores
