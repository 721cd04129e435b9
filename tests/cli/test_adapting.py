"""Adapting on the command line, in processes of their own."""

import json

import numpy as np
import pytest

from tests.cli.processes import finish
from tests.unlabelled import LABELS, documents

OPTIONS = ["--labels", ",".join(LABELS)]


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(documents()) + "\n")
    return path


def labels(out):
    return [json.loads(line)["label"] for line in out.splitlines()]


def hits(out):
    return sum(a == b for a, b in zip(labels(out), sorted(LABELS * 8), strict=True))


def test_fit_without_labels_then_classify_what_it_never_saw(texts, tmp_path):
    model, page = tmp_path / "model", tmp_path / "page.html"
    code, out, err = finish("fit", texts, *OPTIONS, "-o", model, "--explain", "--explain-to", page)
    assert code == 0, err
    assert "labels      3: 0 seen, 3 unseen" in out
    assert "rows        330, 0 of them labelled" in out
    assert "adapted on 330 different documents" in err
    assert "joined by" in err
    assert "<svg" in page.read_text() or "data:image/png" in page.read_text()
    new = tmp_path / "new.txt"
    new.write_text("\n".join(documents(n=8, seed=1)))
    code, out, err = finish("classify", new, "--model", model)
    assert code == 0, err
    code, plain, err = finish("classify", new, *OPTIONS)
    assert code == 0, err
    assert hits(out) > hits(plain) > 12
    code, out, err = finish("classify", new, "--model", model, "--label", "duck")
    assert code == 0, err
    assert "the adaptation was one to the labels before" in err
    assert "UserWarning" not in err


def test_a_column_of_labels_that_is_empty_or_missing(texts, tmp_path):
    for header in ("text", "text,label"):
        table = tmp_path / "t.csv"
        comma = "," if "," in header else ""
        table.write_text(header + "\n" + "".join(f"{t}{comma}\n" for t in documents()))
        code, _, err = finish("fit", table, *OPTIONS, "-o", tmp_path / "m")
        assert code == 0, err
        assert "adapted on 330 different documents" in err
    table.write_text("text,lable\n" + "".join(f"{t},apple\n" for t in documents()))
    code, _, err = finish("fit", table, *OPTIONS, "-o", tmp_path / "n")
    assert code == 2
    assert "did you mean 'lable'" in err


def test_classify_adapts_to_its_own_documents_or_to_others(texts, tmp_path):
    code, own, err = finish("classify", texts, *OPTIONS, "--adapt", "--explain")
    assert code == 0, err
    assert "adapted on 330 different documents" in err
    assert "->" in err
    code, other, err = finish("classify", texts, *OPTIONS, "--adapt-on", texts, "-q")
    assert (code, err) == (0, "")
    assert own == other
    with texts.open("rb") as stream:
        code, piped, err = finish("classify", "-", *OPTIONS, "--adapt", stdin=stream)
    assert code == 0, err
    assert piped == own


def test_a_refusal_is_said_and_is_no_failure(tmp_path):
    few = tmp_path / "few.txt"
    few.write_text("\n".join(documents(n=3)))
    plain = finish("classify", few, *OPTIONS)
    code, out, err = finish("classify", few, *OPTIONS, "--adapt")
    assert (code, out) == (0, plain[1])
    assert "not adapted: 9 different documents for 3 labels" in err
    assert "the scores stay as they were" in err
    code, _, err = finish("fit", few, *OPTIONS, "-o", tmp_path / "m")
    assert code == 0
    assert "not adapted" in err
    code, out, _ = finish("classify", few, "--model", tmp_path / "m")
    assert (code, out) == (0, plain[1])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--adapt", "--adapt-on", "x.txt"], "adapt to one thing"),
        (["--explain"], "add --adapt or --adapt-on"),
        (["--adapt", "--multi-label"], "one label a document"),
        (["--adapt-on", "no.txt"], "no.txt"),
    ],
)
def test_misuse(run, texts, args, message):
    assert message in run("classify", texts, *OPTIONS, *args, code=2).stderr


def test_a_page_that_cannot_be_written_is_an_error_before_the_work(run, texts):
    page = texts / "page.html"
    result = run("classify", texts, *OPTIONS, "--adapt", "--explain-to", page, code=1)
    assert "the report cannot be written to" in result.stderr
    assert "adapted" not in result.stderr


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_standard_input_is_read_once(texts, name):
    with texts.open("rb") as stream:
        code, out, err = finish("classify", "-", *OPTIONS, "--adapt-on", name, stdin=stream)
    assert (code, out) == (2, "")
    assert "standard input can be read only once" in err
    with texts.open("rb") as stream:
        code, out, err = finish("classify", texts, *OPTIONS, "--adapt-on", name, stdin=stream)
    assert code == 0, err
    assert len(labels(out)) == 330


def test_ids_are_those_of_what_is_classified(texts, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("id,text\n" + "".join(f"n{i},{t}\n" for i, t in enumerate(documents())))
    code, out, err = finish("classify", table, *OPTIONS, "--id-column", "id", "--adapt-on", texts)
    assert code == 0, err
    assert [json.loads(line)["id"] for line in out.splitlines()] == [f"n{i}" for i in range(330)]


def test_calibration_is_gone_with_a_warning(texts, tmp_path):
    table, model = tmp_path / "t.csv", tmp_path / "m"
    answers = np.repeat(LABELS, 330 // len(LABELS))
    rows = [f"{t},{label}\n" for t, label in zip(documents(), answers, strict=True)]
    table.write_text("text,label\n" + "".join(rows))
    assert finish("fit", *OPTIONS, "-o", model)[0] == 0
    assert finish("calibrate", model, table)[0] == 0
    code, out, err = finish("classify", texts, "--model", model, "--adapt")
    assert code == 0, err
    assert "calibrated no more" in err
    assert '"calibrated": false' in out


def test_interrupted_output_goes_on(texts, tmp_path):
    out = tmp_path / "out.jsonl"
    args = ["classify", texts, *OPTIONS, "--adapt", "-o", out]
    assert finish(*args)[0] == 0
    before = out.read_bytes()
    assert finish(*args, "--resume")[0] in (0, 2)
    assert out.read_bytes() == before


def test_nli_adapts_and_is_kept(texts, tmp_path):
    model, options = tmp_path / "model", [*OPTIONS, "--backend", "nli"]
    code, _, err = finish("fit", texts, *options, "-o", model)
    assert code == 0, err
    assert "adapted on 330 different documents" in err
    code, kept, err = finish("classify", texts, "--model", model)
    assert code == 0, err
    assert kept == finish("classify", texts, *options, "--adapt")[1]
    assert kept != finish("classify", texts, *options)[1]
