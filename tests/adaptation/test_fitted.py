import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zstext.adaptation import Adaptation, Trust
from zstext.errors import InputError, OptionError, PersistenceError
from zstext.state import State

from .conftest import plant


def test_planted_clusters_are_recovered_and_probabilities_are_such(planted):
    adaptation = Adaptation.fit(planted.X, planted.P)
    P = adaptation.apply(planted.X, planted.P)
    assert adaptation.support.reason is None
    assert planted.accuracy(P) > planted.accuracy(planted.P) + 0.03
    np.testing.assert_allclose(np.exp(P).sum(axis=1), 1)
    assert np.exp(P.max(axis=1)).mean() == pytest.approx(np.exp(planted.P.max(axis=1)).mean())


def test_new_documents_are_classified_as_well():
    world = plant(n=1200)
    adaptation = Adaptation.fit(world.X[:600], world.P[:600])
    P = adaptation.apply(world.X[600:], world.P[600:])
    assert (P.argmax(axis=1) == world.y[600:]).mean() > 0.93


@pytest.mark.parametrize("wrong", [-0.1, float("nan"), float("inf")])
def test_trust_is_a_number_from_0_up(wrong):
    with pytest.raises(OptionError, match="trust in evidence"):
        Trust(wrong, 1.0)
    with pytest.raises(OptionError, match="trust in shares"):
        Trust(1.0, wrong)
    with pytest.raises(OptionError, match="a round or more"):
        Trust(1.0, 1.0, heated=wrong)
    with pytest.raises(OptionError, match="a round or more"):
        Trust(1.0, 1.0, rounds=0)


def test_documents_that_count_nothing_change_nothing_by_their_features(planted):
    adaptation = Adaptation.fit(planted.X, planted.P, trust=Trust(evidence=0.0, shares=1.0))
    P = adaptation.apply(planted.X, planted.P)
    np.testing.assert_allclose(adaptation.apply(planted.X[::-1], planted.P), P)
    assert not np.allclose(Adaptation.fit(planted.X, planted.P).apply(planted.X, planted.P), P)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_documents_does_not_matter_to_the_last_bit(seed):
    world = plant(n=350)
    order = np.random.default_rng(seed).permutation(350)
    a, b = (Adaptation.fit(world.X[i], world.P[i]).to_state() for i in (slice(None), order))
    assert a.values == b.values
    for name in a.arrays:
        np.testing.assert_array_equal(a.arrays[name], b.arrays[name])


def test_the_order_does_not_matter_where_entailment_alone_tells_documents_apart():
    world = plant(n=600)
    X = np.repeat(world.X[:200], 3, axis=0)
    a, b = (Adaptation.fit(X[::step], world.P[::step]).to_state() for step in (1, -1))
    assert a.values == b.values
    assert a.values["documents"] == 600
    np.testing.assert_array_equal(a.arrays["weights"], b.arrays["weights"])


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_labels_does_not_matter(order):
    world = plant(n=350)
    a = Adaptation.fit(world.X, world.P).apply(world.X, world.P)
    b = Adaptation.fit(world.X, world.P[:, order]).apply(world.X, world.P[:, order])
    np.testing.assert_allclose(b, a[:, order], atol=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 349), max_size=300))
def test_a_document_counts_once_however_often_it_occurs(again):
    world = plant(n=350)
    rows = np.r_[0:350, np.array(again, dtype=int)]
    a = Adaptation.fit(world.X, world.P).to_state()
    b = Adaptation.fit(world.X[rows], world.P[rows]).to_state()
    assert a.values == b.values
    np.testing.assert_array_equal(a.arrays["weights"], b.arrays["weights"])


def test_a_document_is_read_without_the_others(planted):
    adaptation = Adaptation.fit(planted.X, planted.P)
    whole = adaptation.apply(planted.X, planted.P)
    one = adaptation.apply(planted.X[7:8], planted.P[7:8])
    np.testing.assert_allclose(one[0], whole[7], atol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 323])
def test_few_documents_keep_the_plain_scores(n):
    world = plant(n=n)
    adaptation = Adaptation.fit(world.X, world.P)
    assert "needs 300" in adaptation.support.reason
    np.testing.assert_array_equal(adaptation.apply(world.X, world.P).argmax(1), world.P.argmax(1))
    np.testing.assert_allclose(adaptation.apply(world.X, world.P), world.P, atol=1e-12)


def test_copies_are_no_support():
    world = plant(n=10)
    adaptation = Adaptation.fit(np.tile(world.X, (50, 1)), np.tile(world.P, (50, 1)))
    assert adaptation.support.documents == 10
    assert adaptation.mixture is None


def test_many_labels_need_many_documents():
    world = plant(n=300, k=60, d=40)
    assert "660" in Adaptation.fit(world.X, world.P).support.reason


def test_noise_is_refused():
    draw = np.random.default_rng(0)
    X, P = draw.standard_normal((500, 20)), 0.05 * draw.standard_normal((500, 3))
    adaptation = Adaptation.fit(X, P)
    assert "hardly tell" in adaptation.support.reason
    assert adaptation.changes(X, P).changed == 0


def test_one_label_is_refused():
    assert "one label" in Adaptation.fit(np.eye(3), np.zeros((3, 1))).support.reason


def test_labelled_rows_put_a_mistaken_name_right():
    """The anchor takes two classes for each other; a hundred labelled rows of each do not."""
    world = plant(fog=1.0)
    wrong = world.P[:, [1, 0, 2, 3]]
    y = np.full(600, -1)
    for c in (0, 1):
        y[np.flatnonzero(world.y == c)[:100]] = c
    free = y == -1
    without = Adaptation.fit(world.X, wrong).apply(world.X, wrong)
    helped = Adaptation.fit(world.X, wrong, y).apply(world.X, wrong)
    hit = helped.argmax(axis=1) == world.y
    assert hit[free].mean() > (without.argmax(axis=1) == world.y)[free].mean() + 0.2


def test_a_label_without_documents_does_no_harm(planted):
    rows = planted.y != 3
    P = Adaptation.fit(planted.X[rows], planted.P[rows]).apply(planted.X[rows], planted.P[rows])
    hit = {True: P, False: planted.P[rows]}
    after, before = ((hit[a].argmax(axis=1) == planted.y[rows]).mean() for a in (True, False))
    assert after > before


def test_of_very_many_documents_a_sample_is_learned_from(monkeypatch):
    world = plant(n=1000)
    monkeypatch.setattr("zstext.adaptation.fitted.MOST", 500)
    adaptation = Adaptation.fit(world.X, world.P)
    assert adaptation.support.documents == 1000
    assert world.accuracy(adaptation.apply(world.X, world.P)) > world.accuracy(world.P) + 0.1


@pytest.mark.parametrize("n", [5, 300])
def test_state_gives_the_same_adaptation(n):
    world = plant(n=n)
    adaptation = Adaptation.fit(world.X, world.P)
    again = Adaptation.from_state(adaptation.to_state())
    assert again.support == adaptation.support
    np.testing.assert_array_equal(again.apply(world.X, world.P), adaptation.apply(world.X, world.P))


def test_the_state_of_something_else_is_refused():
    with pytest.raises(PersistenceError, match="Adaptation"):
        Adaptation.from_state(State("Other"))


def test_wrong_input_is_named(planted):
    with pytest.raises(InputError, match="3 rows"):
        Adaptation.fit(planted.X[:3], planted.P[:4])
    with pytest.raises(InputError, match="0 rows"):
        Adaptation.fit(planted.X[:0], planted.P[:0])
    with pytest.raises(InputError, match="not finite"):
        Adaptation.fit([[np.nan]], [[0.0, 1.0]])
    with pytest.raises(InputError, match=r"views of \[8, 8\] columns for 20 features"):
        Adaptation.fit(planted.X, planted.P, views=(8, 8))
    adaptation = Adaptation.fit(planted.X, planted.P)
    with pytest.raises(InputError, match="expected 4 columns"):
        adaptation.apply(planted.X, planted.P[:, :3])
    with pytest.raises(InputError, match="adapted on 20"):
        adaptation.apply(planted.X[:, :3], planted.P)


def test_plain_scores_kept_by_an_earlier_version_are_still_kept():
    world = plant(n=5)
    state = Adaptation.fit(world.X, world.P).to_state()
    del state.values["views"]
    again = Adaptation.from_state(state)
    np.testing.assert_allclose(again.apply(world.X, world.P), world.P, atol=1e-12)
