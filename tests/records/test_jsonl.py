import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError
from zstext.records import jsonl

from .fakes import read

any_text = st.text(st.characters(exclude_categories=[]), max_size=10)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(any_text, values), min_size=1))
def test_objects_are_read_as_they_were_written(rows):
    objects = [{"text": text, "more": more} for text, more in rows]
    source = read("\n".join(map(json.dumps, objects)).encode(), "jsonl")
    records = list(source)
    assert source.columns == ("text", "more")
    assert [r.text for r in records] == [text for text, _ in rows]
    for record, (_, more) in zip(records, rows, strict=True):
        kept = record.columns["more"]
        if more is None or isinstance(more, str):
            assert kept == more
        else:
            assert json.loads(kept) == more


def test_what_cannot_be_used_has_a_reason():
    rows = {
        '{"text": "fine", "id": 7}': None,
        '{"text": null, "id": "x"}': "missing",
        '{"id": 1}': "missing",
        '{"text": 42}': "not_text",
        '{"text": ["a"]}': "not_text",
        "{broken": "malformed_row: line 6: Expecting property name",
        "[1, 2]": "malformed_row: line 7: expected a JSON object, got '[1, 2]'",
        '{"text": "a", "n": NaN}': "malformed_row: line 8: NaN is not JSON",
        '{"text": "a", "n": 1e999}': "malformed_row: line 9: the number 1e999 is too large",
        '{"text": "a", "n": ' + "9" * 5000 + "}": "malformed_row: line 10: Exceeds the limit",
        '{"text": "a", "n": ' + "[" * 100_000 + "}": "malformed_row: line 11: nested too deeply",
        '{"text": "a", "text": "b"}': "malformed_row: line 12: the key 'text' is given twice",
    }
    records = list(read("\n".join(rows).encode(), "jsonl", id_column="id"))
    for record, (line, reason) in zip(records, rows.items(), strict=True):
        assert str(record.reason).startswith(str(reason)), line
    assert [r.id for r in records[:4]] == [7, "x", 1, 4]
    assert [r.text for r in records[3:6]] == ["42", '["a"]', "{broken"]


def test_bytes_that_are_no_text_and_lone_surrogates():
    records = list(read(b'{"text": "\xff"}\n{"text": "\\ud800"}\n', "jsonl"))
    assert [(r.text, r.reason) for r in records] == [
        ("\ufffd", "invalid_utf8"),
        ("\ud800", None),
    ]


def test_blank_lines_are_no_rows():
    assert [r.text for r in read(b'\n{"text": "a"}\r\n\r\n{"text": "b"}', "jsonl")] == ["a", "b"]
    assert list(read(b"\n\n", "jsonl")) == []


def test_keys_that_come_late_are_kept_in_one_column(monkeypatch):
    monkeypatch.setattr(jsonl, "_LOOK_AHEAD_LINES", 2)
    head = b'{"text": "a", "extra": 1}\n{"text": "b"}\n'
    assert read(head, "jsonl").columns == ("text", "extra")
    source = read(head + b'{"text": "c", "late": [1], "extra": "x"}\n{"n": 1}\n', "jsonl")
    assert source.columns == ("text", "extra", "extra_")
    assert [r.columns for r in source][2:] == [
        {"text": "c", "extra": "x", "extra_": '{"late": [1]}'},
        {"extra_": '{"n": 1}'},
    ]


def test_looking_ahead_is_bounded_by_size(monkeypatch):
    monkeypatch.setattr(jsonl, "_LOOK_AHEAD_CHARS", 10)
    source = read(b'{"text": "a"}\n{"text": "b", "n": 1}\n', "jsonl")
    assert source.columns == ("text", "extra")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"body": "a"}\n', "no column 'text'.*it has 'body'.*--text-column"),
        (b'[\n{"text": "a"},\n', "none of the first|no column"),
        (b"hello\n", r"none of the first 1 lines is a JSON object \(line 1: Expecting value"),
        (b"{}\n", "an object without keys"),
    ],
)
def test_the_wrong_file_is_an_error(data, message):
    with pytest.raises(InputError, match=message):
        read(data, "jsonl")
