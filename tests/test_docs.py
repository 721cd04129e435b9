"""What is generated into docs/ is current."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.examples import blocks, commands, run_command, run_doctest, same
from tests.test_abstraction import COLOURS, SHAPES, draw

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


def test_the_example_of_images(tmp_path, monkeypatch):
    """The pictures that docs/images.md tells of are drawn, but for those of the unseen classes."""
    rng = np.random.default_rng(0)
    for name in (f"{colour} {shape}" for colour in COLOURS for shape in SHAPES):
        if name not in ("blue disc", "red stripes"):
            folder = tmp_path / "photos" / name
            folder.mkdir(parents=True)
            for k in range(4):
                draw(*name.split(), rng).save(folder / f"{k}.png")
    (tmp_path / "new").mkdir()
    draw("blue", "disc", rng).save(tmp_path / "new" / "a blue disc.png")
    draw("red", "stripes", rng).save(tmp_path / "new" / "red stripes.png")
    (tmp_path / "notes.txt").write_text("no picture")
    page = DOCS / "images.md"
    (tmp_path / "attributes.csv").write_text(blocks(page, "csv")[0])
    monkeypatch.chdir(tmp_path)
    source = "\n".join(blocks(page, "python"))
    assert source.count(">>>") > 10
    assert run_doctest(source, "images.md") == []


def test_the_examples_of_adaptation(tmp_path, monkeypatch):
    shutil.copytree(DOCS.parent / "examples", tmp_path / "examples")
    page = DOCS / "adaptation.md"
    monkeypatch.chdir(tmp_path)
    assert run_doctest("\n".join(blocks(page, "python")), "adaptation.md") == []
    shown = [pair for block in blocks(page, "console") for pair in commands(block)]
    assert len(shown) == 2
    for command, output in shown:
        got = run_command(command, tmp_path)
        assert same(output, got), f"$ {command}\n{got}"
