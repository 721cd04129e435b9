import datetime as dt
import io
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from zstext.errors import InputError
from zstext.records import open_files

from .fakes import read


def test_columns_keep_their_types_and_order(tmp_path):
    table = pa.table(
        {
            "n": pa.array([1, None, 3], pa.int8()),
            "text": ["a", None, "\U0001f600\0"],
            "when": [dt.datetime(2024, 1, 2, tzinfo=dt.UTC)] * 3,
            "price": [Decimal("1.20")] * 3,
            "kind": pa.array(["x", "y", None]).dictionary_encode(),
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    source = open_files([str(tmp_path / "a.parquet")], id_column="n")
    assert source.columns == ("n", "text", "when", "price", "kind")
    assert source.types["n"] == pa.int8()
    assert source.types["kind"] == pa.string()
    assert [(r.id, r.text, r.reason) for r in source] == [
        (1, "a", None),
        (2, None, "missing"),
        (3, "\U0001f600\0", None),
    ]
    assert [r.columns for r in source] == table.to_pylist()


def test_text_of_another_type(tmp_path):
    parquet.write_table(pa.table({"text": [1.5, None]}), tmp_path / "a.parquet")
    records = list(open_files([str(tmp_path / "a.parquet")]))
    assert [(r.text, r.reason) for r in records] == [("1.5", "not_text"), (None, "missing")]


def test_strings_that_are_not_utf8(tmp_path):
    raw = pa.array([b"ok", b"\xff", None], pa.binary())
    text = pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2], raw.buffers()[0])
    parquet.write_table(pa.table({"text": text}), tmp_path / "a.parquet")
    records = list(open_files([str(tmp_path / "a.parquet")]))
    assert [(r.text, r.reason) for r in records] == [
        ("ok", None),
        ("\ufffd", "invalid_utf8"),
        (None, "missing"),
    ]


def test_a_file_that_is_damaged_inside(tmp_path):
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": [f"document {i}" for i in range(500)]}), path)
    data = bytearray(path.read_bytes())
    data[4:400] = b"\0" * 396
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a.parquet is damaged"):
        list(open_files([str(path)]))


def test_a_list_with_strings_that_are_not_utf8(tmp_path):
    inner = pa.array([b"\xff"], pa.binary())
    text = pa.StringArray.from_buffers(1, inner.buffers()[1], inner.buffers()[2])
    tags = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), text)
    parquet.write_table(pa.table({"text": ["a"], "tags": tags}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="a list or struct holds text that is not UTF-8"):
        list(open_files([str(tmp_path / "a.parquet")]))


class Pipe(io.BytesIO):
    def seekable(self):
        return False


def test_what_is_no_parquet_file():
    with pytest.raises(InputError, match="input is not a parquet file that can be read"):
        read(b"text\n", "parquet")


def test_a_pipe_cannot_be_parquet():
    with pytest.raises(InputError, match="which a pipe cannot do; name a file"):
        open_files(["-"], stdin=Pipe(), input_format="parquet")
