"""Adapting on the command line, in processes of their own."""

import json

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
    found = labels(out)
    assert sum(a == b for a, b in zip(found, sorted(LABELS * 8), strict=True)) > 20
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
    assert "the plain scores are kept" in err
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
