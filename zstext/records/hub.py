"""Hugging Face datasets: folders written by `save_to_disk`, folders of files, ids on the hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from zstext.errors import InputError, did_you_mean
from zstext.hub import hub_answers
from zstext.records.arrow import arrow_table
from zstext.records.paths import is_saved_dataset
from zstext.records.tables import Pick, Table

_BATCH_ROWS = 128


class DatasetInput:
    """One split of a dataset. It is loaded at the first `open`.

    Parameters
    ----------
    name : str
        A folder, or an id such as "owner/name".
    split : str or None
        May be left out if there is only one.
    """

    def __init__(self, name: str, split: str | None = None) -> None:
        self.name = name
        self._split = split
        self._dataset: Any = None

    @contextmanager
    def open(self, pick: Pick) -> Iterator[Table]:
        """Return the rows; images and audio stay the bytes they are."""
        if self._dataset is None:
            self._dataset = load_split(self.name, self._split)
        dataset = self._dataset.with_format("arrow")
        batches = (batch for table in dataset.iter(_BATCH_ROWS) for batch in table.to_batches())
        yield arrow_table(dataset.features.arrow_schema, batches, pick, self.name)


def load_split(name: str, split: str | None) -> Any:
    """Return one split of the dataset `name` as a `datasets.Dataset`.

    If the hub cannot be reached, only what is on this machine is looked at, without waiting.

    Raises
    ------
    InputError
        If there is no such dataset or split, or it is neither on this machine nor to be had.
    """
    import datasets

    with _quiet() as stack:
        if not Path(name).is_dir() and not datasets.config.HF_HUB_OFFLINE and not hub_answers():
            _go_offline(stack)
        try:
            found = _load(name)
        except Exception as error:  # `datasets` raises whatever the reader of a format raises
            raise InputError(_why_not(name, error)) from error
    if not isinstance(found, dict):
        if split is not None:
            raise InputError(f"the dataset {name!r} has no splits; leave --split out")
        return found
    if split is None and len(found) == 1:
        return next(iter(found.values()))
    if split not in found:
        got = "no split is named" if split is None else f"there is no split {split!r}"
        hint = "" if split is None else did_you_mean(split, found)
        raise InputError(
            f"the dataset {name!r}: {got}{hint}; choose one with --split: {', '.join(found)}"
        )
    return found[split]


def _load(name: str) -> Any:
    import datasets

    path = Path(name)
    return datasets.load_from_disk(name) if is_saved_dataset(path) else datasets.load_dataset(name)


def _why_not(name: str, error: Exception) -> str:
    first_line = str(error).strip().partition("\n")[0][:300]
    if Path(name).is_dir():
        return f"the folder {name!r} cannot be read as a dataset: {first_line}"
    return (
        f"the dataset {name!r} is not on this machine and could not be loaded ({first_line}); "
        "check the name and the network, or download it where there is one and name its folder"
    )


@contextmanager
def _quiet() -> Iterator[ExitStack]:
    """Without progress bars and telemetry, which both are settings of the process: given back."""
    import datasets
    from huggingface_hub import constants

    with ExitStack() as stack:
        if (
            not datasets.are_progress_bars_disabled()
            and "HF_DATASETS_DISABLE_PROGRESS_BARS" not in os.environ
        ):
            datasets.disable_progress_bars()
            stack.callback(datasets.enable_progress_bars)
        _set(stack, constants, "HF_HUB_DISABLE_TELEMETRY")
        yield stack


def _go_offline(stack: ExitStack) -> None:
    """As with HF_HUB_OFFLINE=1, which is read only when these modules are imported."""
    import datasets
    from huggingface_hub import constants

    _set(stack, constants, "HF_HUB_OFFLINE")
    _set(stack, datasets.config, "HF_HUB_OFFLINE")


def _set(stack: ExitStack, module: ModuleType, name: str) -> None:
    """Make `module.name` True until `stack` is left."""
    stack.callback(setattr, module, name, getattr(module, name))
    setattr(module, name, True)
