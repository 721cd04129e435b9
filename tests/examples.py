"""Runs the examples in the documentation and compares what they print with what is written."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_TOLERANCE = 2e-3


class NumberChecker(doctest.OutputChecker):
    """Takes numbers with decimals as equal if they nearly are: last digits are the machine's."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return same(want, got)


def same(want: str, got: str) -> bool:
    """Whether two texts are equal but for the last digits of numbers and for trailing space."""
    wanted, obtained = (
        [line.rstrip() for line in text.strip().splitlines()] for text in (want, got)
    )
    if [_NUMBER.sub("0", line) for line in wanted] != [_NUMBER.sub("0", line) for line in obtained]:
        return False
    pairs = zip(_NUMBER.findall(want), _NUMBER.findall(got), strict=True)
    return all(abs(float(a) - float(b)) <= _TOLERANCE for a, b in pairs)


def blocks(path: Path, language: str) -> list[str]:
    """The fenced code blocks of a Markdown file in one language."""
    text = path.read_text(encoding="utf-8")
    return [m["body"] for m in _BLOCK.finditer(text) if m["language"] == language]


def run_doctest(source: str, name: str) -> list[str]:
    """Run a doctest and return what failed."""
    test = doctest.DocTestParser().get_doctest(source, {}, name, name, 0)
    failures: list[str] = []
    doctest.DocTestRunner(NumberChecker(), verbose=False).run(test, out=failures.append)
    return failures


def commands(block: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block ("$ ..."), each with the output written under it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = f"{command[:-1]} {more.strip()}"
        yield command, output


def run_command(command: str, folder: Path) -> str:
    """Run a shell command with this Python's `zstext` on the path; return what it prints."""
    done = _bash(command, folder)
    return done.stdout + done.stderr


def run_script(block: str, folder: Path) -> str:
    """Run a block of shell commands, each of which must succeed; return what they print."""
    done = _bash(f"set -e\n{block}", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _bash(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "96"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
    )
