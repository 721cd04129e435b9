"""Kill a job with SIGKILL at random moments, resume it, and see what became of its rows."""

from __future__ import annotations

import csv
import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zstext.records.journal import part_paths

POLL = 0.001
AT_THE_END = 0.05
"""Seconds after the last row within which a kill hits the end of a run."""

MOMENTS = ("any", "writing", "end")
"""At any moment from the start; between one chunk of rows and the next; after the last row."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is killed.

    Attributes
    ----------
    name : str
    command : tuple of str
        Resumes what is unfinished, and writes `output`.
    output : Path
        In a folder of its own, for everything there is judged as left behind.
    ids : tuple of str
        The ids of all rows.
    """

    name: str
    command: tuple[str, ...]
    output: Path
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The run that nobody killed: its bytes, and how many seconds it took."""

    data: bytes
    seconds: float


@dataclass(slots=True)
class Tally:
    """What became of a job.

    Attributes
    ----------
    found : Counter of str
        The kills, by what was there after them: no rows, some rows, or all rows.
    outputs : int
        Outputs that were completed, and compared.
    lost, doubled, different, left_behind : int
        Rows missing and rows too many; outputs with other bytes; other files beside them.
    """

    found: Counter[str] = field(default_factory=Counter)
    outputs: int = 0
    lost: int = 0
    doubled: int = 0
    different: int = 0
    left_behind: int = 0

    @property
    def kills(self) -> int:
        """All kills."""
        return sum(self.found.values())

    def judge(self, job: Job, expected: bytes) -> None:
        """Compare a complete output, and remove it."""
        ids = Counter(read_ids(job.output))
        self.outputs += 1
        self.lost += sum(i not in ids for i in job.ids)
        self.doubled += ids.total() - len(ids)
        self.different += job.output.read_bytes() != expected
        self.left_behind += len(list(job.output.parent.iterdir())) - 1
        for file in job.output.parent.iterdir():
            file.unlink()


def undisturbed(job: Job) -> Undisturbed:
    """Run a job to its end and remove its output."""
    start = time.monotonic()
    _finished(_start(job))
    took = time.monotonic() - start
    if read_ids(job.output) != list(job.ids):
        raise RuntimeError(f"{job.name}: the undisturbed run has other rows than its input")
    data = job.output.read_bytes()
    job.output.unlink()
    return Undisturbed(data, took)


def torture(job: Job, reference: Undisturbed, *, kills: int, draw: random.Random) -> Tally:
    """Start a job and kill it until there were so many kills, then let it end.

    A run that ends before its kill is judged, and the next one starts from nothing.
    """
    tally, lasts = Tally(), reference.seconds
    while tally.kills < kills:
        start, process = time.monotonic(), _start(job)
        _wait(job, process, lasts, draw)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            tally.found[_state(job)] += 1
        else:
            _finished(process)
            lasts = time.monotonic() - start  # the machine is faster now than it was
        if _is_complete(job):
            tally.judge(job, reference.data)
    _finished(_start(job))
    tally.judge(job, reference.data)
    return tally


def read_ids(path: Path) -> list[str]:
    """Return the ids of the rows of an output, in order."""
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return list(map(str, parquet.read_table(path)["id"].to_pylist()))
    with open(path, encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            return [row["id"] for row in csv.DictReader(file)]
        return [str(json.loads(line)["id"]) for line in file]


def _wait(job: Job, process: subprocess.Popen[bytes], lasts: float, draw: random.Random) -> None:
    """Wait for a random moment of a run that takes about `lasts` seconds, or for its end."""
    moment, share = draw.choice(MOMENTS), draw.random()
    rows, total = _rows(job), len(job.ids)
    if moment == "any" or rows == total:
        _sleep(process, share * lasts)
        return
    goal = total if moment == "end" else draw.randint(rows + 1, total)
    changed, pause = time.monotonic(), 0.0
    while process.poll() is None and rows < goal:
        time.sleep(POLL)
        if (now := _rows(job)) != rows:
            rows, pause, changed = now, time.monotonic() - changed, time.monotonic()
    _sleep(process, share * (AT_THE_END if moment == "end" else pause))


def _sleep(process: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 10 * POLL))


def _start(job: Job) -> subprocess.Popen[bytes]:
    return subprocess.Popen(job.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _finished(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {errors.decode(errors='replace')}")


def _rows(job: Job) -> int:
    """Return how many rows count: those of the journal, or all if there is only the output."""
    try:
        return int(json.loads(part_paths(job.output)[1].read_bytes())["rows"])
    except FileNotFoundError:
        return len(job.ids) if job.output.exists() else 0


def _state(job: Job) -> str:
    rows = _rows(job)
    return "no rows" if rows == 0 else "some rows" if rows < len(job.ids) else "all rows"


def _is_complete(job: Job) -> bool:
    return job.output.exists() and not any(path.exists() for path in part_paths(job.output))


def states(tallies: Sequence[Tally]) -> str:
    """Return what was there after all the kills, in words."""
    found = sum((t.found for t in tallies), Counter[str]())
    return ", ".join(f"{state} {found[state]}" for state in ("no rows", "some rows", "all rows"))
