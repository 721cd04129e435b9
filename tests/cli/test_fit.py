import json

import numpy as np
import pytest

from tests.cli.labelled_rows import ALL, SEEN, UNSEEN, documents, fit, train_file, write
from tests.cli.processes import finish
from zstext import ZeroShotClassifier


def test_from_fit_to_tags_in_processes_of_their_own(tmp_path):
    train, model = train_file(tmp_path), tmp_path / "model"
    rest = [*documents([*SEEN, *UNSEEN], seed=1), ("n1 n2 n3", ""), ("n4 n5", "")]
    valid = write(tmp_path / "valid.csv", rest)
    test = write(tmp_path / "test.csv", documents([*SEEN, *UNSEEN], seed=2))
    code, out, err = finish("fit", train, "--labels", ALL, "-o", model)
    assert code == 0, err
    assert "8: 6 seen, 2 unseen" in out
    assert "rows        36, 36 of them labelled" in out
    assert "taken from the scores of seen classes" in out
    code, out, err = finish("calibrate", model, valid, "--target-precision", 0.8)
    assert code == 0, err
    assert "calibrated on 50 rows" in out
    assert "threshold" in out
    code, out, err = finish("evaluate", test, "--model", model, "--json")
    assert code == 0, err
    measured = json.loads(out)
    assert measured["accuracy"] > 0.6
    assert 0 < measured["generalized"]["U"] <= 1
    command = ["classify", "--model", model, "--label", "ice", "--text", "ice", "--text", "apple"]
    code, out, err = finish(*command)
    assert code == 0, err
    ice, apple = [json.loads(line) for line in out.splitlines()]
    assert ice["labels"][0] == "ice"
    assert apple["label"] == "apple"
    assert len(ice["labels"]) == 9
    assert ice["calibrated"] is True


def test_it_learns_what_python_learns(words, tmp_path):
    from tests.fakes import WordEncoder

    model = fit(words, tmp_path)
    texts, y = zip(*documents(SEEN), strict=True)
    clf = ZeroShotClassifier([*SEEN, *UNSEEN], encoder=WordEncoder()).fit(texts, y)
    saved = ZeroShotClassifier.load(model)
    np.testing.assert_allclose(saved.predict_proba(texts), clf.predict_proba(texts), atol=1e-9)
    assert saved.seen_mask_.tolist() == [True] * 6 + [False] * 2


def test_labels_of_the_data(words, tmp_path):
    result = words("fit", train_file(tmp_path), "-o", tmp_path / "m")
    assert "labels      6: 6 seen, 0 unseen" in result.stdout
    assert "gamma" not in result.stdout
    assert ZeroShotClassifier.load(tmp_path / "m").classes_.tolist() == SEEN


def test_rows_without_a_label_help_and_are_counted(words, tmp_path):
    rows = [*documents(SEEN), *[(text, "") for text, _ in documents(UNSEEN)], ("", "apple")]
    result = words("fit", write(tmp_path / "a.csv", rows), "--labels", ALL, "-o", tmp_path / "m")
    assert "rows        49, 37 of them labelled" in result.stdout
    assert "8: 6 seen, 2 unseen" in result.stdout


def test_other_columns_and_options(words, tmp_path):
    data = write(tmp_path / "a.csv", documents(SEEN), header=("body", "topic"))
    columns = ["--text-column", "body", "--label-column", "topic"]
    result = words("fit", data, *columns, "--labels", ALL, "-o", tmp_path / "m", "--gamma", 0.125)
    assert "gamma       0.1250" in result.stdout
    clf = ZeroShotClassifier.load(tmp_path / "m")
    assert clf.calibrator_.seen.gamma == 0.125
    words("fit", data, *columns, "--labels", ALL, "-o", tmp_path / "g", "--gate", "-q")
    assert type(ZeroShotClassifier.load(tmp_path / "g").calibrator_.seen).__name__ == "SoftGate"


def test_quiet_says_nothing(words, tmp_path):
    result = words("fit", train_file(tmp_path), "-o", tmp_path / "m", "-q")
    assert (result.stdout, result.stderr) == ("", "")


def test_semantics(words, tmp_path):
    table = [[label.upper(), *np.eye(8)[i]] for i, label in enumerate([*SEEN, *UNSEEN])]
    file = write(tmp_path / "s.csv", table, header=["class", *"abcdefgh"])
    model = fit(
        words, tmp_path, "--semantics", file, "--semantic-weight", 1, "--semantic-weight", 2
    )
    S = ZeroShotClassifier.load(model).scorer_
    assert S.class_embeddings(ZeroShotClassifier.load(model).labels_).shape == (8, 40)
    short = write(tmp_path / "t.csv", table[:-1], header=["class", *"abcdefgh"])
    result = words(
        "fit", train_file(tmp_path), "--labels", ALL, "--semantics", short, "-o", tmp_path / "n",
        code=2,
    )  # fmt: skip
    assert "no class vector for 1 of 8 labels, for example 'ham'" in result.stderr


@pytest.mark.parametrize(
    ("rows", "header", "options", "message"),
    [
        (None, ("text", "lable"), [], "no label column 'label' (did you mean 'lable'?)"),
        (None, ("txt", "label"), [], "did you mean 'txt'"),
        ([("a", ""), ("b", " ")], ("text", "label"), [], "no row has a label in 'label'"),
        ([], ("text", "label"), [], "no row has a label"),
        (None, ("text", "label"), ["--labels", "appel,bread"], "did you mean 'appel'"),
        ([("a", "x"), ("b", "x")], ("text", "label"), [], "one label ('x') is no choice"),
        (None, ("text", "label"), ["--gamma", "nan"], "gamma must be a finite number"),
        (None, ("text", "label"), ["--template", "no braces"], "{}"),
        (None, ("text", "label"), ["--semantics", "no.csv"], "no.csv"),
    ],
)
def test_misuse(words, tmp_path, rows, header, options, message):
    data = write(tmp_path / "a.csv", documents(SEEN) if rows is None else rows, header=header)
    result = words("fit", data, "-o", tmp_path / "m", *options, code=2)
    assert message in result.stderr
    assert result.stderr.startswith("zstext: error: ")
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("labelled", "options", "message"),
    [
        (False, ["--semantics", "s.csv"], "--semantics) need labelled rows"),
        (False, ["--gamma", 0.1], "--gamma and --gate are about classes"),
        (False, ["--gate"], "--gamma and --gate are about classes"),
        (True, ["--gamma", 0.1, "--gate"], "choose one of them"),
    ],
)
def test_options_that_change_nothing_are_told_before_anything_is_loaded(
    words, tmp_path, monkeypatch, labelled, options, message
):
    monkeypatch.setattr("zstext.encoders.load_encoder", lambda *a, **k: pytest.fail("loaded"))
    rows = documents(SEEN) if labelled else [(text, "") for text, _ in documents(SEEN)]
    data = write(tmp_path / "a.csv", rows)
    result = words("fit", data, "--labels", ALL, *options, "-o", tmp_path / "m", code=2)
    assert message in result.stderr
    if not labelled:
        alone = words("fit", "--labels", ALL, *options, "-o", tmp_path / "m", code=2)
        assert message in alone.stderr


@pytest.mark.parametrize("output", ["m", "m/deeper"])
def test_what_cannot_be_written_is_told_before_anything_is_loaded(
    words, tmp_path, monkeypatch, output
):
    monkeypatch.setattr("zstext.encoders.load_encoder", lambda *a, **k: pytest.fail("loaded"))
    (tmp_path / "m").write_text("a file")
    result = words("fit", train_file(tmp_path), "-o", tmp_path / output, code=2)
    assert "m is a file: name a folder" in result.stderr
    assert (tmp_path / "m").read_text() == "a file"


def test_the_folder_of_another_model_is_left_alone(words, tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.encoders.load_encoder", lambda *a, **k: pytest.fail("loaded"))
    config = tmp_path / "config.json"
    config.write_text('{"model_type": "bert"}')
    result = words("fit", train_file(tmp_path), "--model", tmp_path, "-o", tmp_path, code=2)
    assert "name another folder" in result.stderr
    assert config.read_text() == '{"model_type": "bert"}'


def test_no_output_and_no_data(words, tmp_path):
    assert "--output" in words("fit", train_file(tmp_path), code=2).output
    assert "no.csv" in words("fit", tmp_path / "no.csv", "-o", tmp_path / "m", code=2).stderr


def test_with_the_real_model(run, encoder, monkeypatch, tmp_path):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *args, **options: encoder)
    rows = [
        ("He scored from the spot", "kick"), ("Relegated after a draw", "kick"),
        ("The loan has a low rate", "coin"), ("My card was declined", "coin"),
    ]  # fmt: skip
    data = write(tmp_path / "a.csv", rows)
    run("fit", data, "--labels", "kick,coin,weather", "-o", tmp_path / "m", "-q")
    texts = ["The keeper saved a penalty", "Move it to my savings", "Rain and thunder tonight"]
    options = [part for text in texts for part in ("--text", text)]
    out = run("classify", "--model", tmp_path / "m", *options).stdout
    assert [json.loads(row)["label"] for row in out.splitlines()] == ["kick", "coin", "weather"]
