"""Checkpoints that lack some of their weights: the libraries fill those in at random."""

from __future__ import annotations

from zstext.errors import ModelError


def check_complete(missing: set[str], name: str) -> None:
    """Raise `ModelError` if weights are missing: what random weights answer says nothing.

    Parameters
    ----------
    missing : set of str
        The names of the weights that are not there.
    name : str
        Of the model.
    """
    if missing:
        raise ModelError(
            f"model {name!r} lacks {len(missing)} weights, for example {min(missing)!r}; it is not "
            "complete, or not of the kind that its configuration says"
        )
