"""The label space that the label options name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zstext.errors import LabelError
from zstext.labels import Description, LabelSpace
from zstext.records import parse_label, read_labels


def label_space(
    labels: str | None,
    label: list[str] | None,
    labels_file: Path | None,
    *,
    otherwise: Sequence[str] = (),
    optional: bool = False,
) -> LabelSpace | None:
    """Return all labels: those of --labels, then of --label, then of the file.

    Parameters
    ----------
    labels, label, labels_file
        What the options say.
    otherwise : sequence of str
        The labels if there is no such option.
    optional : bool
        Return None, if there are none at all.

    Raises
    ------
    LabelError
        If there are none, or they cannot be used.
    """
    given: list[tuple[str, Description]] = []
    if labels is not None:
        given += [(name.strip(), None) for name in labels.split(",")]
    given += [parse_label(one) for one in label or ()]
    if labels_file is not None:
        space = read_labels(labels_file)
        given += zip(space.names, space.descriptions, strict=True)
    given = given or [(name, None) for name in otherwise]
    if not given and optional:
        return None
    if not given:
        raise LabelError("no labels given; use --labels a,b,c, --label NAME or --labels-file FILE")
    names = tuple(name for name, _ in given)
    return LabelSpace(names, tuple(_texts(description) for _, description in given))


def _texts(description: Description) -> tuple[str, ...]:
    if description is None:
        return ()
    return (description,) if isinstance(description, str) else tuple(description)
