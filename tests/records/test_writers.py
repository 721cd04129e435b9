import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import OptionError
from zstext.records import Record, make_writer, open_texts
from zstext.records.cells import replace_surrogates
from zstext.records.rows import RESULT_COLUMNS

from .fakes import pairs, predict, read

any_text = st.text(st.characters(exclude_categories=[]), max_size=12)
nasty = any_text | st.sampled_from(['"', ",", "\r", "\n", "\r\n", "\0", "\ufeff", "\u2028", " a "])


def written(writer, records):
    return writer.header() + writer.encode(pairs(records))


@given(st.lists(nasty))
def test_jsonl_reads_back_as_it_was_written(texts):
    source = open_texts(texts)
    data = written(make_writer("jsonl", source), source)
    assert [(r.id, r.text) for r in read(data, "jsonl", id_column="id")] == [
        (r.id, r.text) for r in source
    ]
    rows = [json.loads(line) for line in data.split(b"\n") if line]
    assert [row["label"] for row in rows] == [predict(text).label for text in texts]


@given(st.lists(st.tuples(nasty, nasty)))
def test_csv_reads_back_as_it_was_written(rows):
    records = [Record(i, a, None, {"text": a, "b": b}) for i, (a, b) in enumerate(rows, start=1)]
    data = written(make_writer("csv", read(b"text,b\n", "csv")), records)
    again = read(data, "csv")
    assert again.columns == ("text", "b", *RESULT_COLUMNS)
    for record, (a, b) in zip(again, rows, strict=True):
        expected = predict(a)
        assert record.reason is None
        assert (record.text, record.columns["b"]) == (replace_surrogates(a), replace_surrogates(b))
        assert record.columns["label"] == (expected.label or "")
        assert json.loads(record.columns["labels"]) == list(expected.labels)
    module_rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert [row[:2] for row in module_rows[1:]] == [
        [replace_surrogates(a), replace_surrogates(b)] for a, b in rows
    ]


def test_csv_of_plain_text_byte_for_byte():
    source = open_texts(["a,b", "", None])
    data = written(make_writer("csv", source), source).decode()
    lines = data.split("\n")
    assert lines[0] == "id,text,label,score,labels,scores,calibrated,truncated,windows,reason"
    assert data.startswith(lines[0] + '\n1,"a,b",')
    assert data.endswith("\n2,,,,[],[],false,false,0,empty\n3,,,,[],[],false,false,0,missing\n")


def test_formulas_are_escaped_on_demand():
    cells = ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "a=1", "'=1"]
    source = open_texts(cells)
    data = written(make_writer("csv", source, escape_formulas=True), source)
    assert [r.text for r in read(data, "csv")] == [
        "'=1+1", "'+1", "'-1", "'@a", "'\ta", "'\ra", "a=1", "'=1",
    ]  # fmt: skip
    plain = written(make_writer("csv", source), source)
    assert [r.text for r in read(plain, "csv")] == cells


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("jsnl",), "unknown output format 'jsnl' .did you mean 'jsonl'"),
        (("jsonl", True), "only csv has formulas to escape, the output is jsonl"),
    ],
)
def test_wrong_options(args, message):
    with pytest.raises(OptionError, match=message):
        make_writer(args[0], open_texts([]), escape_formulas=len(args) > 1)


def test_settings_say_what_decides_the_bytes():
    source = open_texts([])
    settings = [
        json.dumps(w.settings)
        for w in (
            make_writer("jsonl", source),
            make_writer("csv", source),
            make_writer("csv", source, escape_formulas=True),
            make_writer("csv", read(b"text,b\n", "csv")),
            make_writer("parquet", source),
        )
    ]
    assert len(set(settings)) == len(settings)
