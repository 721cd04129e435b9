import pytest

from zstext.errors import PersistenceError
from zstext.mapping import load_mapping
from zstext.state import State


def test_an_unknown_mapping_is_refused():
    with pytest.raises(PersistenceError, match="unknown mapping 'Magic'; expected one of"):
        load_mapping(State("Magic"))
