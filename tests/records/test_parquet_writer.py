import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from zstext.errors import OutputError
from zstext.records import Record, make_writer, open_files, open_texts
from zstext.records.cells import replace_surrogates
from zstext.records.rows import RESULT_COLUMNS

from .fakes import pairs, predict, read

nasty = st.text(st.characters(exclude_categories=[]), max_size=12)


def write(writer, chunks, folder):
    part, final = folder / "out.part", folder / "out.parquet"
    part.write_bytes(writer.header() + b"".join(writer.encode(pairs(c)) for c in chunks))
    writer.finish(part, final)
    assert [path.name for path in folder.glob("out*")] == ["out.parquet"]
    return parquet.ParquetFile(final)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(nasty))
def test_reads_back_as_it_was_written(tmp_path, texts):
    source = open_texts(texts)
    file = write(make_writer("parquet", source), [list(source)], tmp_path)
    rows = file.read().to_pylist()
    assert [(row["id"], row["text"]) for row in rows] == [
        (i, replace_surrogates(text)) for i, text in enumerate(texts, start=1)
    ]
    for row, text in zip(rows, texts, strict=True):
        expected = predict(text)
        assert (row["label"], row["labels"]) == (expected.label, list(expected.labels))
        assert row["scores"] == [round(s, 6) for s in expected.scores]
    (tmp_path / "out.parquet").unlink()


def test_types_are_kept(tmp_path):
    table = pa.table(
        {
            "text": ["a", None],
            "n": pa.array([1, None], pa.int16()),
            "when": pa.array([1_700_000_000_000_000_001, None], pa.timestamp("ns", "UTC")),
            "tags": pa.array([["x"], None], pa.list_(pa.string())),
            "raw": pa.array([b"\xff", None]),
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        }
    )
    parquet.write_table(table, tmp_path / "in.parquet")
    source = open_files([str(tmp_path / "in.parquet")])
    file = write(make_writer("parquet", source), [[r] for r in source], tmp_path)
    assert file.num_row_groups == 2
    again = file.read()
    assert again.column_names == [*table.column_names, *RESULT_COLUMNS]
    assert again.select(table.column_names).cast(table.schema).equals(table)
    assert again.schema.field("when").type == table.schema.field("when").type


def test_no_rows_is_a_table_without_rows(tmp_path):
    file = write(make_writer("parquet", read(b"text,n\n", "csv")), [], tmp_path)
    assert file.schema_arrow.names == ["text", "n", *RESULT_COLUMNS]
    assert file.read().num_rows == 0


def test_a_value_that_does_not_fit_its_column(tmp_path):
    parquet.write_table(pa.table({"text": ["a"], "n": [1]}), tmp_path / "in.parquet")
    writer = make_writer("parquet", open_files([str(tmp_path / "in.parquet")]))
    record = Record(1, "a", None, {"text": "a", "n": dt.date(2024, 1, 1)})
    with pytest.raises(OutputError, match="column 'n' cannot be written to parquet as int64"):
        writer.encode(pairs([record]))
