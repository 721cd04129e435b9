import io
import json

import pytest

from zstext.errors import ZstextError
from zstext.records import JobSummary, StreamSink, make_writer, open_texts, run_job

from .fakes import classify, read


def run(source, answer=classify, **options):
    stream = io.BytesIO()
    summary = run_job(source, answer, StreamSink(stream, make_writer("jsonl", source)), **options)
    return summary, [json.loads(line) for line in stream.getvalue().split(b"\n") if line]


def test_one_row_out_for_every_row_in_and_only_usable_texts_are_classified():
    asked = []

    def answer(texts):
        asked.extend(texts)
        return classify(texts)

    data = b'{"text": "a"}\n{"text": 1}\n{"text": ""}\n{bad\n{"x": 1}\n{"text": "b"}\n'
    summary, rows = run(read(data, "jsonl"), answer)
    assert asked == ["a", "", "b"]
    assert [row["id"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.get("reason", "").partition(":")[0] for row in rows] == [
        "", "not_text", "empty", "malformed_row", "missing", "",
    ]  # fmt: skip
    reasons = {"not_text": 1, "empty": 1, "malformed_row": 1, "missing": 1}
    assert summary == JobSummary(rows=6, labelled=2, reasons=reasons)


def test_nothing_is_asked_if_nothing_can_be_used():
    summary, _ = run(open_texts([None, 1]), lambda texts: pytest.fail("asked"))
    assert summary.labelled == 0


def test_progress_is_told_after_every_chunk():
    told = []
    run(open_texts(["x"] * 2500), on_progress=told.append)
    assert told == [1024, 2048, 2500]
    told.clear()
    run(open_texts(["x"] * 25), at_once=10, on_progress=told.append)
    assert told == [10, 20, 25]


def test_a_classifier_that_loses_a_document():
    with pytest.raises(ZstextError, match="got 1 predictions for 2 documents"):
        run(open_texts(["a", "b"]), lambda texts: classify(texts)[1:])
