"""What is generated into docs/ is current."""

import runpy
import subprocess
import sys
from pathlib import Path

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
