"""Peak memory of a command, however long it lasts."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL = 0.1


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took: seconds, and MiB of memory at its peak (VmHWM)."""

    seconds: float
    peak: float


def measure(command: Sequence[str]) -> Usage:
    """Run a command and return what it took.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    start, peak = time.monotonic(), 0.0
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(POLL)
        _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {errors}")
    return Usage(time.monotonic() - start, peak)


def _high_water(pid: int) -> float:
    """Return VmHWM in MiB: unlike ru_maxrss, not what the process was before its exec."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in lines if x.startswith("VmHWM:")), 0.0)
