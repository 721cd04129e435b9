"""What is generated into docs/ is current."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import blocks, run_doctest

DOCS = Path(__file__).parent.parent / "docs"


def test_the_command_line_reference_is_current():
    code = (
        f"import runpy; print(runpy.run_path({str(DOCS / 'generate.py')!r})['reference'](), end='')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    written = (DOCS / "command-line.md").read_text(encoding="utf-8")
    assert done.stdout == written, "run `make docs`"


def test_every_command_is_in_the_reference():
    from zstext.cli.app import app

    listed = runpy.run_path(str(DOCS / "generate.py"))["COMMANDS"]
    assert {c.callback.__name__ for c in app.registered_commands} == set(listed)


@pytest.mark.parametrize("page", ["entailment.md"])
def test_python_examples(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_doctest("\n".join(blocks(DOCS / page, "python")), page) == []
