"""The unfinished output: `FILE.part`, and `FILE.part.json` which says how much of it counts.

Bytes are appended, flushed to the disk, and only then does the journal say that they are there.
The journal is replaced in one step, so that a process killed at any moment leaves a journal and at
least the bytes that it counts. What is behind them is cut off before going on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from zstext.errors import InputError, OptionError, OutputError

FORMAT_VERSION = 1
_SHORT = 80  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    rows : int
        Rows written.
    digest : str
        `chain_digest` of the records they came from.
    labelled : int
        Rows with a label.
    reasons : dict of str to int
        The other rows by `Reason`.
    complete : bool
        Whether these are all rows.
    """

    rows: int = 0
    digest: str = ""
    labelled: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    complete: bool = False


class PartFile:
    """The part file and the journal of one output, locked against other processes.

    Parameters
    ----------
    final : Path
        The output file.
    fingerprint : mapping of str to JSON value
        Everything that decides the bytes of the output. A run can only go on with the same.
    """

    def __init__(self, final: Path, fingerprint: Mapping[str, Any]) -> None:
        self.part, self.journal = part_paths(final)
        self._final = final
        self._fingerprint = json.loads(json.dumps(fingerprint, default=str))
        self._fd = -1
        self._bytes = 0

    def open(self, *, resume: bool) -> Progress:
        """Lock the part file and return what is in it; nothing, for a new run.

        Raises
        ------
        InputError
            If an unfinished run is here and `resume` is false, or if what is here is damaged.
        OptionError
            If the unfinished run had another fingerprint.
        OutputError
            If another process is writing this output.
        """
        entry = read_journal(self.journal)
        if resume and _is_finished(entry, self.part, self._final):
            self._check_fingerprint(entry)
            return _progress(entry)
        check_unfinished(self._final, resume=resume)
        self._lock()
        try:
            return self._begin(resume)
        except BaseException:
            self.close()
            raise

    def append(self, data: bytes) -> None:
        """Write `data` behind what is there and wait until the disk has it."""
        view = memoryview(data)
        offset = self._bytes
        while view:
            written = os.pwrite(self._fd, view, offset)
            view, offset = view[written:], offset + written
        os.fsync(self._fd)
        self._bytes = offset

    def commit(self, progress: Progress) -> None:
        """Let the journal say that all that was appended counts."""
        entry = {
            "format_version": FORMAT_VERSION,
            "fingerprint": self._fingerprint,
            "bytes": self._bytes,
            **asdict(progress),
        }
        draft = self.journal.with_name(self.journal.name + ".tmp")
        try:
            with open(draft, "w", encoding="utf-8") as file:
                json.dump(entry, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.journal)
        except BaseException:
            with suppress(OSError):
                os.unlink(draft)
            raise

    def forget(self) -> None:
        """Remove the journal, after the output is in place."""
        sync_folder(self._final.parent)
        self.journal.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the part file and the journal, in which nothing counts yet."""
        with suppress(OSError):
            self.part.unlink(missing_ok=True)
            self.journal.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the lock back; the files stay."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _begin(self, resume: bool) -> Progress:
        entry = read_journal(self.journal)  # whoever had the lock before may have written it
        size = os.fstat(self._fd).st_size
        if not resume or not size or not entry or not entry["rows"]:
            os.ftruncate(self._fd, 0)
            self.commit(Progress())
            return Progress()
        self._check_fingerprint(entry)
        self._bytes = entry["bytes"]
        if size < self._bytes:
            raise InputError(
                f"{self.part} has fewer bytes than its journal says ({self._bytes}); "
                "it was changed: delete it and start again"
            )
        os.ftruncate(self._fd, self._bytes)
        return _progress(entry)

    def _lock(self) -> None:
        while True:
            self._fd = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            if not _try_lock(self._fd):
                self.close()
                raise _busy(self._final)
            # Whoever held the lock may have renamed the file: then it is the part file no more.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._fd), os.stat(self.part)):
                    return
            self.close()

    def _check_fingerprint(self, entry: Mapping[str, Any]) -> None:
        if entry["fingerprint"] == self._fingerprint:
            return
        differ = "; ".join(
            "{} was {}, is {}".format(name, *_short(before, now))
            for name, before, now in _differences(entry["fingerprint"], self._fingerprint)
        )
        raise OptionError(
            f"cannot --resume {self._final}: {differ}. Use what the unfinished run used, "
            f"or delete {self.part} to start again"
        )


def part_paths(final: Path) -> tuple[Path, Path]:
    """Return where the unfinished output and its journal are."""
    part = final.with_name(final.name + ".part")
    return part, part.with_name(part.name + ".json")


def check_unfinished(final: Path, *, resume: bool) -> None:
    """Raise if starting a run would destroy rows that were written before, or are being written.

    Raises
    ------
    InputError
        If there are such rows and `resume` is false, or there is a part file without a journal.
    OutputError
        If another process is at it.
    """
    part, journal = part_paths(final)
    try:
        with open(part, "rb") as file:
            if not _try_lock(file.fileno()):
                raise _busy(final)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return
    entry = read_journal(journal)
    if entry and entry["rows"] and not resume:
        raise InputError(
            f"an unfinished run is here: {part} has {entry['rows']} rows; "
            "go on with --resume, or delete it to start again"
        )
    if size and not entry:
        raise InputError(f"{part} is in the way and has no journal {journal.name}; delete it")


def read_journal(path: Path) -> dict[str, Any]:
    """Return what the journal says, or an empty dict if there is none.

    Raises
    ------
    InputError
        If it is no journal, or one of another version.
    """
    try:
        entry = json.loads(path.read_bytes())
        if entry["format_version"] == FORMAT_VERSION:
            return {name: entry[name] for name in ("fingerprint", "bytes", *_PROGRESS)}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        pass
    raise InputError(
        f"{path} is not a journal that this version of zstext can read; "
        f"delete it and {path.stem} to start again"
    )


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in `folder`."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


_PROGRESS = tuple(f.name for f in fields(Progress))


def _progress(entry: Mapping[str, Any]) -> Progress:
    return Progress(**{name: entry[name] for name in _PROGRESS})


def _is_finished(entry: Mapping[str, Any], part: Path, final: Path) -> bool:
    """Return whether the run was killed between putting the output in place and forgetting."""
    return bool(entry) and entry["complete"] and not part.exists() and final.exists()


def _differences(
    before: Mapping[str, Any], now: Mapping[str, Any], above: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Yield names and values that differ; of mappings that differ, what differs in them."""
    for name in {**now, **before}:
        was, is_ = before.get(name), now.get(name)
        if was == is_:
            continue
        if not (isinstance(was, Mapping) and isinstance(is_, Mapping)):
            yield above + name, was, is_
        elif was.keys() == is_.keys():
            yield from _differences(was, is_, f"{above}{name} ")
        else:
            yield above + name, _besides(was, is_), _besides(is_, was)


def _besides(values: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the values that are not among the others."""
    return {k: v for k, v in values.items() if k not in others or others[k] != v}


def _short(*values: Any) -> list[str]:
    """Return values as text, of long ones what is around the first difference."""
    texts = [json.dumps(value, ensure_ascii=False) for value in values]
    if max(map(len, texts)) <= _SHORT:
        return texts
    alike = next((i for i, pair in enumerate(zip(*texts, strict=False)) if len(set(pair)) > 1), 0)
    start = max(0, alike - _SHORT // 2)
    return [
        ("..." if start else "") + text[start:][:_SHORT] + ("..." if text[start:][_SHORT:] else "")
        for text in texts
    ]


def _busy(final: Path) -> OutputError:
    return OutputError(f"another process is writing {final}; wait for it, or choose another output")


def _try_lock(fd: int) -> bool:
    import fcntl  # only where a file is written: Windows has none

    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
