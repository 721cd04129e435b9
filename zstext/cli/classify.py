"""`zstext classify`: documents and labels in, tags out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zstext.cli import options as o
from zstext.cli.adapting import adapt as adapt_to
from zstext.cli.adapting import check_page
from zstext.cli.classifiers import classifier_for, given, is_saved_classifier
from zstext.cli.exits import exit_codes, say
from zstext.cli.images import image_column_for, model_for
from zstext.cli.progress import EndsWithRows, Progress
from zstext.cli.reading import Reading, check_one_way
from zstext.cli.spaces import label_space
from zstext.cli.table import TableSink
from zstext.decisions import Decision
from zstext.errors import OptionError, did_you_mean
from zstext.records import (
    FileSink,
    JobSummary,
    Sink,
    Source,
    StreamSink,
    check_output,
    make_writer,
    names_stdin,
    run_job,
)

if TYPE_CHECKING:
    from zstext.classifier import ZeroShotClassifier


def classify(
    inputs: o.Inputs = None,
    labels: o.Labels = None,
    label: o.Label = None,
    labels_file: o.LabelsFile = None,
    template: o.Template = None,
    multi_label: o.MultiLabel = False,
    text: o.Texts = None,
    dataset: o.Dataset = None,
    split: o.Split = None,
    text_column: o.TextColumn = "text",
    image_column: o.ImageColumn = None,
    id_column: o.IdColumn = None,
    input_format: o.AsFormat = None,
    backend: o.Backend = o.BackendName.ENCODER,
    model: o.Model = None,
    nli_model: o.NliModel = None,
    entailment_id: o.EntailmentId = None,
    shortlist: o.Shortlist = None,
    device: o.Device = None,
    batch_size: o.BatchSize = 64,
    long: o.LongDocuments = o.Long.MEAN,
    adapt: o.Adapt = False,
    adapt_on: o.AdaptOn = None,
    explain: o.Explain = False,
    explain_to: o.ExplainTo = None,
    threshold: o.Threshold = None,
    top_k: o.TopK = None,
    output: o.Output = None,
    format: o.OutputFormat = None,
    resume: o.Resume = False,
    escape_formulas: o.EscapeFormulas = False,
    quiet: o.Quiet = False,
) -> None:
    """Tag documents: one row out for every row in, best label first."""
    with (
        exit_codes(lambda: _interrupted(output)),
        Progress(show=not quiet, rows=output is not None) as bar,
    ):
        check_one_way(inputs, text, dataset, split)
        image_column = image_column_for(
            image_column, model, [dataset] if dataset else inputs, backend=backend.value
        )
        load = classifier_for(
            label_space(labels, label, labels_file, optional=is_saved_classifier(model)),
            model=model_for(model, image_column),
            device=device,
            batch_size=batch_size,
            threshold=threshold,
            nli_model=nli_model,
            entailment_id=entailment_id,
            quiet=quiet,
            options=given(
                backend=backend.value,
                shortlist=shortlist,
                templates=template,
                multi_label=multi_label,
                long=long.value,
            ),
        )
        Decision(threshold, top_k, multi_label)
        piped = names_stdin(inputs or ["-"]) and not text and dataset is None
        _check_adapting(adapt, adapt_on, explain or explain_to is not None, piped=piped)
        check_page(explain_to)
        reading = Reading(text_column, image_column, id_column, input_format)
        source = reading.open(inputs, text, dataset, split=split)
        others = None if adapt_on is None else replace(reading, id_column=None).open(adapt_on)
        chosen = _format(format, output)
        sink = _sink(chosen, output, source, display=bar, resume=resume, escape=escape_formulas)
        bar.status("loading the model")
        classifier = load()
        if adapt or others is not None:
            documents = source.keep() if others is None else others
            adapt_to(
                classifier,
                [r.document for r in documents if r.reason is None],
                bar=bar,
                explain=explain,
                page=explain_to,
                quiet=quiet,
            )
            bar.status("classifying")
        decided = _decided(classifier, batch_size=batch_size, top_k=top_k)
        summary = run_job(
            source,
            lambda texts: classifier.classify(texts, top_k=top_k),
            sink(decided),
            at_once=classifier.documents_at_once,
            on_progress=bar.advance,
        )
    if not quiet:
        _report(summary, output)


def _decided(
    classifier: ZeroShotClassifier, *, batch_size: int, top_k: int | None
) -> dict[str, Any]:
    """Return everything that the answers depend on, besides the documents."""
    from zstext.persistence import fingerprint

    scorer, labels = classifier.scorer_, classifier.labels_
    return {
        "labels": dict(zip(labels.names, labels.descriptions, strict=True)),
        "models": {role: model.fingerprint for role, model in scorer.models.items()},
        "settings": scorer.settings(),
        "learned": fingerprint(classifier),
        "multi_label": classifier.multi_label,
        "threshold": classifier.threshold,
        "batch_size": batch_size,
        "at_once": classifier.documents_at_once,
        "top_k": top_k,
    }


def _check_adapting(
    adapt: bool, adapt_on: list[str] | None, explained: bool, *, piped: bool
) -> None:
    if adapt and adapt_on:
        raise OptionError("adapt to one thing: these documents (--adapt) or others (--adapt-on)")
    if piped and names_stdin(adapt_on or ()):
        raise OptionError(
            "standard input can be read only once: to adapt to the documents that are classified, "
            "use --adapt"
        )
    if explained and not (adapt or adapt_on):
        raise OptionError("--explain is about adapting: add --adapt or --adapt-on FILE")


def _format(asked: o.Format | None, output: Path | None) -> o.Format:
    if output is None:
        if sys.stdout is None:
            raise OptionError("there is no stdout to write to; name a file with --output")
        return asked or (o.Format.TABLE if sys.stdout.isatty() else o.Format.JSONL)
    if asked is o.Format.TABLE:
        raise OptionError("a table is for the terminal; write --output as jsonl, csv or parquet")
    suffix = output.suffix.removeprefix(".").lower()
    known = [str(f) for f in o.Format if f is not o.Format.TABLE]
    if asked is None and suffix not in known:
        raise OptionError(
            f"cannot tell the format of {output.name!r}{did_you_mean(suffix, known)}: end its "
            "name in .jsonl, .csv or .parquet, or give --format"
        )
    return asked or o.Format(suffix)


def _sink(
    chosen: o.Format,
    output: Path | None,
    source: Source,
    *,
    display: Progress,
    resume: bool,
    escape: bool,
) -> Callable[[Mapping[str, Any]], Sink]:
    """Check the output options; return what makes the sink when the fingerprint is known."""
    if resume and output is None:
        raise OptionError("--resume goes on with a file: name it with --output")
    if output is not None:
        check_output(output, resume=resume)
    if escape and chosen is not o.Format.CSV:
        raise OptionError(f"--escape-formulas is for csv, the output is {chosen}")
    if chosen is o.Format.TABLE:
        return lambda decided: EndsWithRows(TableSink(decided["labels"]), display)
    writer = make_writer(chosen, source, escape_formulas=escape)
    if output is not None:
        return lambda decided: FileSink(output, writer, fingerprint=decided, resume=resume)
    shown = StreamSink(sys.stdout.buffer, writer, name="stdout")
    return lambda _: EndsWithRows(shown, display)


def _interrupted(output: Path | None) -> str:
    if output is None or not (part := Path(f"{output}.part")).exists():
        return "interrupted"
    return f"interrupted; what was done is kept in {part}: go on with --resume"


def _report(summary: JobSummary, output: Path | None) -> None:
    """Say what went where; on a pipe only what a person must know."""
    if output is not None:
        say(f"{summary.rows} rows in {output}")
    unlabelled = summary.rows - summary.labelled
    if unlabelled:
        counts = ", ".join(f"{n} {reason}" for reason, n in sorted(summary.reasons.items()))
        say(f"{unlabelled} of {summary.rows} rows have no label: {counts}")
