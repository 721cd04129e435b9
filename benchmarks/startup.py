"""From the start of a process to its first result: the command line, and a minimal script."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from statistics import median

from benchmarks.results import table
from benchmarks.timing import interleave, ratio
from zstext.encoders.minilm import minilm_dir

TEXT = "The striker scored twice."
LABELS = ("sports", "politics")
SCRIPT = """
import sys
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(sys.argv[1])
text, labels = sys.argv[2], sys.argv[3].split(",")
vectors = model.encode([text] + [f"This text is about {label}." for label in labels])
print(labels[int((vectors[1:] @ vectors[0]).argmax())], flush=True)
"""


def measure(*, rounds: int) -> str:
    """Return the section on start-up."""
    labels = ",".join(LABELS)
    zstext = ["-m", "zstext", "classify", "--text", TEXT, "--labels", labels]
    commands = {
        "zstext": zstext,
        "minimal": ["-c", SCRIPT, str(minilm_dir()), TEXT, labels],
        "help": ["-m", "zstext", "classify", "--help"],
        "import": ["-c", "import sentence_transformers; print(1, flush=True)"],
    }
    for arguments in commands.values():  # once, so that the files are in memory
        _first_line(arguments)
    until_result: dict[str, list[float]] = {name: [] for name in commands}

    def call(name: str) -> None:
        until_result[name].append(_first_line(commands[name]))

    interleave({name: partial(call, name) for name in commands}, rounds=rounds)
    names = {
        "zstext": "`python -m zstext classify --text ... --labels ...`",
        "minimal": "minimal sentence-transformers script, all-MiniLM-L6-v2",
        "import": "`import sentence_transformers` alone",
        "help": "`python -m zstext classify --help`",
    }
    lines = [
        [
            what,
            f"{median(until_result[name]):.2f}",
            ratio(until_result[name], until_result["minimal"]),
        ]
        for name, what in names.items()
    ]
    return (
        "Seconds from the start of the process to its first line on stdout, files in memory; "
        f"median of {rounds} rounds in turns. Target: at most 1.3 times the minimal script.\n\n"
        + table(["", "seconds", "ratio to the minimal script"], lines)
    )


def _first_line(arguments: list[str]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = time.perf_counter() - start
        _, errors = process.communicate()
    if process.returncode or not line:
        raise RuntimeError(f"{arguments} failed: {errors}")
    return took
