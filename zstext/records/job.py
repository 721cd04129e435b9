"""The loop: documents in, predictions asked for, rows out, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zstext.documents import CHUNK
from zstext.errors import InputError, ZstextError
from zstext.predictions import Prediction
from zstext.records.chunking import chain_digest, chunks
from zstext.records.journal import Progress
from zstext.records.record import Record
from zstext.records.sinks import Sink
from zstext.records.sources import Source

Classify = Callable[[Sequence[Any]], Sequence[Prediction]]


@dataclass(frozen=True, slots=True)
class JobSummary:
    """What became of the rows, those of an earlier, interrupted run included.

    Attributes
    ----------
    rows : int
    labelled : int
        Rows with a label.
    reasons : dict of str to int
        The rows without one, by `Reason`.
    resumed_rows : int
        How many of the rows an earlier run had written.
    """

    rows: int
    labelled: int
    reasons: dict[str, int]
    resumed_rows: int = 0


def run_job(
    source: Source,
    classify: Classify,
    sink: Sink,
    *,
    at_once: int = CHUNK,
    on_progress: Callable[[int], None] | None = None,
) -> JobSummary:
    """Classify every record of `source` and write one row for each, in order.

    However the run ends, the sink keeps what was written; a file can be resumed.

    Parameters
    ----------
    source : Source
    classify : callable
        Takes a list of documents and returns a prediction for each. Rows that cannot be used as
        they are read are not passed on.
    sink : Sink
    at_once : int
        The most records that are classified, written and kept together.
    on_progress : callable, optional
        Called with the number of rows done so far: after each chunk, and at first for the rows of
        an earlier run, if there are any.

    Raises
    ------
    InputError
        If the documents cannot be read, or are not those of the run that is resumed.
    OutputError
        If the rows cannot be written.
    """
    with sink:
        progress = sink.begin()
        resumed_rows = progress.rows
        if on_progress is not None and resumed_rows:
            on_progress(resumed_rows)
        for chunk, digest in () if progress.complete else _not_done(source, progress, at_once):
            predictions = _predict(chunk, classify)
            progress = _advance(progress, digest, predictions)
            sink.write(list(zip(chunk, predictions, strict=True)), progress)
            if on_progress is not None:
                on_progress(progress.rows)
        sink.finish(replace(progress, complete=True))
    return JobSummary(progress.rows, progress.labelled, progress.reasons, resumed_rows)


def _not_done(source: Source, done: Progress, at_once: int) -> Iterator[tuple[list[Record], str]]:
    """Yield the chunks behind those that are done, each with the digest of all records so far."""
    rows, digest = 0, ""
    for chunk in chunks(source, max_rows=at_once):
        digest = chain_digest(digest, chunk)
        rows += len(chunk)
        if rows > done.rows:
            if rows - len(chunk) < done.rows:
                break
            yield chunk, digest
        elif rows == done.rows and digest != done.digest:
            break
    else:
        if rows >= done.rows:
            return
    raise InputError(
        f"cannot --resume: the first {done.rows} documents are not those of the unfinished run; "
        "give the same input, or delete the .part file to start again"
    )


def _predict(chunk: Sequence[Record], classify: Classify) -> list[Prediction]:
    texts = [r.document for r in chunk if r.reason is None and r.document is not None]
    predictions = list(classify(texts)) if texts else []
    if len(predictions) != len(texts):
        raise ZstextError(f"got {len(predictions)} predictions for {len(texts)} documents")
    upcoming = iter(predictions)
    return [next(upcoming) if r.reason is None else Prediction.none(r.reason) for r in chunk]


def _advance(before: Progress, digest: str, predictions: Sequence[Prediction]) -> Progress:
    reasons = dict(before.reasons)
    for prediction in predictions:
        if prediction.label is None:
            reason = str(prediction.reason).partition(":")[0]
            reasons[reason] = reasons.get(reason, 0) + 1
    return Progress(
        rows=before.rows + len(predictions),
        digest=digest,
        labelled=before.labelled + sum(p.label is not None for p in predictions),
        reasons=reasons,
    )
