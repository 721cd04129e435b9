"""What is generated into docs/ is current."""

import html
import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.examples import blocks, commands, run_command, run_doctest, run_script, same
from tests.test_abstraction import COLOURS, SHAPES, draw
from zstext import ZeroShotClassifier
from zstext.records import read_labels

DOCS = Path(__file__).parent.parent / "docs"


def test_the_command_line_reference_is_current():
    code = (
        f"import runpy; print(runpy.run_path({str(DOCS / 'generate.py')!r})['reference'](), end='')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    written = (DOCS / "command-line.md").read_text(encoding="utf-8")
    assert done.stdout == written, "run `make docs`"


def test_the_picture_shows_what_make_demo_prints():
    drawn = re.sub(r"<[^>]*>", "", (DOCS / "table.svg").read_text(encoding="utf-8"))
    shown = html.unescape(drawn).replace("\xa0", " ")
    demo = (DOCS.parent / "examples/headlines_and_reviews.txt").read_text(encoding="utf-8")
    clf = ZeroShotClassifier(read_labels(DOCS.parent / "examples/labels.yaml")).fit()
    for prediction, text in zip(clf.classify(demo.splitlines()), demo.splitlines(), strict=True):
        (row,) = [line for line in shown.splitlines() if text[:40] in line]
        label, score = re.match(r" *(.*?) +(0\.\d\d) ", row).groups()
        assert label == prediction.label
        assert float(score) == pytest.approx(prediction.score, abs=0.0101)


def test_every_command_is_in_the_reference():
    from zstext.cli.app import app

    listed = runpy.run_path(str(DOCS / "generate.py"))["COMMANDS"]
    assert {c.callback.__name__ for c in app.registered_commands} == set(listed)


@pytest.mark.parametrize("page", ["entailment.md"])
def test_python_examples(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_doctest("\n".join(blocks(DOCS / page, "python")), page) == []


def test_a_classifier_that_is_kept(tmp_path):
    (tmp_path / "reviews.csv").write_text("text\nA lovely evening\nWhat a mess\n")
    rows = "I loved it,positive\nAwful service,negative\nSo good,positive\n"
    (tmp_path / "labelled_reviews.csv").write_text("text,label\n" + rows)
    printed = run_script(blocks(DOCS / "entailment.md", "sh")[1], tmp_path)
    tags = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    assert [tag["label"] for tag in tags] == ["positive", "negative"]
    assert all(tag["calibrated"] for tag in tags)


NAMES = tuple(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES)
UNSEEN = ("blue disc", "red stripes")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder with the files that docs/images.md names; no photo there of an unseen class."""
    folder, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)

    def photos(part, names, count):
        for name in names:
            (folder / part / name).mkdir(parents=True)
            for k in range(count):
                draw(*name.split(), rng).save(folder / part / name / f"{k}.png")

    photos("photos", [name for name in NAMES if name not in UNSEEN], 4)
    photos("test", NAMES, 1)
    photos("held-out", NAMES, 2)
    (folder / "new").mkdir()
    draw("blue", "disc", rng).save(folder / "new" / "a blue disc.png")
    draw("red", "stripes", rng).save(folder / "new" / "red stripes.png")
    (folder / "notes.txt").write_text("no picture")
    (folder / "labels.txt").write_text("\n".join(NAMES))
    (folder / "attributes.csv").write_text(blocks(DOCS / "images.md", "csv")[0])
    return folder


def test_the_python_examples_of_images(pictures, monkeypatch):
    monkeypatch.chdir(pictures)
    source = "\n".join(blocks(DOCS / "images.md", "python"))
    assert source.count(">>>") > 10
    assert run_doctest(source, "images.md") == []


def test_the_commands_of_images(pictures):
    (block,) = blocks(DOCS / "images.md", "sh")
    printed = run_script(block, pictures)
    assert "9: 7 seen, 2 unseen" in printed
    assert "calibrated on 18 rows" in printed
    assert "Surest right answers" in (pictures / "report" / "report.html").read_text()


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
