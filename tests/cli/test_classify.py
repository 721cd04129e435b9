import csv
import io
import json

import pyarrow.parquet as pq
import pytest

TWO = "The striker scored twice\nParliament passed the budget\n"
SPORTS = ["--labels", "sports,politics"]


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_pipe_in_jsonl_out(run):
    result = run("classify", *SPORTS, input=TWO)
    first, second = rows(result)
    assert list(first) == [
        "id", "text", "label", "score", "labels", "scores", "calibrated", "truncated", "windows",
    ]  # fmt: skip
    assert (first["id"], first["text"], first["label"]) == (1, "The striker scored twice", "sports")
    assert (second["id"], second["label"]) == (2, "politics")
    for row in (first, second):
        assert row["score"] == row["scores"][0] == max(row["scores"])
        assert sum(row["scores"]) == pytest.approx(1, abs=2e-6)
        assert (row["calibrated"], row["truncated"], row["windows"]) == (False, False, 1)
    assert result.stderr == ""


def test_literal_documents(run):
    result = run("classify", *SPORTS, "--text", "a goal, a penalty", "--text", "")
    assert [(r["id"], r["label"], r.get("reason")) for r in rows(result)] == [
        (1, "sports", None),
        (2, None, "empty"),
    ]
    assert result.stderr == "zstext: 1 of 2 rows have no label: 1 empty\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "first=goals, matches and players\nsecond=votes, laws and parliaments\n"),
        ("a.yaml", "first: goals, matches and players\nsecond: [votes, laws, parliaments]\n"),
        ("a.json", '{"first": "goals, matches and players", "second": "votes, laws, parliaments"}'),
        ("a.csv", 'name,description\nfirst,"goals, matches"\nsecond,"votes, laws, parliaments"\n'),
    ],
)
def test_labels_files(run, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    result = run("classify", "--labels-file", tmp_path / name, input=TWO)
    assert [row["label"] for row in rows(result)] == ["first", "second"]


def test_labels_of_all_options_in_order(run, tmp_path):
    (tmp_path / "more.txt").write_text("c\n")
    result = run(
        "classify", "--labels", " a , b ", "--label", "x,y = things", "--label", "=1+1",
        "--labels-file", tmp_path / "more.txt", "--template", "{}", input="0 1 2 zzz\n",
    )  # fmt: skip
    assert set(rows(result)[0]["labels"]) == {"a", "b", "x,y", "=1+1", "c"}


def test_a_description_on_the_command_line(run):
    result = run(
        "classify", "--label", "first=goals and players", "--label", "second=votes and laws",
        input=TWO,
    )  # fmt: skip
    assert [row["label"] for row in rows(result)] == ["first", "second"]


def test_templates_are_averaged(run):
    from zstext import ZeroShotClassifier, load_encoder

    templates = ["{}", "All about {}."]
    options = [part for t in templates for part in ("--template", t)]
    row = rows(run("classify", *SPORTS, *options, "--text", "a goal"))[0]
    clf = ZeroShotClassifier(["sports", "politics"], templates=templates, encoder=load_encoder())
    assert row["score"] == pytest.approx(clf.fit().predict_proba(["a goal"])[0, 0], abs=2e-6)
    one = rows(run("classify", *SPORTS, "--template", "{}", "--text", "a goal"))[0]
    assert row["score"] != one["score"]


def test_multi_label_threshold_and_top_k(run):
    text = ["--text", "The minister watched the cup final", "--text", "zzz"]
    options = ["--labels", "sports,politics,cooking", "--multi-label"]
    row = rows(run("classify", *options, *text))[0]
    assert len(row["labels"]) == 3
    assert row["scores"] == sorted(row["scores"], reverse=True)
    cut = f"{(row['scores'][1] + row['scores'][2]) / 2:.6f}"
    assert (
        rows(run("classify", *options, *text, "--threshold", cut))[0]["labels"] == row["labels"][:2]
    )
    assert rows(run("classify", *options, *text, "--top-k", 1))[0]["labels"] == row["labels"][:1]
    none = run("classify", *options, *text, "--threshold", "0.999999")
    assert [r["reason"] for r in rows(none)] == ["below_threshold"] * 2
    assert none.stderr == "zstext: 2 of 2 rows have no label: 2 below_threshold\n"


def test_one_label_needs_multi_label(run):
    result = run("classify", "--label", "sports", "--text", "a goal", code=2)
    assert "one label ('sports') is no choice" in result.stderr
    assert "--multi-label" in result.stderr
    assert len(rows(run("classify", "--label", "sports", "--multi-label", "--text", "a goal"))) == 1


CSV = 'when,body,who\n1,"The striker, again",=Ann\n2,,Bob\n3,"Parliament\nvotes","C ""x"""\n'


def test_csv_keeps_the_columns(run, tmp_path):
    (tmp_path / "in.csv").write_text(CSV)
    result = run(
        "classify", tmp_path / "in.csv", *SPORTS, "--text-column", "body", "--format", "csv", "-q"
    )
    table = list(csv.DictReader(io.StringIO(result.stdout)))
    original = list(csv.DictReader(io.StringIO(CSV)))
    assert [{k: row[k] for k in original[0]} for row in table] == original
    assert [(row["label"], row["reason"]) for row in table] == [
        ("sports", ""), ("", "empty"), ("politics", ""),
    ]  # fmt: skip
    assert result.stderr == ""


def test_formulas_are_escaped_if_asked(run, tmp_path):
    (tmp_path / "in.csv").write_text(CSV)
    out = tmp_path / "out.csv"
    run(
        "classify", tmp_path / "in.csv", *SPORTS, "--text-column", "body", "-o", out,
        "--escape-formulas",
    )  # fmt: skip
    assert "'=Ann" in out.read_text()
    result = run("classify", *SPORTS, "--escape-formulas", input=TWO, code=2)
    assert "--escape-formulas is for csv, the output is jsonl" in result.stderr


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "OUT.CSV"])
def test_the_suffix_says_the_format(run, tmp_path, name):
    out = tmp_path / name
    result = run("classify", *SPORTS, "-o", out, input=TWO)
    assert result.stdout == ""
    assert result.stderr == f"zstext: 2 rows in {out}\n"
    suffix = out.suffix.lower()
    if suffix == ".parquet":
        labels = pq.read_table(out)["label"].to_pylist()
    elif suffix == ".csv":
        labels = [row["label"] for row in csv.DictReader(out.read_text().splitlines())]
    else:
        labels = [json.loads(line)["label"] for line in out.read_text().splitlines()]
    assert labels == ["sports", "politics"]
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_folders_and_globs(run, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text(TWO)
    (tmp_path / "deep" / "b.jsonl").write_text('{"text": "a goal"}\n')
    (tmp_path / "deep" / "notes.md").write_text("not read")
    for where in ([tmp_path], [f"{tmp_path}/**/*.*l", f"{tmp_path}/*.txt"]):
        found = rows(run("classify", *where, *SPORTS))
        assert sorted(row["text"] for row in found) == sorted([*TWO.splitlines(), "a goal"])


def test_a_saved_dataset(run, tmp_path):
    import datasets

    datasets.disable_progress_bars()
    train = datasets.Dataset.from_dict({"body": ["a goal", None]})
    both = datasets.DatasetDict({"train": train, "test": train.select([0])})
    both.save_to_disk(str(tmp_path / "data"))
    command = ["classify", "--dataset", tmp_path / "data", *SPORTS, "--text-column", "body"]
    assert len(rows(run(*command, "--split", "train"))) == 2
    assert len(rows(run(*command, "--split", "test"))) == 1
    assert "did you mean 'train'?" in run(*command, "--split", "trian", code=2).stderr
    assert "choose one with --split: train, test" in run(*command, code=2).stderr


HOSTILE = (
    b'{"text": "The striker scored", "n": 1}\n'
    b'{"text": ""}\n{"text": " \\n "}\n{"text": null}\n{"n": 2}\n{"text": 7}\n{"text": ["a"]}\n'
    b'{"text": "nul \\u0000 goal"}\n{"text": "lone \\ud800 goal"}\n{"text": "\xff goal"}\n'
    b'{not json\n[]\n{"text": "\\u202egoal"}\n{"text": "\\u0000"}\n'
)
REASONS = [
    "", "empty", "empty", "missing", "missing", "not_text", "not_text", "", "", "invalid_utf8",
    "malformed_row", "malformed_row", "", "empty",
]  # fmt: skip


@pytest.mark.parametrize("output", ["jsonl", "csv", "parquet"])
def test_hostile_rows_end_to_end(run, tmp_path, output):
    (tmp_path / "in.jsonl").write_bytes(HOSTILE)
    out = tmp_path / f"out.{output}"
    result = run("classify", tmp_path / "in.jsonl", *SPORTS, "-o", out)
    if output == "jsonl":
        got = [json.loads(line).get("reason", "") for line in out.read_text().splitlines()]
    elif output == "csv":
        got = [row["reason"] for row in csv.DictReader(io.StringIO(out.read_text()))]
    else:
        got = [reason or "" for reason in pq.read_table(out)["reason"].to_pylist()]
    assert [reason.partition(":")[0] for reason in got] == REASONS
    assert result.stderr == (
        f"zstext: 14 rows in {out}\n"
        "zstext: 10 of 14 rows have no label: "
        "3 empty, 1 invalid_utf8, 2 malformed_row, 2 missing, 2 not_text\n"
    )


def test_odd_text_files(run, tmp_path):
    (tmp_path / "a.txt").write_bytes("﻿a goal\r\n\r\nParliament\0\r\n".encode())
    found = rows(run("classify", tmp_path / "a.txt", *SPORTS, "--quiet"))
    assert [(row["text"], row["label"]) for row in found] == [
        ("a goal", "sports"), ("", None), ("Parliament\0", "politics"),
    ]  # fmt: skip


def test_a_long_document_says_how_many_windows(run):
    text = "The striker scored twice. " * 200
    assert rows(run("classify", *SPORTS, "--text", text))[0]["windows"] == 4
    cut = rows(run("classify", *SPORTS, "--text", text, "--long", "truncate"))[0]
    assert (cut["windows"], cut["truncated"]) == (1, True)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--labels", "a,b", "--text", "x", "nothing.txt"], "give documents one way"),
        (["--labels", "a,b", "nothing.txt"], "no such file: 'nothing.txt'"),
        (["--labels", "a,b", "docs.cvs"], "did you mean 'docs.csv'?"),
        (["--labels", "a,b", "docs.csv"], "it has 'txt', 'n': choose one with --text-column"),
        (["--labels", "a,b", "docs.csv", "--text-column", "tx"], "(did you mean 'txt'?)"),
        (["--labels", "a,b", "empty"], "has no file that can be read"),
        (["--labels", "a,b", "docs.xyz"], "its suffix is .xyz, expected one of"),
        (["--text", "x"], "no labels given; use --labels a,b,c, --label NAME or --labels-file"),
        (["--labels", "a,a", "--text", "x"], "label 'a' is given twice, at 1 and 2"),
        (["--labels", "a,,b", "--text", "x"], "label 2 is empty"),
        (["--labels", "", "--text", "x"], "label 1 is empty"),
        (["--labels-file", "lables.txt", "--text", "x"], "(did you mean 'labels.txt'?)"),
        (["--labels-file", "labels.txt", "--label", "a", "--text", "x"], "'a' is given twice"),
        (
            ["--labels", "a,b", "--template", "x", "--text", "x"],
            "exactly one {} for the label, got 0",
        ),
        (["--labels", "a,b", "--threshold", "7", "--text", "x"], "within 0 and 1, got 7.0"),
        (["--labels", "a,b", "--top-k", "0", "--text", "x"], "top-k must be at least 1, got 0"),
        (["--labels", "a,b", "--split", "x", "--text", "x"], "--split names a part of a --dataset"),
        (["--labels", "a,b", "--resume", "--text", "x"], "name it with --output"),
        (
            ["--labels", "a,b", "--text", "x", "--format", "parquet"],
            "parquet cannot go down a stream",
        ),
        (["--labels", "a,b", "--text", "x", "-o", "out.jsnl"], "(did you mean 'jsonl'?)"),
        (["--labels", "a,b", "--text", "x", "-o", "out"], "cannot tell the format of 'out'"),
        (["--labels", "a,b", "--text", "x", "-o", "o.csv", "--format", "table"], "a table is for"),
        (["--labels", "a,b", "--input-format", "csv"], "has no column 'text'"),
    ],
)
def test_misuse(run, tmp_path, monkeypatch, args, message):
    def never(*args, **options):
        raise AssertionError("a mistake must be told before the model is loaded")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("zstext.encoders.load_encoder", never)
    (tmp_path / "docs.csv").write_text("txt,n\nhello,1\n")
    (tmp_path / "docs.xyz").write_text("")
    (tmp_path / "labels.txt").write_text("a\nb\n")
    (tmp_path / "empty").mkdir()
    before = sorted(tmp_path.iterdir())
    result = run("classify", *args, input="a,b\n1,2\n", code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("zstext: error: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_an_output_that_cannot_be_is_told_before_the_work(run, tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.encoders.load_encoder", None)
    options = [*SPORTS, "--text", "x", "--format", "csv"]
    assert (
        "is a folder; name a file in it" in run("classify", *options, "-o", tmp_path, code=1).stderr
    )
    missing = tmp_path / "no" / "out.csv"
    assert (
        "does not exist; make it first" in run("classify", *options, "-o", missing, code=1).stderr
    )


def test_the_cache_of_a_user_without_a_home(monkeypatch):
    from pathlib import Path

    from zstext.cli.classifiers import cache_dir

    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_dir() == Path("/x/zstext/labels")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/h")
    assert cache_dir() == Path("/h/.cache/zstext/labels")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as for a user id without a name
    assert cache_dir() is None


def test_resuming_with_other_options_is_refused(run, tmp_path):
    from .processes import start

    many = tmp_path / "in.txt"
    many.write_text("red car\n" * 3000)
    out = tmp_path / "out.jsonl"
    with start("classify", many, *SPORTS, "-o", out, env={"DELAY": 0.5}) as process:
        import time

        deadline = time.monotonic() + 60
        while not (out.with_name("out.jsonl.part.json")).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        while json.loads(out.with_name("out.jsonl.part.json").read_text())["rows"] == 0:
            time.sleep(0.01)
        process.kill()
    assert not out.exists()
    told = run("classify", many, *SPORTS, "-o", out, code=2).stderr
    assert "an unfinished run is here" in told
    assert "--resume" in told
    told = run("classify", many, "--labels", "x,y", "-o", out, "--resume", code=2).stderr
    assert "cannot --resume" in told
    assert "labels was" in told
