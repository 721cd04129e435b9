"""RESULTS.md: each benchmark replaces its own section and says how the figures came about."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = (
    "zstext",
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "numpy",
    "scikit-learn",
    "pyarrow",
)
_HEADING = "# Results\n\nWritten by the benchmarks, a section each; see `benchmarks/__init__.py`.\n"


def report(
    name: str, title: str, body: str, *, trial: bool = False, model: str | None = None
) -> None:
    """Print a section and, unless the run was a trial, put it into RESULTS.md.

    Parameters
    ----------
    name : str
        Names the section: it replaces the one between ``<!-- name -->`` and ``<!-- /name -->``.
    title : str
        One line.
    body : str
        Markdown.
    trial : bool
        The run was cut short, so its figures are not worth keeping.
    model : str, optional
        The encoder, where it is another than the default: it has a section of its own.
    """
    if model is not None:
        name, title = f"{name}-{model}", f"{title}, the encoder {model}"
    section = f"## {title}\n\n{provenance()}\n\n{body.strip()}\n"
    print(section)
    if trial:
        print(f"(a trial: {RESULTS.name} is as it was)")
        return
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _HEADING
    RESULTS.write_text(_replaced(text, name, section), encoding="utf-8")
    print(f"(written to {RESULTS})")


def provenance() -> str:
    """Return what the figures depend on: date, command line, versions, processor, threads."""
    module = getattr(sys.modules["__main__"], "__spec__", None)
    command = ["python", *(["-m", module.name] if module else sys.argv[:1]), *sys.argv[1:]]
    versions = ", ".join(f"{package} {_version(package)}" for package in PACKAGES)
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · `{shlex.join(command)}`  \n"
        f"Python {platform.python_version()}, {versions}  \n"
        f"{_processor()}, {_threads()}, load average {load:.1f} at the end"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a markdown table; the first column is text, the others are figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _replaced(text: str, name: str, section: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    block = f"{begin}\n{section}{end}"
    before, found, rest = text.partition(begin)
    if not found:
        return f"{text.rstrip()}\n\n{block}\n"
    _, closed, after = rest.partition(end)
    if not closed:
        raise ValueError(f"{RESULTS} has {begin} but no {end} behind it; put that right by hand")
    return before + block + after


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        if package == "zstext":  # run from a checkout that is not installed
            import zstext

            return zstext.__version__
        return "absent"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()} ({os.cpu_count()} cores)"


def _threads() -> str:
    if "torch" in sys.modules:
        import torch

        return f"{torch.get_num_threads()} threads"
    return f"OMP_NUM_THREADS {os.environ.get('OMP_NUM_THREADS', 'not set')}"
