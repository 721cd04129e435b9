import json

from zstext.predictions import Prediction
from zstext.records import Record
from zstext.records.rows import RESULT_COLUMNS, Layout, json_line, result_cells

GOOD = Prediction("a", 0.12345678, ("a", "b"), (0.12345678, 1e-9), windows=1)


def test_a_jsonl_row():
    row = json.loads(json_line(Record(3, "é"), GOOD))
    assert row == {
        "id": 3,
        "text": "é",
        "label": "a",
        "score": 0.123457,
        "labels": ["a", "b"],
        "scores": [0.123457, 0.0],
        "calibrated": False,
        "truncated": False,
        "windows": 1,
    }
    assert "é".encode() in json_line(Record(3, "é"), GOOD)


def test_the_reason_is_there_without_a_label():
    row = json.loads(json_line(Record("x", None), Prediction.none("missing")))
    assert list(row) == ["id", "text", *RESULT_COLUMNS]
    assert (row["label"], row["reason"]) == (None, "missing")


def test_a_lone_surrogate_survives_as_an_escape():
    line = json_line(Record(1, "é\ud800"), GOOD)
    assert rb"\u00e9\ud800" in line
    assert json.loads(line)["text"] == "é\ud800"


def test_layout_of_plain_text_and_of_tables():
    assert Layout.of(()).names == ("id", "text", *RESULT_COLUMNS)
    assert Layout.of(("n", "text")).names == ("n", "text", *RESULT_COLUMNS)
    assert Layout.of(("n", "text")).input_cells(Record(1, "t", None, {"text": "t"})) == (None, "t")


def test_result_columns_give_way_to_the_columns_of_the_input():
    first = Layout.of(("text", "score"))
    assert first.results == tuple("zstext_" + name for name in RESULT_COLUMNS)
    again = Layout.of(first.names)
    assert again.results == tuple("zstext_zstext_" + name for name in RESULT_COLUMNS)


def test_result_cells_match_their_names():
    assert len(result_cells(GOOD)) == len(RESULT_COLUMNS)
