import shutil

import pytest

from tests.cli.labelled_rows import SEEN, UNSEEN, documents, fit, write
from zstext import ZeroShotClassifier


@pytest.fixture
def model(words, tmp_path):
    return fit(words, tmp_path)


@pytest.fixture
def valid(tmp_path):
    rows = [*documents([*SEEN, *UNSEEN], seed=1), *[(f"n{i} n{i + 1} n9", "") for i in range(12)]]
    return write(tmp_path / "valid.csv", rows)


def test_in_place(words, model, valid):
    before = ZeroShotClassifier.load(model)
    result = words("calibrate", model, valid)
    assert result.stdout == f"model       {model}, calibrated on 60 rows\n"
    after = ZeroShotClassifier.load(model)
    assert (before.calibrated_, after.calibrated_) == (False, True)
    assert after.calibrator_.scaling != before.calibrator_.scaling
    assert after.calibrator_.abstention is None


def test_to_another_folder(words, model, valid, tmp_path):
    shutil.copytree(model, tmp_path / "copy")
    words("calibrate", model, valid, "-o", tmp_path / "new", "-q")
    for path in (tmp_path / "copy").iterdir():
        assert (model / path.name).read_bytes() == path.read_bytes()
    assert ZeroShotClassifier.load(tmp_path / "new").calibrated_


def test_the_folder_of_another_model_is_left_alone(words, model, valid, tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.persistence.load", lambda *args, **options: pytest.fail("loaded"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "config.json").write_text('{"model_type": "bert"}')
    result = words("calibrate", model, valid, "-o", tmp_path / "own", code=2)
    assert "name another folder" in result.stderr


def test_target_precision_says_what_was_achieved(words, model, valid):
    out = words("calibrate", model, valid, "--target-precision", 0.9).stdout
    rule = ZeroShotClassifier.load(model).calibrator_.abstention
    assert rule.precision >= 0.9
    assert f"threshold   {rule.threshold:.4f}" in out
    assert f"precision   {rule.precision:.3f} of the labels given are right" in out
    assert f"at least {rule.lower_bound:.3f} with 95% confidence" in out
    assert f"coverage    {rule.coverage:.3f} of the rows get a label" in out
    low = words("classify", "--model", model, "--text", "n1 n2 n9").stderr
    assert low == "zstext: 1 of 1 rows have no label: 1 below_threshold\n"


def test_a_precision_out_of_reach(words, model, tmp_path):
    wrong = write(tmp_path / "w.csv", [("apple", "bread"), ("bread", "apple")])
    out = words("calibrate", model, wrong, "--target-precision", 0.95).stdout
    assert "precision   0.95 cannot be reached: every row is left out" in out
    text = words("classify", "--model", model, "--text", "apple").stderr
    assert "1 below_threshold" in text


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([("a", "appel")], [], "did you mean 'apple'"),
        ([("a", "")], [], "at least one labelled validation row"),
        ([("a", "apple")], ["--target-precision", 95], "target_precision must be between 0 and 1"),
        ([("a", "apple")], ["--label-column", "lable"], "did you mean 'label'"),
    ],
)
def test_misuse(words, model, tmp_path, rows, options, message):
    before = (model / "config.json").read_bytes()
    data = write(tmp_path / "a.csv", rows)
    assert message in words("calibrate", model, data, *options, code=2).stderr
    assert (model / "config.json").read_bytes() == before


def test_a_model_that_is_not_there_or_is_damaged(words, model, valid, tmp_path):
    result = words("calibrate", tmp_path / "no", valid, code=1)
    assert "holds no saved classifier" in result.stderr
    (model / "config.json").write_text("{}")
    assert "is not the configuration" in words("calibrate", model, valid, code=1).stderr
