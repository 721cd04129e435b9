import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.labelled_rows import write
from zstext import InputError
from zstext.cli.labelled import Labelled, read_labelled


def read(*paths, text="text", label="label"):
    return read_labelled([str(p) for p in paths], text_column=text, label_column=label)


def test_csv(tmp_path):
    rows = [("a", "x"), ("b", " y "), ("c", ""), ("d", "  "), ("", "x"), ("e", "x, y")]
    data = read(write(tmp_path / "a.csv", rows))
    assert data.labels == ["x", "y", None, None, data.labels[4], "x, y"]
    assert [t for t in data.documents if t] == ["a", "b", "c", "d", "e"]
    assert data.names() == ["x", "y", "x, y"]


def test_jsonl_and_parquet_with_numbers_and_gaps(tmp_path):
    rows = [{"text": "a", "label": 3}, {"text": "b", "label": None}, {"text": "c", "label": True}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert read(tmp_path / "a.jsonl").labels == ["3", None, "true"]  # as JSON has it
    table = pa.table({"text": ["a", "b"], "label": pa.array([1.5, float("nan")])})
    pq.write_table(table, tmp_path / "b.parquet")
    assert read(tmp_path / "b.parquet").labels == ["1.5", None]


def test_a_row_that_cannot_be_read_has_neither_text_nor_label(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a", "label": "x"}\nnonsense\n{"text": 5}\n')
    data = read(tmp_path / "a.jsonl")
    assert (data.documents[:2], data.labels) == (["a", None], ["x", None, None])


def test_several_files_and_a_folder(tmp_path):
    write(tmp_path / "a.csv", [("a", "x")])
    write(tmp_path / "b.csv", [("b", "y")])
    assert read(tmp_path).labels == ["x", "y"]
    assert read(tmp_path / "b.csv", tmp_path / "a.csv").documents == ["b", "a"]


def test_sets_of_labels():
    data = Labelled(["1", "2", "3"], ["a|b", None, "c"])
    assert data.sets() == [["a", "b"], [], ["c"]]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            ("text", "lable"),
            r"no label column 'label' \(did you mean 'lable'\?\); choose .*: text, l",
        ),
        (("text", "zzz"), "no label column 'label'; choose one with --label-column: text, zzz"),
    ],
)
def test_no_such_column(tmp_path, header, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "a.csv", [("a", "x")], header=header))


def test_plain_text_has_no_labels(tmp_path: Path):
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    with pytest.raises(InputError, match="no label column 'label'.*plain text"):
        read(tmp_path / "a.txt")
