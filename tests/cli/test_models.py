import json

from zstext import load_encoder


def test_what_runs_offline_as_jsonl(run):
    encoder, entry, compact, images = map(json.loads, run("models").stdout.splitlines())
    assert (encoder["name"], encoder["kind"]) == ("zstext-encoder", "encoder")
    assert (compact["name"], compact["kind"]) == ("zstext-nli", "entailment")
    assert (images["name"], images["state"]) == ("efficientnet-lite0", "installed")
    assert images["megabytes"] > 10
    assert (entry["name"], entry["state"]) == ("all-MiniLM-L6-v2", "embedded")
    assert load_encoder.__module__ == "zstext.encoders"
    assert entry["directory"]


def test_as_a_table(run):
    shown = run("models", "--format", "table").stdout
    assert shown.split()[:5] == ["model", "kind", "state", "MB", "directory"]
    assert "all-MiniLM-L6-v2" in shown
    assert "--model ID_OR_DIR" in shown


def test_other_formats_are_misuse(run):
    assert "listed as table or jsonl, not csv" in run("models", "--format", "csv", code=2).stderr
