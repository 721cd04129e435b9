import json

import numpy as np
import pytest

from zstext.calibration import (
    Abstention,
    CalibrationChain,
    IsotonicScaling,
    NullOffsets,
    PlattScaling,
    PriorShift,
    SeenPenalty,
    SoftGate,
    TemperatureScaling,
)
from zstext.errors import OptionError, PersistenceError
from zstext.state import State

SEEN = np.array([True, True, False])
F = np.random.default_rng(0).normal(size=(20, 3))
PARTS = {
    "null": NullOffsets(np.array([0.1, -0.2, 0.1])),
    "seen": SeenPenalty(0.4),
    "scaling": TemperatureScaling(0.5),
    "prior": PriorShift(np.array([0.3, 0.0, -0.3])),
    "abstention": Abstention(0.6, 0.9, 0.95, 0.5, 0.8, 0.95, 40),
}


def test_the_order_is_null_seen_scaling_prior_abstention():
    chain = CalibrationChain(**PARTS)
    adjusted = F - [0.1, -0.2, 0.1] - 0.4 * SEEN
    np.testing.assert_allclose(chain.adjust(F, SEEN), adjusted)
    p = np.exp(adjusted / 0.5) * np.exp([0.3, 0.0, -0.3])
    p /= p.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(chain.proba(F, SEEN), p)
    np.testing.assert_array_equal(chain.answers(p), p.max(axis=1) >= 0.6)


def test_scaling_alone_is_enough():
    chain = CalibrationChain(TemperatureScaling(2.0))
    np.testing.assert_allclose(chain.proba(F, SEEN), TemperatureScaling(2.0).proba(F))
    assert chain.answers(chain.proba(F, SEEN)).all()


@pytest.mark.parametrize(
    "parts",
    [
        PARTS,
        {"scaling": PlattScaling(-3.0, 0.1), "null": PARTS["null"]},
        {"scaling": IsotonicScaling(np.array([-1.0, 1.0]), np.array([0.2, 0.9]))},
        {"scaling": TemperatureScaling(1.0), "seen": SoftGate(1.0, -1.0, 0.2, 0.5)},
    ],
)
def test_state_survives_json(parts):
    chain = CalibrationChain(**parts)
    state = chain.to_state()
    values = json.loads(json.dumps(state.values))
    again = CalibrationChain.from_state(State(state.kind, values, state.arrays))
    np.testing.assert_array_equal(again.proba(F, SEEN), chain.proba(F, SEEN))
    assert again.abstention == chain.abstention


def test_an_unknown_step_is_refused():
    broken = State("CalibrationChain", {"scaling": {"kind": "Magic", "values": {}}})
    with pytest.raises(PersistenceError, match="unknown calibration step 'scaling': 'Magic'"):
        CalibrationChain.from_state(broken)


def test_a_prior_needs_labels_that_exclude_each_other():
    with pytest.raises(OptionError, match="single-label"):
        CalibrationChain(PlattScaling(-1.0, 0.0), prior=PARTS["prior"])


def test_the_answer_of_an_item_does_not_depend_on_the_others():
    chain = CalibrationChain(**PARTS)
    alone = np.concatenate([chain.proba(row[None], SEEN) for row in F])
    np.testing.assert_allclose(alone, chain.proba(F, SEEN))
