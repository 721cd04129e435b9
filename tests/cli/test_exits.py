import json
import os
import signal
import subprocess
import sys
import time
import warnings

import pytest
import typer

from zstext import errors
from zstext.cli.exits import exit_codes, say, warnings_said

from .processes import finish, start

LABELS = ["--labels", "red car,green tree"]
FILES = ("out.jsonl", "out.jsonl.part", "out.jsonl.part.json")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (errors.LabelError("x"), 2, "error: x"),
        (errors.TemplateError("x"), 2, "error: x"),
        (errors.InputError("x"), 2, "error: x"),
        (errors.OptionError("x"), 2, "error: x"),
        (errors.ModelError("x"), 1, "error: x"),
        (errors.PersistenceError("x"), 1, "error: x"),
        (errors.ZstextError("x"), 1, "error: x"),
        (MemoryError(), 1, "error: out of memory; try a smaller --batch-size"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_codes_and_messages(capsys, error, code, message):
    with pytest.raises(typer.Exit) as caught, exit_codes(lambda: "stopped"):
        raise error
    assert caught.value.exit_code == code
    assert capsys.readouterr() == ("", f"zstext: {message}\n")


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError), exit_codes():
        1 / 0  # noqa: B018


def test_nobody_listens_on_stderr(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", closefd=False) as closed:
        monkeypatch.setattr(sys, "stderr", closed)
        say("unheard")
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)
    os.close(writing)


@pytest.fixture
def many(tmp_path):
    path = tmp_path / "in.txt"
    path.write_text("".join(f"red car {i}\n" for i in range(20_000)))
    return path


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def rows_in(journal):
    return json.loads(journal.read_text())["rows"] if journal.exists() else 0


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "table"])
def test_a_closed_pipe(many, output_format):
    with start(
        "classify", many, *LABELS, "--format", output_format,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline()
        process.stdout.close()
        message = process.stderr.read()
        assert process.wait(60) == 1
    assert message.startswith("zstext: error: ")
    assert message.count("\n") == 1
    assert "closed the pipe before all rows" in message or "Broken pipe" in message


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "table"])
def test_a_full_disk(many, output_format):
    with open("/dev/full", "w") as full:
        code, _, err = finish("classify", many, *LABELS, "--format", output_format, stdout=full)
    assert code == 1
    assert err.startswith("zstext: error: cannot ")
    assert err.count("\n") == 1
    assert "No space left on device" in err


def test_the_list_of_models_on_a_full_disk():
    with open("/dev/full", "w") as full:
        code, _, err = finish("models", stdout=full)
    assert code == 1
    assert "No space left on device" in err
    assert "Traceback" not in err


def test_without_standard_streams():
    code, _, err = finish("classify", *LABELS, preexec_fn=lambda: os.close(0), stdin=None)
    assert (code, err) == (
        2,
        "zstext: error: no documents: name a file, use --text, or pipe text in\n",
    )
    code, _, err = finish(
        "classify", *LABELS, "--text", "x", preexec_fn=lambda: os.close(1), stdout=None
    )
    assert (code, err) == (
        2,
        "zstext: error: there is no stdout to write to; name a file with --output\n",
    )


def test_interrupted_while_it_writes_a_file(many, tmp_path):
    out, part, journal = (tmp_path / name for name in FILES)
    with start(
        "classify", many, *LABELS, "-o", out, env={"DELAY": 0.2},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        wait_for(lambda: rows_in(journal))
        process.send_signal(signal.SIGINT)
        printed, message = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed == ""
    assert message == f"zstext: interrupted; what was done is kept in {part}: go on with --resume\n"
    assert part.exists()
    assert not out.exists()


def test_interrupted_before_anything_was_written(tmp_path):
    reading, writing = os.pipe()
    with start(
        "classify", *LABELS, "-o", tmp_path / "out.jsonl",
        stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        os.write(writing, b"red car\n")
        wait_for((tmp_path / "out.jsonl.part.json").exists)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=60)
    os.close(reading)
    os.close(writing)
    assert process.returncode == 130
    assert message == "zstext: interrupted\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "parquet"])
def test_killed_and_resumed_the_bytes_are_the_same(many, tmp_path, output_format):
    whole, out = tmp_path / f"whole.{output_format}", tmp_path / f"out.{output_format}"
    journal = out.with_name(out.name + ".part.json")
    assert finish("classify", many, *LABELS, "-o", whole) == (
        0,
        "",
        f"zstext: 20000 rows in {whole}\n",
    )
    for rows in (1, 8_000):
        command = ["classify", many, *LABELS, "-o", out, "--resume"]
        with start(*command, env={"DELAY": 0.05}) as process:
            wait_for(lambda at_least=rows: rows_in(journal) >= at_least)
        assert process.returncode == -signal.SIGKILL
        assert not out.exists()
    assert finish("classify", many, *LABELS, "-o", out, "--resume")[0] == 0
    assert out.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.txt", whole.name, out.name}


def warn():
    warnings.warn("ours", errors.ZstextWarning, stacklevel=1)
    warnings.warn("theirs", UserWarning, stacklevel=1)


def test_warnings_of_zstext_are_said_and_others_shown(capsys):
    with pytest.warns(UserWarning, match="theirs"), warnings_said(quiet=False):
        warn()
    assert capsys.readouterr().err == "zstext: ours\n"
    with pytest.warns(UserWarning, match="theirs"), warnings_said(quiet=True):
        warn()
    assert capsys.readouterr().err == ""


def fail():
    with warnings_said(quiet=False):
        warnings.warn("ours", errors.ZstextWarning, stacklevel=1)
        raise errors.ModelError("x")


def test_warnings_are_said_when_all_ends_in_an_error(capsys):
    with pytest.raises(errors.ModelError):
        fail()
    assert capsys.readouterr().err == "zstext: ours\n"
