"""What README.md and the docstrings show is what happens."""

import doctest
import importlib
import shutil
from pathlib import Path

import pytest

from tests.examples import NumberChecker, blocks, commands, run_command, run_doctest, same

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the files that the README's examples name."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def test_python_examples(folder, monkeypatch):
    monkeypatch.chdir(folder)
    source = "\n".join(blocks(README, "python"))
    assert source.count(">>>") > 10
    assert run_doctest(source, "README.md") == []


def test_shell_examples(folder):
    shown = [pair for block in blocks(README, "console") for pair in commands(block)]
    assert len(shown) >= 4
    for command, output in shown:
        got = run_command(command, folder)
        assert same(output, got), f"$ {command}\n{got}"


@pytest.mark.parametrize("module", ["zstext", "zstext.classifier", "zstext.pipelines"])
def test_docstring_examples(module):
    runner = doctest.DocTestRunner(NumberChecker(), verbose=False)
    finder = doctest.DocTestFinder()
    loaded = importlib.import_module(module)
    for test in finder.find(loaded, module, globs={}):
        runner.run(test)
    results = runner.summarize(verbose=False)
    assert (results.failed, results.attempted > 0) == (0, True)


def test_a_wrong_number_in_an_example_would_be_noticed():
    assert same("score 0.912", "score 0.9125")
    assert not same("score 0.912", "score 0.922")
    assert not same("label a", "label b")
