import numpy as np
import pytest

from zstext.calibration import SoftGate

from .test_seen_penalty import SEEN, biased


def test_rows_are_log_probabilities():
    F, y = biased()
    gate = SoftGate.from_folds([(F, y, SEEN)])
    np.testing.assert_allclose(np.exp(gate.apply(F, SEEN)).sum(axis=1), 1)


def test_by_hand():
    # Equal odds of the kinds; within a kind softmax of (0, log 3) is (1/4, 3/4).
    gate = SoftGate(w_s=1.0, w_u=-1.0, b=0.0, temperature=0.5)
    F = np.log([[1.0, np.sqrt(3), np.sqrt(3), 1.0]])
    np.testing.assert_allclose(np.exp(gate.apply(F, SEEN)), [[1 / 8, 3 / 8, 3 / 8, 1 / 8]])


def test_it_takes_off_the_advantage_of_the_seen_classes():
    F, y = biased()
    G = SoftGate.from_folds([(F, y, SEEN)]).apply(F, SEEN)
    assert (F.argmax(axis=1) == y).mean() < 0.9
    assert (G.argmax(axis=1) == y).mean() > 0.98


@pytest.mark.parametrize("seen", [np.ones(4, bool), np.zeros(4, bool)])
def test_one_kind_of_class_leaves_nothing_to_gate(seen):
    F, y = biased()
    assert SoftGate.from_folds([(F, y, seen)]) is None
    assert SoftGate(1.0, -1.0, 0.0, 1.0).apply(F, seen) is F


def test_state_round_trip():
    gate = SoftGate(1.0, -2.0, 0.5, 0.1)
    assert SoftGate.from_state(gate.to_state()) == gate
