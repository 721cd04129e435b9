import importlib.util
import json

import pytest

from tests.cli.labelled_rows import SEEN, UNSEEN, documents, fit, write
from zstext import ZeroShotClassifier

ROWS = documents([*SEEN, *UNSEEN], seed=2)


@pytest.fixture
def test_file(tmp_path):
    return write(tmp_path / "test.csv", ROWS)


def test_json_is_what_python_measures(words, tmp_path, test_file):
    model = fit(words, tmp_path)
    measured = json.loads(words("evaluate", test_file, "--model", model, "--json").stdout)
    clf = ZeroShotClassifier.load(model)
    texts, y = zip(*ROWS, strict=True)
    hits = [a == b for a, b in zip(clf.predict(texts), y, strict=True)]
    assert measured["accuracy"] == pytest.approx(sum(hits) / 48)
    assert measured["generalized"]["S"] == pytest.approx(sum(hits[:36]) / 36)
    assert measured["generalized"]["U"] == pytest.approx(sum(hits[36:]) / 12)
    assert measured["generalized"]["gamma"] == clf.calibrator_.seen.gamma


def test_the_table(words, tmp_path, test_file):
    out = words("evaluate", test_file, "--model", fit(words, tmp_path)).stdout
    for name in ("items", "accuracy", "macro-F1", "S ", "U ", "H ", "AUSUC", "ECE", "Brier"):
        assert any(line.startswith(name) for line in out.splitlines()), name


def test_the_plain_classifier_on_labels_of_the_data(words, test_file):
    measured = json.loads(words("evaluate", test_file, "--json").stdout)
    assert "generalized" not in measured
    assert measured["accuracy"] > 0.5
    named = words("evaluate", test_file, "--labels", ",".join([*SEEN, *UNSEEN, "x"]), "--json")
    assert json.loads(named.stdout)["accuracy"] <= measured["accuracy"]


def test_rows_of_no_class(words, tmp_path):
    data = write(tmp_path / "a.csv", [("apple", "apple"), ("bread", "bread"), ("n1 n2", "")])
    out = words("evaluate", data).stdout
    assert "out of scope" in out
    assert "out-of-scope AUROC" in out


def test_multi_label(words, tmp_path):
    rows = [("red green", "red|green"), ("blue", "blue"), ("n1", "")]
    data = write(tmp_path / "a.csv", rows)
    measured = json.loads(words("evaluate", data, "--multi-label", "--json").stdout)
    assert (measured["multi_label"], measured["threshold"]) == (True, 0.5)
    assert measured["mean_average_precision"] == 1.0
    assert [c["label"] for c in measured["per_class"]] == ["red", "green", "blue"]
    assert [c["support"] for c in measured["per_class"]] == [1, 1, 1]


def test_an_added_label_and_a_threshold(words, tmp_path):
    model = fit(words, tmp_path)
    data = write(tmp_path / "a.csv", [("ice", "ice"), ("apple", "apple")])
    options = ["--model", model, "--label", "ice", "--json"]
    measured = json.loads(words("evaluate", data, *options, "--threshold", 1.0).stdout)
    assert measured["accuracy"] == 1.0
    assert measured["selective"]["coverage"] < 1


@pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="needs zstext[report]")
def test_report(words, tmp_path, test_file):
    model, folder = fit(words, tmp_path), tmp_path / "deep" / "report"
    result = words("evaluate", test_file, "--model", model, "--report", folder)
    assert f"the report is {folder / 'report.html'}" in result.stderr
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "words-1" in page
    assert "sha256" in page.lower()
    assert "grape" in page
    pictures = list(folder.glob("*.png"))
    assert len(pictures) >= 4
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in pictures)


def test_report_without_matplotlib(words, tmp_path, test_file, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    result = words("evaluate", test_file, "--report", tmp_path / "r", code=1)
    assert "zstext[report]" in result.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([("a", "appel")], ["--labels", "apple,bread"], "did you mean 'apple'"),
        ([("a", "")], [], "no labels given"),
        ([("a", "")], ["--labels", "apple,bread"], "class"),
        ([("a", "x"), ("b", "y")], ["--threshold", 2], "within 0 and 1"),
        ([("a", "x"), ("b", "y")], ["--label-column", "lab"], "no label column 'lab'"),
    ],
)
def test_misuse(words, tmp_path, rows, options, message):
    data = write(tmp_path / "a.csv", rows)
    assert message in words("evaluate", data, *options, code=2).stderr


def test_options_of_a_saved_classifier(words, tmp_path, test_file):
    model = fit(words, tmp_path)
    result = words("evaluate", test_file, "--model", model, "--template", "{}", code=2)
    assert "is a saved classifier: templates cannot be changed" in result.stderr


def test_how_long_documents_are_read(run, tmp_path):
    rows = [("football " * 300 + "parliament " * 300, "sports"), ("a budget", "politics")]
    data = write(tmp_path / "long.csv", rows)
    call = ("evaluate", data, "--json", "--long")
    cut, whole = (json.loads(run(*call, how).stdout) for how in ("truncate", "mean"))
    assert cut["calibration"]["brier"] != whole["calibration"]["brier"]
