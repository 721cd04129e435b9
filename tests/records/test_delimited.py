import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError

from .fakes import read

cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(cells, cells)), st.sampled_from(["csv", "tsv"]))
def test_what_the_csv_module_writes_is_read_back(rows, input_format):
    out = io.StringIO(newline="")
    delimiter = "," if input_format == "csv" else "\t"
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "more"), *rows])
    source = read(out.getvalue().encode(), input_format)
    assert source.columns == ("text", "more")
    assert [(r.text, r.columns["more"]) for r in source] == rows


def test_every_row_is_a_record():
    data = (
        b'\xef\xbb\xbfid,text,n\r\n1,"a\r\nb",x\r\n2,short\r\n'
        b'3,too,long,row\r\n4,"bad"quote,x\n5,\xff,x\n'
    )
    records = list(read(data, "csv", id_column="id"))
    assert [(r.id, r.text, r.reason) for r in records] == [
        ("1", "a\r\nb", None),
        ("2", "short", "malformed_row: expected 3 cells, got 2"),
        ("3", "too", "malformed_row: expected 3 cells, got 4"),
        (4, None, "malformed_row: line 6: ',' expected after '\"'"),
        ("5", "\ufffd", "invalid_utf8"),
    ]
    assert records[0].columns == {"id": "1", "text": "a\r\nb", "n": "x"}


def test_blank_lines_are_rows_only_if_there_is_one_column():
    assert [r.text for r in read(b"text\na\n\nb\n", "csv")] == ["a", "", "b"]
    assert [r.text for r in read(b"\ntext,n\na,1\n\nb,2\n\n", "csv")] == ["a", "b"]


def test_a_quote_that_is_never_closed():
    one_line = list(read(b'text,n\na,1\n"b,2', "csv"))
    assert [r.reason for r in one_line] == [None, "malformed_row: line 3: unexpected end of data"]
    with pytest.raises(
        InputError, match=r"opened on line 3 and never closed \(read on to line 5\)"
    ):
        list(read(b'text,n\na,1\n"b,2\nc,3\nd,4\n', "csv"))


def test_a_cell_larger_than_the_csv_module_allows_and_the_limit_is_left_alone():
    before = csv.field_size_limit()
    assert [len(r.text) for r in read(b"text\n" + b"x" * 1_000_000, "csv")] == [1_000_000]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_no_header_is_no_rows(data):
    source = read(data, "csv")
    assert (list(source), source.columns) == ([], ())


def test_old_line_ends():
    assert [r.text for r in read(b"text,n\ra,1\rb,2\r", "csv")] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"text,n,text\n", "two columns named 'text'; rename"),
        (b"Text,n\n", "no column 'text' .did you mean 'Text'.*it has 'Text', 'n'.*--text-column"),
        (b'"text"x,n\n', "header on line 1 is damaged"),
    ],
)
def test_headers_that_cannot_be_used(data, message):
    with pytest.raises(InputError, match=message):
        read(data, "csv")


def test_an_unknown_id_column_names_its_option():
    with pytest.raises(InputError, match=r"'idd' .did you mean 'id'.*--id-column"):
        read(b"text,id\n", "csv", id_column="idd")
