import pytest

from zstext.errors import PersistenceError
from zstext.state import State


def test_a_state_says_what_it_is_of():
    State("SeenPenalty").expect("SeenPenalty")
    with pytest.raises(
        PersistenceError, match="expected the state of a SoftGate, got that of a 'X'"
    ):
        State("X").expect("SoftGate")
