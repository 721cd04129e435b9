"""Any saved mapping, by its name."""

from __future__ import annotations

from zstext.errors import PersistenceError
from zstext.mapping.base import LearnedMapping
from zstext.mapping.bilinear import BilinearMapping
from zstext.mapping.conse import ConSEMapping
from zstext.mapping.dap import DAPMapping
from zstext.mapping.eszsl import ESZSLMapping
from zstext.mapping.identity import IdentityMapping
from zstext.mapping.prototype import PrototypeMapping
from zstext.mapping.reverse_ridge import ReverseRidgeMapping
from zstext.mapping.ridge import RidgeMapping
from zstext.mapping.sae import SAEMapping
from zstext.state import State

MAPPINGS: dict[str, type[LearnedMapping]] = {
    kind.__name__: kind
    for kind in (
        IdentityMapping,
        RidgeMapping,
        ReverseRidgeMapping,
        ESZSLMapping,
        SAEMapping,
        BilinearMapping,
        ConSEMapping,
        DAPMapping,
        PrototypeMapping,
    )
}


def load_mapping(state: State) -> LearnedMapping:
    """Return the mapping that was saved.

    Raises
    ------
    PersistenceError
        If there is no mapping of that name.
    """
    if state.kind not in MAPPINGS:
        raise PersistenceError(f"unknown mapping {state.kind!r}; expected one of {list(MAPPINGS)}")
    return MAPPINGS[state.kind].from_state(state)
