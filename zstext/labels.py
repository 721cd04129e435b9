"""The label space: the names of the categories, in the user's order, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from zstext.errors import LabelError, did_you_mean

Description: TypeAlias = str | Iterable[str] | None
LabelsLike: TypeAlias = "LabelSpace | Iterable[str] | Mapping[str, Description]"


@dataclass(frozen=True, slots=True)
class LabelSpace:
    """Category names and their descriptions. Column order is the user's order, always.

    Nothing is sorted, stripped or deduplicated: what cannot be used is an error.

    Parameters
    ----------
    names : tuple of str, length n_classes
        Distinct, none of them blank. Commas, braces, quotes and emoji are ordinary characters.
    descriptions : tuple of tuple of str, length n_classes
        For every name, no, one or several texts that say what belongs to it.

    Raises
    ------
    LabelError
        If there is no label, a name is blank, not a string, not valid Unicode or given twice, or a
        description is not text.
    """

    names: tuple[str, ...]
    descriptions: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise LabelError('no labels given; name at least two, for example "sports,politics"')
        if len(self.descriptions) != len(self.names):
            raise LabelError(
                f"{len(self.names)} labels but descriptions for {len(self.descriptions)}; "
                "give one (or none) for each"
            )
        first_seen: dict[str, int] = {}
        for position, name in enumerate(self.names, start=1):
            _check_text(name, f"label {position}")
            if (earlier := first_seen.setdefault(name.strip(), position)) != position:
                raise LabelError(
                    f"label {name!r} is given twice, at {earlier} and {position}; name each once"
                )
        for name, texts in zip(self.names, self.descriptions, strict=True):
            for text in texts:
                _check_text(text, f"the description of label {name!r}")

    @classmethod
    def of(cls, labels: LabelsLike) -> LabelSpace:
        """Build a label space from names, or from a mapping of names to descriptions.

        Parameters
        ----------
        labels : LabelSpace, iterable of str, or mapping of str to (str, iterable of str, or None)
            A mapping's values are descriptions; None stands for "the name says it".

        Raises
        ------
        LabelError
            If `labels` is one string (a list is meant), or holds what a label space cannot.
        """
        if isinstance(labels, LabelSpace):
            return labels
        if isinstance(labels, str | bytes) or not isinstance(labels, Iterable):
            raise LabelError(
                f"labels must be a list of names or a mapping to descriptions, got {labels!r:.80}"
            )
        if isinstance(labels, Mapping):
            return cls(tuple(labels), tuple(_as_texts(name, d) for name, d in labels.items()))
        names = tuple(labels)
        return cls(names, ((),) * len(names))

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def index(self, name: str) -> int:
        """Return the column of `name`.

        Raises
        ------
        LabelError
            If there is no such label; the message names the nearest one.
        """
        try:
            return self.names.index(name)
        except ValueError:
            raise LabelError(
                f"{name!r} is not one of the {len(self)} labels"
                f"{did_you_mean(str(name), self.names)}"
            ) from None

    def extend(self, more: LabelsLike) -> LabelSpace:
        """Return a label space with the labels of `more` behind these.

        Raises
        ------
        LabelError
            If a label of `more` is here already.
        """
        added = LabelSpace.of(more)
        return LabelSpace(self.names + added.names, self.descriptions + added.descriptions)


def _as_texts(name: object, description: object) -> tuple[str, ...]:
    if description is None:
        return ()
    if isinstance(description, str):
        return (description,)
    if isinstance(description, Iterable) and not isinstance(description, bytes | Mapping):
        return tuple(description)
    raise LabelError(
        f"the description of label {name!r} must be text, a list of texts or nothing, "
        f"got {description!r}"
    )


def _check_text(value: object, what: str) -> None:
    if not isinstance(value, str):
        raise LabelError(f"{what} must be text, got {value!r} ({type(value).__name__})")
    if not value.strip():
        raise LabelError(f"{what} is empty; remove it or give it a name")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise LabelError(f"{what} is not valid Unicode: {value!r}") from None
