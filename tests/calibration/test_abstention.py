import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from zstext.calibration import Abstention
from zstext.calibration.abstention import clopper_pearson_lower
from zstext.errors import InputError, OptionError


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40),
    st.floats(0.05, 0.95),
)
def test_no_other_threshold_answers_more_at_the_target(pairs, target):
    c, hit = (np.array(v) for v in zip(*pairs, strict=True))
    rule = Abstention.from_validation(c, hit, target_precision=target)
    reached = [(c >= t).mean() for t in set(c.tolist()) if hit[c >= t].mean() >= target]
    assert rule.coverage == pytest.approx(max(reached, default=0))
    answered = rule.answers(c)
    assert answered.mean() == pytest.approx(rule.coverage)
    if rule.threshold is None:
        assert rule.precision is None
    else:
        assert rule.precision == pytest.approx(hit[answered].mean())
        assert rule.lower_bound <= rule.precision


@given(st.integers(1, 60), st.data())
def test_the_bound_inverts_the_binomial_tail(n, data):
    right = data.draw(st.integers(1, n))
    p = clopper_pearson_lower(right, n, 0.9)
    assert binom.sf(right - 1, n, p) == pytest.approx(0.1, abs=1e-6)


def test_by_hand():
    rule = Abstention.from_validation(
        [0.9, 0.8, 0.7, 0.6], [True, True, False, True], target_precision=0.7
    )
    assert (rule.precision, rule.coverage) == (0.75, 1.0)
    assert rule.threshold == pytest.approx(0.6 - 1e-4)
    assert clopper_pearson_lower(0, 5, 0.95) == 0
    assert clopper_pearson_lower(1, 1, 0.95) == pytest.approx(0.05)


def test_misuse():
    with pytest.raises(OptionError, match="target_precision must be between 0 and 1, got 95"):
        Abstention.from_validation([0.5], [True], target_precision=95)
    with pytest.raises(InputError):
        Abstention.from_validation([], [], target_precision=0.9)


@pytest.mark.parametrize("correct", [True, False])
def test_state_round_trip(correct):
    rule = Abstention.from_validation([0.5, 0.6], [correct, correct], target_precision=0.9)
    assert Abstention.from_state(rule.to_state()) == rule


def test_a_threshold_stands_on_no_confidence():
    rule = Abstention.from_validation([0.8, 0.6], [True, False], target_precision=0.9)
    assert rule.threshold == pytest.approx(0.8 - 1e-4)
    close = Abstention.from_validation([0.8, 0.79995], [True, False], target_precision=0.9)
    assert close.threshold == pytest.approx(0.799975)
    assert close.answers(np.array([0.8 - 1e-6, 0.79995 + 1e-6])).tolist() == [True, False]
