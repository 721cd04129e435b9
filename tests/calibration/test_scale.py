import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zstext.calibration import ScoreScale

SCALE = ScoreScale(temperature=0.5, midpoint=0.2, multi_temperature=0.25)


def test_softmax_by_hand():
    a, b = math.exp(0.6 / 0.5), math.exp(0.1 / 0.5)
    proba = SCALE.scaling(2).proba(np.array([[0.6, 0.1], [0.3, 0.3]]))
    np.testing.assert_allclose(proba, [[a / (a + b), b / (a + b)], [0.5, 0.5]], rtol=1e-14)


def test_sigmoid_by_hand():
    proba = SCALE.scaling(3, multi_label=True).proba(np.array([[0.2, 0.45, -0.3]]))
    expected = [[0.5, 1 / (1 + math.exp(-1)), 1 / (1 + math.exp(2))]]
    np.testing.assert_allclose(proba, expected, rtol=1e-14)


scores = st.lists(st.floats(-1, 1), min_size=1, max_size=9)


@given(scores, st.floats(1e-3, 10))
def test_rows_sum_to_one_and_keep_the_order(row, temperature):
    proba = ScoreScale(temperature, 0.0, 1.0).scaling(len(row)).proba(np.array([row]))[0]
    assert proba.sum() == pytest.approx(1, abs=1e-12)
    order = np.argsort(row)
    assert (np.diff(proba[order]) >= 0).all()


@given(scores)
def test_multi_label_scores_stand_alone(row):
    together = SCALE.scaling(len(row), multi_label=True).proba(np.array([row]))[0]
    alone = [SCALE.scaling(1, multi_label=True).proba(np.array([[s]]))[0, 0] for s in row]
    np.testing.assert_allclose(together, alone, rtol=1e-14)
    assert ((together >= 0) & (together <= 1)).all()


def test_rows_without_scores_stay_nan_and_no_rows_stay_none():
    proba = SCALE.scaling(2).proba(np.array([[np.nan, np.nan], [0.1, 0.1]]))
    assert np.isnan(proba[0]).all()
    assert proba[1].tolist() == [0.5, 0.5]
    assert SCALE.scaling(3).proba(np.empty((0, 3))).shape == (0, 3)


def test_among_many_labels_the_temperature_falls_with_the_sixth_root():
    scale = ScoreScale(0.08, 0.2, 0.1, labels=4)
    assert [scale.temperature_among(n) for n in (1, 2, 4)] == [0.08] * 3
    assert scale.temperature_among(4 * 64) == pytest.approx(0.04)
    assert scale.scaling(4 * 64).temperature == pytest.approx(0.04)
    assert ScoreScale(0.08, 0.2, 0.1).temperature_among(10**6) == 0.08


def test_one_label_alone_is_judged_alike_among_many_unless_few_are_expected():
    scale = ScoreScale(0.08, 0.2, 0.1, labels=4)
    assert scale.scaling(500, multi_label=True) == scale.scaling(1, multi_label=True)


def test_where_two_of_many_labels_are_expected_the_odds_are_lower_by_bayes_rule():
    scale = ScoreScale(0.08, 0.2, 0.1, expected=2)
    assert [scale.midpoint_among(n) for n in (1, 2, 4)] == [0.2] * 3
    at_midpoint = scale.scaling(20, multi_label=True).proba(np.array([[0.2] * 20]))
    np.testing.assert_allclose(at_midpoint.sum(), 2)
    likelihood_ratio = math.exp((0.5 - 0.2) / 0.1)
    odds = likelihood_ratio * 2 / 18
    found = scale.scaling(20, multi_label=True).proba(np.array([[0.5] * 20]))
    np.testing.assert_allclose(found, odds / (1 + odds))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.floats(0.5, 4))
@example([0.0, -2.3e-17], 2.0)
def test_more_labels_make_each_less_likely_and_change_no_order(row, expected):
    scale = ScoreScale(0.08, 0.2, 0.1, expected=expected)
    few, many = (scale.scaling(n, multi_label=True).proba(np.array([row]))[0] for n in (9, 90))
    assert (many <= few).all()
    order = np.argsort(row)
    assert (np.diff(few[order]) >= -1e-12).all()
    assert (np.diff(many[order]) >= -1e-12).all()
