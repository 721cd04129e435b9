from hypothesis import given
from hypothesis import strategies as st

from zstext.records import Record
from zstext.records.chunking import chain_digest, chunks


@given(st.lists(st.integers(0, 30)), st.integers(1, 5), st.integers(1, 40))
def test_chunks_hold_everything_in_order_and_are_bounded(sizes, max_rows, max_chars):
    records = [Record(i, "x" * size) for i, size in enumerate(sizes)]
    found = list(chunks(iter(records), max_rows=max_rows, max_chars=max_chars))
    assert [r for chunk in found for r in chunk] == records
    for chunk in found:
        assert 1 <= len(chunk) <= max_rows
        assert sum(len(r.text) for r in chunk[:-1]) < max_chars


def test_columns_count_too():
    records = [Record(i, "x", None, {"text": "x", "body": "y" * 98}) for i in range(4)]
    assert [len(c) for c in chunks(records, max_chars=200)] == [2, 2]


def test_the_digest_depends_on_everything():
    record = Record(1, "a", None, {"n": 1})
    changed = [
        Record("1", "a", None, {"n": 1}),
        Record(1, "\ud800", None, {"n": 1}),
        Record(1, "a", "missing", {"n": 1}),
        Record(1, "a", None, {"n": "1"}),
        Record(1, "a", None, {"n": b"1"}),
    ]
    digests = {chain_digest("", [r]) for r in [record, *changed]} | {chain_digest("x", [record])}
    assert len(digests) == 7
    assert chain_digest("", [Record(1, "a", None, {"n": 1})]) in digests
