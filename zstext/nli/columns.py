"""Which logit of a checkpoint means what, read from its configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zstext.errors import ModelError, OptionError

_ENTAILS = re.compile("entail")
_OPPOSES = re.compile("contradict|refut|(not?|non|un) ?entail")
_IS_NEUTRAL = re.compile("neutral|neither|unknown|undetermined|not enough|no info|nei$")
_NO_NAME = re.compile(r"(label ?|class ?)?\d+")


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


def class_names(config: Mapping[str, Any]) -> dict[int, str]:
    """Return the names of the classes by column, as a configuration (config.json) gives them.

    They are those of ``id2label``, or of ``label2id`` where that alone names them.

    Raises
    ------
    KeyError, ValueError, TypeError, AttributeError
        If it gives none, or what is no such mapping.
    """
    by_column = {int(i): str(label) for i, label in (config.get("id2label") or {}).items()}
    if all(_NO_NAME.fullmatch(_plain(label)) for label in by_column.values()):
        by_name = {int(i): str(label) for label, i in (config.get("label2id") or {}).items()}
        if by_name and by_column.keys() in (set(), by_name.keys()):
            return by_name
    if not by_column:
        raise KeyError("id2label")
    return by_column


def find_columns(
    labels: Mapping[int, str], *, name: str, entailment_id: int | None = None
) -> Columns:
    """Return the columns of a checkpoint.

    Parameters
    ----------
    labels : mapping of int to str
        Names of two or three classes by column. Case, punctuation and what follows "entail…",
        "contradict…" and "not entail…" do not matter.
    name : str
        Of the model, for the error.
    entailment_id : int, optional
        The column of entailment, for a configuration that does not name it. The opposite, if that
        is not named either, is then the first of the others, or the last behind entailment.

    Raises
    ------
    ModelError
        If the model has another number of classes, or its configuration does not name entailment,
        or names the other classes by words that do not say which is contradiction.
    OptionError
        If there is no column `entailment_id`.
    """
    if len(labels) not in (2, 3):
        raise ModelError(
            f"model {name!r} has {len(labels)} classes; an entailment model has two (entailment "
            "and not) or three (entailment, neutral, contradiction)"
        )
    if sorted(labels) != list(range(len(labels))):
        raise ModelError(
            f"the configuration of model {name!r} must number its classes from 0: {dict(labels)}"
        )
    plain = {i: _plain(label) for i, label in labels.items()}
    by_place = entailment_id is not None
    if entailment_id is None:
        named = _matching(_ENTAILS, plain)
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
    others = {i: label for i, label in plain.items() if i != entailment_id}
    opposite = _opposite(others, by_place=by_place)
    if opposite is None:
        raise ModelError(
            f"the configuration of model {name!r} does not say which of its three classes is "
            f"contradiction: {dict(labels)}; write it into id2label in its config.json, or name "
            "the number of entailment with --entailment-id to go by their places"
        )
    return Columns(entailment_id, opposite)


def _opposite(others: Mapping[int, str], *, by_place: bool) -> int | None:
    """Return which of the classes besides entailment is its opposite, if that can be told."""
    neutral = _matching(_IS_NEUTRAL, others)
    candidates = _matching(_OPPOSES, others) or [i for i in others if i not in neutral]
    if len(others) == 1:
        return next(iter(others))
    if len(candidates) == 1:
        return candidates[0]
    if by_place or all(_NO_NAME.fullmatch(label) for label in others.values()):
        return min(others) if 0 in others else max(others)  # neutral is never first
    return None


def _matching(pattern: re.Pattern[str], plain: Mapping[int, str]) -> list[int]:
    return [i for i, label in plain.items() if pattern.match(label)]


def _plain(label: str) -> str:
    return re.sub(r"[\W_]+", " ", str(label)).strip().lower()
