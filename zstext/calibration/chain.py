"""All calibrators in one fixed order."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self, TypeAlias

from numpy.typing import ArrayLike

from zstext.calibration.abstention import Abstention
from zstext.calibration.multilabel import IsotonicScaling, PlattScaling
from zstext.calibration.offsets import NullOffsets, PriorShift
from zstext.calibration.seen_penalty import SeenPenalty
from zstext.calibration.soft_gate import SoftGate
from zstext.calibration.temperature import TemperatureScaling
from zstext.errors import OptionError, PersistenceError
from zstext.protocols import BoolArray, FloatArray
from zstext.state import State

Scaling: TypeAlias = TemperatureScaling | PlattScaling | IsotonicScaling

_KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        NullOffsets,
        SeenPenalty,
        SoftGate,
        TemperatureScaling,
        PlattScaling,
        IsotonicScaling,
        PriorShift,
        Abstention,
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationChain:
    """Scores to probabilities to answers, every step optional but the third.

    1. `null`: what a class scores on nothing is taken off.
    2. `seen`: the advantage of the seen classes is taken off, by penalty or gate.
    3. `scaling`: scores become probabilities.
    4. `prior`: probabilities are shifted towards a stated prior (single-label only).
    5. `abstention`: says which items to answer.

    A step must have been fitted on the output of the steps before it. `predict` is never told
    whether an item is seen or unseen: `seen_mask` is about classes.
    """

    scaling: Scaling
    null: NullOffsets | None = None
    seen: SeenPenalty | SoftGate | None = None
    prior: PriorShift | None = None
    abstention: Abstention | None = None

    def __post_init__(self) -> None:
        if self.prior is not None and not isinstance(self.scaling, TemperatureScaling):
            raise OptionError("a prior over classes needs single-label probabilities; drop one")

    def adjust(self, scores: FloatArray, seen_mask: ArrayLike) -> FloatArray:
        """Return comparable scores: steps 1 and 2.

        Parameters
        ----------
        scores : ndarray of shape (n_items, n_classes)
        seen_mask : array-like of shape (n_classes,), bool
        """
        if self.null is not None:
            scores = self.null.apply(scores)
        return scores if self.seen is None else self.seen.apply(scores, seen_mask)

    def proba(self, scores: FloatArray, seen_mask: ArrayLike) -> FloatArray:
        """Return probabilities of shape (n_items, n_classes): steps 1 to 4."""
        p = self.scaling.proba(self.adjust(scores, seen_mask))
        return p if self.prior is None else self.prior.apply(p)

    def answers(self, proba: FloatArray) -> BoolArray:
        """Return which items to answer, shape (n_items,): step 5. All of them without it."""
        confidence = proba.max(axis=1)
        return confidence >= 0 if self.abstention is None else self.abstention.answers(confidence)

    def to_state(self) -> State:
        """Return all steps as one state; the arrays of a step are under its name."""
        values: dict[str, Any] = {}
        arrays: dict[str, FloatArray] = {}
        for f in fields(self):
            if (step := getattr(self, f.name)) is not None:
                state = step.to_state()
                values[f.name] = {"kind": state.kind, "values": state.values}
                arrays |= {f"{f.name}.{name}": array for name, array in state.arrays.items()}
        return State("CalibrationChain", values, arrays)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the chain that was saved.

        Raises
        ------
        PersistenceError
            If the state is of something else, or names a step that does not exist.
        """
        state.expect("CalibrationChain")
        steps = {}
        for name, saved in state.values.items():
            if name not in {f.name for f in fields(cls)} or saved["kind"] not in _KINDS:
                raise PersistenceError(f"unknown calibration step {name!r}: {saved['kind']!r}")
            prefix = f"{name}."
            own = {
                k.removeprefix(prefix): a for k, a in state.arrays.items() if k.startswith(prefix)
            }
            part = State(saved["kind"], saved["values"], own)
            steps[name] = _KINDS[saved["kind"]].from_state(part)
        return cls(**steps)
