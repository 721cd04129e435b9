import json
import sys

import pytest

from tests.nli.checkpoints import make_checkpoint
from zstext.records import run_job

TEXT = "What a waste of time, I want my money back."
LABELS = ("--labels", "positive,negative")


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("backend", ["nli", "cascade", "auto"])
def test_every_backend(run, backend):
    (row,) = rows(run("classify", "--text", TEXT, *LABELS, "--backend", backend))
    assert row["label"] == "negative"
    assert row["calibrated"] is False
    assert sum(row["scores"]) == pytest.approx(1, abs=1e-5)


def test_another_entailment_model(run, tmp_path):
    folder = make_checkpoint("roberta", tmp_path / "m")
    call = ("classify", "--text", TEXT, *LABELS, "--backend")
    (alone,) = rows(run(*call, "nli", "--model", folder))
    (both,) = rows(run(*call, "cascade", "--nli-model", folder))
    assert alone["scores"] != both["scores"]


def test_a_model_that_does_not_name_entailment(run, tmp_path):
    folder = make_checkpoint("bert", tmp_path / "m", ["LABEL_0", "LABEL_1"])
    call = ("classify", "--text", TEXT, *LABELS, "--backend", "nli", "--model", folder)
    refused = run(*call, code=1)
    assert "--entailment-id" in refused.stderr
    assert rows(run(*call, "--entailment-id", "1"))[0]["label"]
    assert "is no class" in run(*call, "--entailment-id", "2", code=2).stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--nli-model", "x"), "for the backends nli, cascade and auto"),
        (("--entailment-id", "1"), "for the backends nli, cascade and auto"),
        (("--shortlist", "3"), "a shortlist is for the cascade"),
        (("--backend", "nli", "--model", "x", "--nli-model", "y"), "has one model"),
    ],
)
def test_options_that_make_no_sense(run, options, message):
    assert message in run("classify", "--text", TEXT, *LABELS, *options, code=2).stderr


def test_evaluate(run, tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("text,label\nI loved it,positive\nWhat a mess,negative\n")
    call = ("evaluate", data, "--backend", "cascade")
    result = json.loads(run(*call, "--json").stdout)
    assert result["accuracy"] == 1
    assert set(result["provenance"]["models"]) == {"encoder", "entailer"}
    assert "shortlist" not in result  # of two labels entailment reads both
    short = json.loads(run(*call, "--shortlist", "1", "--json").stdout)
    assert short["shortlist"] == {"size": 1, "recall": short["accuracy"]}
    assert "shortlist recall" in run(*call, "--shortlist", "1").stdout
    several = json.loads(run(*call, "--shortlist", "1", "--multi-label", "--json").stdout)
    assert several["shortlist"] == short["shortlist"]


def test_with_many_passes_fewer_rows_are_classified_at_a_time(run, tmp_path, monkeypatch):
    seen = []

    def job(*args, **options):
        seen.append(options["at_once"])
        return run_job(*args, **options)

    monkeypatch.setattr(sys.modules["zstext.cli.classify"], "run_job", job)
    monkeypatch.setattr("zstext.predictor.PASSES", 6)
    for backend in ("encoder", "nli", "auto"):
        run("classify", "--text", TEXT, *LABELS, "--backend", backend)
    assert seen == [6, 3, 2]


def test_models_names_the_compact_one(run):
    names = [row["name"] for row in rows(run("models"))]
    assert names[:3] == ["zstext-encoder", "all-MiniLM-L6-v2", "zstext-nli"]


def test_few_labelled_rows_count_for_nothing_and_that_is_said(run, tmp_path):
    data = tmp_path / "data.csv"
    data.write_text("text,label\nI loved it,positive\nWhat a mess,negative\n")
    result = run("fit", data, "--backend", "nli", "-o", tmp_path / "m")
    assert "labels count for nothing" in result.stderr
    assert "not adapted" in result.stderr
    assert "0 seen, 2 unseen" in result.stdout


def test_an_entailment_classifier_is_kept_and_calibrated(run, tmp_path):
    model, data = tmp_path / "model", tmp_path / "data.csv"
    data.write_text("text,label\nI loved it,positive\nWhat a mess,negative\nSo good,positive\n")
    assert "rows        0" in run("fit", *LABELS, "--backend", "nli", "-o", model).stdout
    plain = rows(run("classify", "--text", TEXT, "--model", model))[0]
    assert plain == rows(run("classify", "--text", TEXT, *LABELS, "--backend", "nli"))[0]
    run("calibrate", model, data)
    calibrated = rows(run("classify", "--text", TEXT, "--model", model))[0]
    assert calibrated["calibrated"] is True
    assert calibrated["score"] != plain["score"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("{data}", "--backend", "nli", "--gamma", "0.1"), "a mapping was learned of"),
        (("{data}", "--backend", "auto", "--shortlist", "3"), "learns with the encoder alone"),
        (("{data}", "--backend", "auto", "--nli-model", "x"), "learns with the encoder alone"),
        ((*LABELS, "--explain"), "--explain is about adapting, but there are no documents"),
        ((*LABELS, "--nli-model", "x"), "for the backends nli, cascade and auto"),
        ((*LABELS, "--model", "zstext-nli"), "zstext-nli is an entailment model and no encoder"),
        ((), "no labels given"),
    ],
)
def test_what_cannot_be_fitted(run, tmp_path, call, message):
    data, bare = tmp_path / "data.csv", tmp_path / "bare.txt"
    data.write_text("text,label\nI loved it,positive\nWhat a mess,negative\n")
    bare.write_text("I loved it\nWhat a mess\n")
    filled = [part.format(data=data, bare=bare) for part in call]
    assert message in run("fit", *filled, "-o", tmp_path / "m", code=2).stderr
    assert not (tmp_path / "m").exists()
