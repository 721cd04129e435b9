import io
import json

import datasets
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from zstext.errors import InputError, OptionError
from zstext.predictions import Prediction, Reason
from zstext.records import (
    Record,
    StreamSink,
    has_images,
    make_writer,
    open_files,
    open_images,
    run_job,
)
from zstext.records.chunking import chain_digest, chunks


def png(colour="red"):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("cat/1.PNG", "cat/deep/2.jpg", "dog/3.png", ".hidden/4.png", "stray.webp"):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "photos" / name).write_bytes(png())
    (tmp_path / "photos" / "notes.txt").write_text("not an image\n")
    return tmp_path


def test_a_folder_is_the_images_in_and_below_it():
    source = open_images(["photos"])
    assert [(r.id, r.text) for r in source] == [
        (1, "photos/cat/1.PNG"),
        (2, "photos/cat/deep/2.jpg"),
        (3, "photos/dog/3.png"),
        (4, "photos/stray.webp"),
    ]
    assert source.numbered
    assert source.columns == ()
    assert all(r.document == r.text and r.reason is None for r in source)


def test_the_first_folder_below_is_the_class():
    source = open_images(["photos"], label_column="label")
    assert source.columns == ("image", "label")
    assert [r.columns["label"] for r in source] == ["cat", "cat", "dog", None]


def test_files_and_globs_have_the_class_of_their_folder():
    names = ["photos/dog/3.png", "photos/cat/*"]
    source = open_images([names[0], "photos/cat/*.PNG"], label_column="kind")
    assert [(r.text, r.columns["kind"]) for r in source] == [
        ("photos/dog/3.png", "dog"),
        ("photos/cat/1.PNG", "cat"),
    ]


def test_paths_in_a_table_start_from_its_folder(folder):
    (folder / "photos" / "list.csv").write_text(
        f"image,label\ncat/1.PNG,cat\n{folder}/photos/dog/3.png,dog\n  ,\n"
    )
    first, second, blank = open_images(["photos/list.csv"])
    assert first == Record(
        1, "cat/1.PNG", None, {"image": "cat/1.PNG", "label": "cat"}, "photos/cat/1.PNG"
    )
    assert second.document == f"{folder}/photos/dog/3.png"
    assert blank.reason == Reason.EMPTY


def test_the_column_of_paths_is_named(folder):
    (folder / "list.tsv").write_text("file\tid\na.png\tx7\n")
    (record,) = open_images(["list.tsv"], image_column="file", id_column="id")
    assert (record.id, record.text, record.document) == ("x7", "a.png", "a.png")
    with pytest.raises(InputError, match="has no column 'image'"):
        open_images(["list.tsv"])


def test_bytes_in_parquet_are_items_and_never_cells(folder):
    cells = [
        {"bytes": png(), "path": "a.png"},
        {"bytes": None, "path": "photos/dog/3.png"},
        {"bytes": png("blue"), "path": None},
        None,
    ]
    parquet.write_table(pa.table({"image": cells, "n": [1, 2, 3, 4]}), "t.parquet")
    source = open_images(["t.parquet"])
    records = list(source)
    assert source.types["image"] == pa.string()
    assert [r.text for r in records] == ["a.png", "photos/dog/3.png", None, None]
    assert [r.document for r in records] == [png(), "photos/dog/3.png", png("blue"), None]
    assert [r.reason for r in records] == [None, None, None, Reason.MISSING]
    assert records[0].columns == {"image": "a.png", "n": 1}


def test_plain_bytes_are_images_too(folder):
    parquet.write_table(pa.table({"image": [png(), b""]}), "t.parquet")
    assert [(r.document, r.reason) for r in open_images(["t.parquet"])] == [
        (png(), None),
        (None, Reason.EMPTY),
    ]


def test_numbers_are_not_images(folder):
    parquet.write_table(pa.table({"image": [3]}), "t.parquet")
    (record,) = open_images(["t.parquet"])
    assert record.reason == Reason.NOT_AN_IMAGE


def test_the_image_column_of_a_saved_dataset(folder):
    features = datasets.Features({"image": datasets.Image(), "label": datasets.Value("string")})
    rows = {"image": [{"bytes": png(), "path": None}], "label": ["red"]}
    datasets.Dataset.from_dict(rows, features=features).save_to_disk("saved")
    (record,) = open_images(["saved"])
    assert record.document == png()
    assert record.columns == {"image": None, "label": "red"}


def test_what_is_recognised_as_images(folder):
    (folder / "texts").mkdir()
    (folder / "texts" / "a.txt").write_text("x")
    assert has_images(["photos"])
    assert has_images(["texts", "photos/*/*.png"])
    assert not has_images(["texts", "texts/a.txt", "-"])
    with pytest.raises(InputError, match="no such file"):
        has_images(["nowhere"])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "no images given"),
        (["-"], "cannot be read from standard input"),
        (["photos/cat/nothing.png"], "no such file"),
        (["photos/archive.zip"], "neither an image nor a table: its suffix is .zip"),
        (["empty"], "the folder 'empty' has no"),
    ],
)
def test_what_cannot_be_images(folder, names, message):
    (folder / "photos" / "archive.zip").write_bytes(b"PK")
    (folder / "empty" / "x.doc").parent.mkdir()
    (folder / "empty" / "x.doc").write_bytes(b"")
    with pytest.raises(InputError, match=message):
        open_images(names)


def test_an_unknown_format_is_misuse():
    with pytest.raises(OptionError, match="unknown input format 'xls'"):
        open_images(["photos"], input_format="xls")


def test_a_job_classifies_items_and_writes_paths():
    asked = []

    def classify(items):
        asked.extend(items)
        return [Prediction("cat", 1.0, ("cat",), (1.0,)) for _ in items]

    buffer = io.BytesIO()
    source = open_images(["photos"])
    summary = run_job(source, classify, StreamSink(buffer, make_writer("jsonl", source)))
    rows = [json.loads(line) for line in buffer.getvalue().splitlines()]
    assert summary.rows == summary.labelled == 4
    assert [row["text"] for row in rows] == asked


def test_bytes_count_where_a_run_is_resumed():
    a, b = (Record(1, "x", None, {}, png(colour)) for colour in ("red", "blue"))
    assert chain_digest("", [a]) != chain_digest("", [b])
    assert chain_digest("", [a]) == chain_digest("", [a])
    assert [len(c) for c in chunks([a] * 10, max_chars=3 * len(png()))] == [3, 3, 3, 1]


def test_texts_are_as_they_were(folder):
    assert [r.document for r in open_files(["photos/notes.txt"])] == ["not an image"]
