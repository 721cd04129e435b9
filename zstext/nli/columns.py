"""Which logit of a checkpoint means what, read from its configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zstext.errors import ModelError, OptionError

_ENTAILMENT = {"entailment", "entail", "entails", "entailed"}
_CONTRADICTION = {"contradiction", "contradict", "contradicts", "contradictory"}
_NOT_ENTAILMENT = {
    "not entailment", "non entailment", "notentailment", "nonentailment", "not entailed",
    "not entail", "no entailment",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of the logits.

    Attributes
    ----------
    entailment : int
    opposite : int
        Contradiction in a model of three classes, not-entailment in one of two.
    """

    entailment: int
    opposite: int


def find_columns(
    labels: Mapping[int, str], *, name: str, entailment_id: int | None = None
) -> Columns:
    """Return the columns of a checkpoint.

    Parameters
    ----------
    labels : mapping of int to str
        ``id2label`` of the configuration: two or three classes. Case, blanks, hyphens and
        underscores do not matter.
    name : str
        Of the model, for the error.
    entailment_id : int, optional
        The column of entailment, for a configuration that does not name it.

    Raises
    ------
    ModelError
        If the model has another number of classes, or its configuration does not name entailment.
    OptionError
        If there is no column `entailment_id`.
    """
    if len(labels) not in (2, 3):
        raise ModelError(
            f"model {name!r} has {len(labels)} classes; an entailment model has two (entailment "
            "and not) or three (entailment, neutral, contradiction)"
        )
    plain = {i: _plain(label) for i, label in labels.items()}
    if entailment_id is None:
        named = [i for i, label in plain.items() if label in _ENTAILMENT]
        if len(named) != 1:
            raise ModelError(
                f"the configuration of model {name!r} does not say which of its classes is "
                f"entailment: {dict(labels)}; name its number with --entailment-id "
                "(entailment_id in Python)"
            )
        entailment_id = named[0]
    if entailment_id not in labels:
        raise OptionError(
            f"entailment id {entailment_id} is no class of model {name!r}: {dict(labels)}"
        )
    return Columns(entailment_id, _opposite(plain, entailment_id, name))


def _opposite(plain: Mapping[int, str], entailment: int, name: str) -> int:
    others = [i for i in plain if i != entailment]
    if len(others) == 1:
        return others[0]
    wanted = _CONTRADICTION | _NOT_ENTAILMENT
    named = [i for i in others if plain[i] in wanted]
    if len(named) == 1:
        return named[0]
    if entailment == 1:
        raise ModelError(
            f"the configuration of model {name!r} does not say which of its three classes is "
            f"contradiction: {dict(plain)}"
        )
    return 2 - entailment  # models without names put neutral between the two


def _plain(label: str) -> str:
    return re.sub(r"[\s_\-]+", " ", str(label)).strip().lower()
