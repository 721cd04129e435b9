import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.adaptation import boldness as module
from zstext.adaptation.anchor import Anchor
from zstext.adaptation.boldness import BOLD, EVEN_FROM, balanced, boldness
from zstext.adaptation.mixture import Mixture

from .conftest import plant


def test_boldness_by_hand():
    shares = np.array([0.7, 0.3])
    evenness = -(0.7 * np.log2(0.7) + 0.3 * np.log2(0.3))
    assert boldness(shares) == pytest.approx((evenness - EVEN_FROM) / (1 - EVEN_FROM))
    assert boldness(np.array([0.9, 0.1])) == 0
    assert boldness(np.full(5, 0.2)) == pytest.approx(1)


def test_a_class_without_a_document_is_no_error():
    assert boldness(np.array([0.5, 0.5, 0.0])) == 0


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=9).filter(lambda x: sum(x) > 0.1))
def test_boldness_is_a_share_and_knows_no_order(weights):
    shares = np.array(weights) / sum(weights)
    assert 0 <= boldness(shares) <= 1
    assert boldness(shares[::-1]) == pytest.approx(boldness(shares), abs=1e-9)


def test_where_shares_are_even_it_goes_towards_the_bold_fit(planted, monkeypatch):
    y = np.full(600, -1)
    monkeypatch.setattr(module, "boldness", lambda shares: 1.0)
    anchor, mixture = balanced(planted.X, planted.P, y)
    whole = Anchor.of(planted.P, 1.0)
    bold = Mixture.fit(planted.X, whole.apply(planted.P), y, BOLD)
    np.testing.assert_array_equal(anchor.offsets, whole.offsets)
    np.testing.assert_allclose(mixture.weights, bold.weights, atol=1e-10)


def test_rare_classes_are_fed_less_from_a_large_one_than_by_the_bold_fit():
    """Of 600 documents 12 are of each of three classes: the careful fit alone is heard."""
    world = plant(n=4000)
    counts = (564, 12, 12, 12)
    rows = np.concatenate([np.flatnonzero(world.y == c)[:m] for c, m in enumerate(counts)])
    X, P, y = world.X[rows], world.P[rows], np.full(len(rows), -1)
    anchor, careful = balanced(X, P, y)
    half, whole = Anchor.of(P, 0.5), Anchor.of(P, 1.0)
    np.testing.assert_array_equal(anchor.offsets, half.offsets)
    bold = Mixture.fit(X, whole.apply(P), y, BOLD)
    fits = ((careful, half), (bold, whole))
    right = [(m.evidence(X) + a.apply(P)).argmax(axis=1) == world.y[rows] for m, a in fits]
    assert right[0].mean() > right[1].mean() + 0.1
