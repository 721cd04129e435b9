import io
import os
import subprocess
import sys
import textwrap

import pytest

from zstext.errors import InputError, OptionError, OutputError
from zstext.records import (
    FileSink,
    StreamSink,
    check_output,
    make_writer,
    open_texts,
    run_job,
)

from .fakes import classify

TEXTS = [f"document {i}" for i in range(3000)]


def job(output, texts=TEXTS, output_format="jsonl", answer=classify, **options):
    source = open_texts(texts)
    return run_job(source, answer, FileSink(output, make_writer(output_format, source), **options))


def fails_after(chunks):
    calls = iter(range(chunks))

    def answer(texts):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return classify(texts)

    return answer


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "parquet"])
def test_an_interrupted_run_goes_on(tmp_path, output_format):
    whole, out = tmp_path / "whole", tmp_path / "out"
    expected = job(whole, output_format=output_format)
    with pytest.raises(KeyboardInterrupt):
        job(out, output_format=output_format, answer=fails_after(2))
    assert not out.exists()
    summary = job(out, output_format=output_format, resume=True)
    assert summary.resumed_rows == 2048
    assert (summary.rows, summary.labelled) == (expected.rows, expected.labelled)
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["out", "whole"]


def test_a_run_that_fails_before_its_first_rows_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        job(tmp_path / "out", answer=fails_after(0))
    assert os.listdir(tmp_path) == []


def test_an_existing_file_is_there_until_the_new_one_is(tmp_path):
    out = tmp_path / "out"
    out.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        job(out, answer=fails_after(1))
    assert out.read_text() == "old"
    job(out, resume=True)
    assert len(out.read_bytes().splitlines()) == len(TEXTS)


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to("real")
    job(tmp_path / "link", ["a"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_size > 0


@pytest.mark.parametrize("texts", [[], ["one"]])
@pytest.mark.parametrize("output_format", ["jsonl", "csv", "parquet"])
def test_no_row_and_one_row(tmp_path, texts, output_format):
    assert job(tmp_path / "out", texts, output_format).rows == len(texts)
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize("output_format", ["jsonl", "parquet"])
def test_killed_between_output_and_journal(tmp_path, monkeypatch, output_format):
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr("zstext.records.journal.PartFile.forget", fails_after(0))
        with pytest.raises(KeyboardInterrupt):
            job(out, output_format=output_format)
    data = out.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["out", "out.part.json"]
    summary = job(out, output_format=output_format, answer=fails_after(0), resume=True)
    assert (summary.rows, summary.resumed_rows) == (3000, 3000)
    assert out.read_bytes() == data
    assert os.listdir(tmp_path) == ["out"]


def test_changed_documents_are_noticed(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        job(tmp_path / "out", answer=fails_after(2))
    for texts in (["x", *TEXTS[1:]], TEXTS[:2000], TEXTS[:2047], []):
        with pytest.raises(InputError, match=r"the first 2048 documents are not those"):
            job(tmp_path / "out", texts, resume=True)
    changed_later = [*TEXTS[:2999], "x"]
    assert job(tmp_path / "out", changed_later, resume=True).rows == 3000


def test_other_options_are_noticed(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        job(tmp_path / "out", answer=fails_after(1), fingerprint={"labels": ["a"]})
    with pytest.raises(OptionError, match="labels was"):
        job(tmp_path / "out", resume=True, fingerprint={"labels": ["b"]})
    with pytest.raises(OptionError, match="format was"):
        job(tmp_path / "out", output_format="csv", resume=True, fingerprint={"labels": ["a"]})


def test_outputs_that_cannot_be_written_fail_at_once(tmp_path):
    (tmp_path / "out.part").write_text("mine")
    (tmp_path / "closed").mkdir(mode=0o500)
    for path, error, message in [
        (tmp_path, OutputError, "is a folder; name a file in it"),
        (tmp_path / "no" / "out", OutputError, "does not exist; make it first"),
        ("/dev/null", OutputError, "is no regular file"),
        (tmp_path / "out", InputError, "is in the way"),
    ]:
        with pytest.raises(error, match=message):
            check_output(path)
    if os.geteuid() != 0:
        with pytest.raises(OutputError, match="permission denied"):
            check_output(tmp_path / "closed" / "out")


FULL_DISK = textwrap.dedent(
    """
    import resource, sys
    from zstext.errors import OutputError
    from tests.records.test_sinks import job

    out, output_format, limit = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        job(out, output_format=output_format)
    except OutputError as error:
        sys.exit(f"OutputError: {error}")
    """
)


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "parquet"])
def test_a_full_disk_keeps_the_rows(tmp_path, output_format):
    whole, out = tmp_path / "whole", tmp_path / "out"
    job(whole, output_format=output_format)
    limit = 300_000 if output_format != "parquet" else 200_000
    code = FULL_DISK.replace("tests.records", __package__)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = [root, os.path.dirname(root), *sys.path]
    run = subprocess.run(
        [sys.executable, "-c", code, str(out), output_format, str(limit)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
    )
    assert "OutputError: cannot write" in run.stderr, run.stderr
    assert "File too large" in run.stderr
    assert "rows are kept: put that right and go on with --resume" in run.stderr
    assert not out.exists()
    summary = job(out, output_format=output_format, resume=True)
    assert summary.resumed_rows > 0
    assert out.read_bytes() == whole.read_bytes()


def stream_job(stream, texts=TEXTS, output_format="jsonl"):
    source = open_texts(texts)
    return run_job(source, classify, StreamSink(stream, make_writer(output_format, source)))


def test_a_stream_gets_the_bytes_of_a_file(tmp_path):
    job(tmp_path / "out", output_format="csv")
    stream = io.BytesIO()
    stream_job(stream, output_format="csv")
    assert stream.getvalue() == (tmp_path / "out").read_bytes()


def test_a_full_stream():
    with (
        open("/dev/full", "wb", buffering=0) as stream,
        pytest.raises(OutputError, match="No space left on device; 0 rows were written"),
    ):
        stream_job(stream)


def test_a_closed_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    with (
        open(writer, "wb", buffering=0) as stream,
        pytest.raises(OutputError, match="closed the pipe before all rows were written"),
    ):
        stream_job(stream)


def test_parquet_cannot_be_streamed():
    with pytest.raises(OptionError, match="parquet cannot go down a stream"):
        stream_job(io.BytesIO(), output_format="parquet")
