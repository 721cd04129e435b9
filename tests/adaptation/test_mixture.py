import numpy as np
import pytest

from zstext.adaptation.mixture import (
    LABELLED,
    TRUST,
    Mixture,
    held,
    principal_components,
    view_scales,
)
from zstext.adaptation.trust import Trust


def test_labelled_rows_are_held():
    r = held(np.full((3, 2), 0.5), np.array([-1, 1, 0]))
    np.testing.assert_array_equal(r, [[0.5, 0.5], [0, LABELLED], [LABELLED, 0]])


def test_a_labelled_row_counts_as_several_documents(planted, monkeypatch):
    X, anchor, y = planted.X[:300], planted.P[:300], planted.y[:300].copy()
    y[20:] = -1
    once = Mixture.fit(X, anchor, y, trust=Trust(1.0, 0.8))
    rows = np.r_[np.arange(20).repeat(int(LABELLED)), 20:300]
    monkeypatch.setattr("zstext.adaptation.mixture.LABELLED", 1.0)
    several = Mixture.fit(X[rows], anchor[rows], y[rows], trust=Trust(1.0, 0.8))
    np.testing.assert_allclose(once.mean, several.mean)
    np.testing.assert_allclose(once.weights, several.weights, atol=1e-6)


def test_labelled_rows_lift_the_trust_in_evidence(planted):
    """Two a class leave a third of the doubt."""
    y = np.full(600, -1)
    for c in range(4):
        y[np.flatnonzero(planted.y == c)[:2]] = c
    lifted = Mixture.fit(planted.X, planted.P, y, trust=Trust(0.4, 0.8))
    full = Mixture.fit(planted.X, planted.P, y, trust=Trust(1.0, 0.8))
    assert np.abs(lifted.weights).sum() < np.abs(full.weights).sum()
    assert Trust(0.4, 0.8).lifted(1 / 3) == Trust(0.8, 0.8)
    same = Mixture.fit(planted.X, planted.P, np.full(600, -1), trust=Trust(0.4, 0.8))
    assert np.abs(same.weights).sum() < np.abs(lifted.weights).sum()


def test_more_rounds_move_classes_further_from_the_anchor(planted):
    y, scores = np.full(600, -1), []
    for rounds in (1, 20):
        trust = Trust(1.0, 0.8, rounds=rounds, heated=0.6)
        mixture = Mixture.fit(planted.X, planted.P, y, trust=trust)
        scores.append(planted.accuracy(mixture.evidence(planted.X)))
    assert scores[0] < scores[1]


def test_classes_without_documents_stay_finite():
    X = np.random.default_rng(0).standard_normal((30, 3))
    anchor = np.column_stack([np.zeros(30), np.full(30, -800.0)])
    mixture = Mixture.fit(X, anchor, np.full(30, -1))
    assert np.isfinite(mixture.evidence(X)).all()


def test_equal_documents_stay_finite():
    X = np.ones((5, 3))
    mixture = Mixture.fit(X, np.log(np.full((5, 2), 0.5)), np.full(5, -1))
    np.testing.assert_allclose(mixture.evidence(X), TRUST.shares * np.log(0.5))


def test_documents_that_are_not_trusted_say_nothing(planted):
    y = np.full(600, -1)
    mixture = Mixture.fit(planted.X, planted.P, y, trust=Trust(evidence=0, shares=0))
    np.testing.assert_array_equal(mixture.evidence(planted.X), 0)


def test_shares_that_are_trusted_less_stay_nearer_to_even():
    """Three in four documents look like class 0 as three to one; in full, EM gives it all."""
    anchor = np.log([[0.75, 0.25]] * 30 + [[0.25, 0.75]] * 10)
    X, y = np.zeros((40, 1)), np.full(40, -1)
    found = {}
    for trusted in (0.5, 1.0):
        mixture = Mixture.fit(X, anchor, y, trust=Trust(evidence=0, shares=trusted))
        found[trusted] = np.exp(mixture.bias / trusted)
        assert found[trusted].sum() == pytest.approx(1)
    assert 0.6 < found[0.5][0] < 0.7
    assert found[1.0][0] > 0.85


def test_planted_clusters_are_found(planted):
    scores = Mixture.fit(planted.X, planted.P, np.full(600, -1)).evidence(planted.X)
    assert planted.accuracy(scores) > 0.93
    assert planted.accuracy(scores) > planted.accuracy(planted.P) + 0.03


@pytest.mark.parametrize("p", [1, 3])
def test_principal_components_are_uncorrelated(p):
    X = np.random.default_rng(1).standard_normal((40, 3)) @ np.diag([3.0, 2.0, 1.0])
    X -= X.mean(axis=0)
    V, variances = principal_components(X, np.ones(40), p)
    np.testing.assert_allclose((X @ V).T @ (X @ V) / 40, np.diag(variances), atol=1e-10)
    assert (np.diff(variances) <= 0).all()


def test_each_view_is_brought_to_one_scale():
    C = np.array([[3.0, 4.0, 0.5, 0.0], [-3.0, -4.0, -0.5, 0.0]])
    np.testing.assert_allclose(view_scales(C, np.ones(2), (2, 1, 1)), [0.2, 0.2, 2.0, 1.0])
    np.testing.assert_allclose(view_scales(C, np.ones(2), ()), [1 / np.sqrt(25.25)] * 4)


def test_the_unit_of_a_view_does_not_matter(planted):
    unlabelled, by = np.full(600, -1), np.repeat([1.0, 1e3], [8, 12])
    a = Mixture.fit(planted.X, planted.P, unlabelled, (8, 12)).evidence(planted.X)
    b = Mixture.fit(planted.X * by, planted.P, unlabelled, (8, 12)).evidence(planted.X * by)
    np.testing.assert_allclose(a, b, atol=1e-6)
