import numpy as np
import pytest

from zstext.calibration import TemperatureScaling
from zstext.errors import InputError, OptionError


def test_by_hand():
    p = TemperatureScaling(0.5).proba(np.log([[1.0, 2.0]]))
    np.testing.assert_allclose(p, [[0.2, 0.8]])


def test_the_true_temperature_is_found():
    rng = np.random.default_rng(0)
    logits = 3 * rng.normal(size=(4000, 5))
    p = TemperatureScaling(1.0).proba(logits)
    y = (p.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    found = TemperatureScaling.from_validation(0.02 * logits, y).temperature
    assert found == pytest.approx(0.02, rel=0.05)


def test_no_temperature_on_a_grid_is_better():
    rng = np.random.default_rng(1)
    F, y = rng.normal(size=(50, 3)), rng.integers(3, size=50)
    F[np.arange(50), y] += 1

    def loss(t):
        return -np.log(TemperatureScaling(t).proba(F)[np.arange(50), y]).mean()

    best = loss(TemperatureScaling.from_validation(F, y).temperature)
    assert best <= min(loss(t) for t in np.geomspace(1e-2, 1e2, 400)) + 1e-9


def test_rows_of_no_class_are_not_looked_at():
    with pytest.raises(InputError, match="at least one labelled"):
        TemperatureScaling.from_validation([[1.0, 2.0]], [-1])


@pytest.mark.parametrize("t", [0.0, -1.0, float("inf")])
def test_a_temperature_is_positive(t):
    with pytest.raises(OptionError, match="above 0"):
        TemperatureScaling(t)


def test_huge_scores_do_not_overflow():
    np.testing.assert_allclose(TemperatureScaling(1e-3).proba(np.array([[1e6, 0.0]])), [[1, 0]])


def test_state_round_trip():
    t = TemperatureScaling(0.07)
    assert TemperatureScaling.from_state(t.to_state()) == t
