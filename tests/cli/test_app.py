import os
import subprocess
import sys

import pytest
from click.utils import strip_ansi

import zstext

from .processes import ROOT, environment


def test_version(run):
    assert run("--version").stdout == f"zstext {zstext.__version__}\n"


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["classify", "--help"], ["models", "-h"]])
def test_help_has_an_example(run, args):
    assert "Example: " in run(*args).stdout


def test_help_names_every_option(run):
    shown = strip_ansi(run("classify", "--help").stdout)
    for option in (
        "--labels", "--label", "--labels-file", "--template", "--multi-label", "--threshold",
        "--top-k", "--format", "--output", "--quiet", "--batch-size", "--device", "--resume",
        "--dataset", "--split", "--text", "--text-column", "--id-column", "--long", "--model",
    ):  # fmt: skip
        assert option in shown


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["clasify"], "classify"),
        (["model"], "models"),
        (["classify", "--lables", "a,b"], "--labels"),
        (["classify", "--treshold", "1"], "--threshold"),
        (["classify", "--labels", "a,b", "--format", "jsnl"], "jsonl"),
        (["classify", "--labels", "a,b", "--long", "men"], "mean"),
    ],
)
def test_did_you_mean(run, args, hint):
    result = run(*args, code=2)
    assert result.stdout == ""
    assert hint in strip_ansi(result.stderr)


@pytest.mark.parametrize(
    "args", [["classify", "--batch-size", "0"], ["classify", "--top-k", "x"], ["--nonsense"], []]
)
def test_misuse_exits_with_2(run, args):
    run(*args, code=2)


def test_three_ways_to_start_it_agree(tmp_path):
    (tmp_path / "in.txt").write_text("The striker scored twice\nParliament passed the budget\n")
    installed = os.path.join(os.path.dirname(sys.executable), "zstext")
    ways = [[sys.executable, "-m", "zstext"], [sys.executable, str(ROOT / "cli.py")]]
    if os.path.exists(installed):
        ways.append([installed])
    outputs = []
    for way in ways:
        command = [*way, "classify", "in.txt", "--labels", "sports,politics"]
        run = subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
        )
        assert (run.returncode, run.stderr) == (0, "")
        outputs.append(run.stdout)
    assert set(outputs) == {outputs[0]}
    assert outputs[0].count('"label": "sports"') == outputs[0].count('"label": "politics"') == 1


@pytest.mark.parametrize(("typed", "offered"), [("cla", "classify"), ("mo", "models")])
def test_completion_in_bash(typed, offered):
    code = "from zstext.cli import main; main()"
    env = environment(
        _ZSTEXT_COMPLETE="complete_bash", COMP_WORDS=f"zstext {typed}", COMP_CWORD="1"
    )
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (run.stdout.split(), run.stderr) == ([offered], "")


def test_the_completion_script_names_the_command():
    code = "from zstext.cli import main; main()"
    env = environment(_ZSTEXT_COMPLETE="source_bash")
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert "complete" in run.stdout
    assert "zstext" in run.stdout
