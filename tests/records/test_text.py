import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError
from zstext.records import Record

from .fakes import read

documents = st.text(
    st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20
).map(lambda text: text.rstrip("\r"))


@given(st.lists(documents), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_one_document_a_line(texts, end, last_end):
    data = "\ufeff" + "".join(text + end for text in texts)
    if texts and texts[-1] and not last_end:
        data = data.removesuffix(end)
    records = list(read(data.encode(), "txt"))
    assert records == [Record(i, text) for i, text in enumerate(texts, start=1)]


def test_hostile_lines():
    data = b"a\x00b\n\n\xff\xfe!\nlast\r"
    assert [(r.text, r.reason) for r in read(data, "txt")] == [
        ("a\0b", None),
        ("", None),
        ("\ufffd\ufffd!", "invalid_utf8"),
        ("last", None),
    ]


def test_a_very_long_line():
    assert [len(r.text) for r in read(b"x" * 5_000_000, "txt")] == [5_000_000]


def test_no_rows():
    source = read(b"", "txt")
    assert (list(source), source.columns) == ([], ())


def test_plain_text_has_no_id_column():
    with pytest.raises(InputError, match=r"no column 'key'; leave --id-column out"):
        read(b"a\n", "txt", id_column="key")
