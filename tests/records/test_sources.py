import io
import os
import threading

import pyarrow as pa
import pytest
from pyarrow import parquet

from zstext.errors import InputError
from zstext.records import Record, open_files, open_texts


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("text,n\nfrom a,1\n")
    (tmp_path / "b.jsonl").write_text('{"m": [1], "text": "from b"}\n')
    (tmp_path / "c.txt").write_text("from c\n")
    parquet.write_table(pa.table({"n": [5], "text": ["from d"]}), tmp_path / "d.parquet")
    return tmp_path


def test_several_files_have_the_union_of_their_columns():
    source = open_files(["."])
    assert source.columns == ("text", "n", "m")
    assert source.types == {}  # n is text in one file and a number in the other
    assert not source.numbered
    assert list(source) == [
        Record("a.csv:1", "from a", None, {"text": "from a", "n": "1"}),
        Record("b.jsonl:1", "from b", None, {"m": "[1]", "text": "from b"}),
        Record("c.txt:1", "from c", None, {"text": "from c"}),
        Record("d.parquet:1", "from d", None, {"n": 5, "text": "from d"}),
    ]


def test_types_that_agree_are_kept(folder):
    (folder / "e").mkdir()
    parquet.write_table(pa.table({"text": ["x"], "n": [6]}), folder / "e" / "d.parquet")
    source = open_files(["d.parquet", "e"])
    assert source.types == {"n": pa.int64(), "text": pa.string()}
    assert [r.id for r in source] == ["d.parquet:1", "e/d.parquet:1"]


def test_one_file_numbers_its_rows_and_can_be_read_again():
    source = open_files(["c.txt"])
    assert source.numbered
    assert list(source) == list(source) == [Record(1, "from c")]


def test_a_column_that_one_file_lacks(folder):
    (folder / "z.csv").write_text("body,n\n")
    with pytest.raises(InputError, match=r"z.csv has no column 'text'"):
        open_files(["a.csv", "z.csv"])


def test_standard_input_beside_a_file():
    source = open_files(["-", "a.csv"], stdin=io.BytesIO(b"piped"))
    assert [r.id for r in source] == ["stdin:1", "a.csv:1"]
    assert source.columns == ("text", "n")


def test_standard_input_in_a_format():
    source = open_files(["-"], stdin=io.BytesIO(b"text\nx\n"), input_format="csv")
    assert list(source) == [Record(1, "x", None, {"text": "x"})]


def test_a_named_pipe_is_read_once(folder):
    os.mkfifo(folder / "pipe.csv")
    feeder = threading.Thread(target=lambda: (folder / "pipe.csv").write_bytes(b"text\nx\ny\n"))
    feeder.start()
    source = open_files(["pipe.csv"], input_format="csv")
    assert [r.text for r in source] == ["x", "y"]
    feeder.join()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "no documents given"),
        (["-", "-"], "given twice"),
        (["a.md"], "cannot tell how to read"),
    ],
)
def test_what_cannot_be_opened(folder, names, message):
    (folder / "a.md").touch()
    with pytest.raises(InputError, match=message):
        open_files(names)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(folder):
    (folder / "a.csv").chmod(0)
    with pytest.raises(InputError, match=r"cannot read a.csv: Permission denied"):
        open_files(["a.csv"])


def test_a_file_that_vanishes(folder):
    source = open_files(["a.csv"])
    (folder / "a.csv").unlink()
    with pytest.raises(InputError, match=r"cannot read a.csv: No such file"):
        list(source)


def test_literal_texts():
    source = open_texts(["a\nb", None, 3])
    assert (source.columns, source.numbered) == ((), True)
    assert list(source) == [
        Record(1, "a\nb"),
        Record(2, None, "missing"),
        Record(3, "3", "not_text"),
    ]
