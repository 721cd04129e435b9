"""From what the user wrote to a list of files: names, quoted globs, folders."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from zstext.errors import InputError, did_you_mean
from zstext.records.formats import SUFFIXES

_STDIN = ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")


def expand(names: Iterable[str], *, any_suffix: bool = False) -> list[str]:
    """Return the files that `names` stand for, in the order of `names`.

    Parameters
    ----------
    names : iterable of str
        Files stay as they are, and standard input is "-" by any name; globs (`**` for any depth)
        become what they match, and folders the supported files in and below them, both sorted.
        Hidden files are left out.
    any_suffix : bool
        Take every file of a folder, not only those with a supported suffix.

    Raises
    ------
    InputError
        If a file is missing, a glob matches nothing, or a folder has nothing that can be read.
    """
    return [file for name in names for file in _expand_one(name, any_suffix)]


def names_stdin(names: Iterable[str]) -> bool:
    """Return whether standard input is among what `names` stand for."""
    return any(name in _STDIN for name in names)


def is_saved_dataset(path: Path) -> bool:
    """Return whether `path` is a folder written by `datasets.save_to_disk`."""
    dataset = (path / "dataset_info.json").is_file() and (path / "state.json").is_file()
    return dataset or (path / "dataset_dict.json").is_file()


def _expand_one(name: str, any_suffix: bool) -> list[str]:
    if not name:
        raise InputError("an input has an empty name; is a variable unset? Use - for stdin")
    path = Path(name)
    if name in _STDIN:
        return ["-"]
    if path.is_dir():
        return [name] if is_saved_dataset(path) else _in_folder(path, any_suffix)
    if path.exists():
        return [name]
    if not glob.has_magic(name):
        raise InputError(_missing(path))
    found = sorted(glob.glob(name, recursive=True))
    files = [match for match in found if not os.path.isdir(match)]
    if not files:
        raise InputError(f"no file matches {name!r}; check the pattern and the current folder")
    return files


def _in_folder(folder: Path, any_suffix: bool) -> list[str]:
    files = sorted(_walk(folder, any_suffix), key=lambda file: file.parts)
    if not files:
        raise InputError(
            f"the folder {str(folder)!r} has no file that can be read; expected "
            f"{' '.join(SUFFIXES)} (name a file of another suffix and say --input-format)"
        )
    return [str(file) for file in files]


def _walk(folder: Path, any_suffix: bool) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and (any_suffix or Path(name).suffix.lower() in SUFFIXES):
                yield Path(parent, name)


def _missing(path: Path) -> str:
    try:
        beside = os.listdir(path.parent)
    except OSError:
        return f"no such file: {str(path)!r}; there is no folder {str(path.parent)!r} either"
    return f"no such file: {str(path)!r}{did_you_mean(path.name, beside)}; check the name"
