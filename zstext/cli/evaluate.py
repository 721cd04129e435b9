"""`zstext evaluate`: how good a model is on labelled documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from zstext.cli import options as o
from zstext.cli.classifiers import classifier_for, given, is_saved_classifier
from zstext.cli.exits import exit_codes, say
from zstext.cli.images import image_column_for, model_for
from zstext.cli.labelled import read_labelled
from zstext.cli.progress import Progress
from zstext.cli.spaces import label_space

if TYPE_CHECKING:
    from zstext.evaluation import Evaluation


def evaluate(
    data: o.Labelled,
    backend: o.Backend = o.BackendName.ENCODER,
    model: o.Model = None,
    nli_model: o.NliModel = None,
    entailment_id: o.EntailmentId = None,
    shortlist: o.Shortlist = None,
    labels: o.Labels = None,
    label: o.Label = None,
    labels_file: o.LabelsFile = None,
    template: o.Template = None,
    multi_label: o.MultiLabel = False,
    threshold: o.Threshold = None,
    text_column: o.TextColumn = "text",
    image_column: o.ImageColumn = None,
    label_column: o.LabelColumn = "label",
    input_format: o.AsFormat = None,
    device: o.Device = None,
    batch_size: o.BatchSize = 64,
    long: o.LongDocuments = o.Long.MEAN,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Folder for a page with pictures, and the pictures.")
    ] = None,
    quiet: o.Quiet = False,
) -> None:
    """Measure a model, or the plain classifier, on documents whose labels are known.

    A row without a label belongs to no class. With --multi-label, "a|b" names two labels.
    """
    with exit_codes(), Progress(show=not quiet, rows=True) as bar:
        image_column = image_column_for(image_column, model, data, backend=backend.value)
        model = model_for(model, image_column)
        rows = read_labelled(
            data,
            text_column=text_column,
            label_column=label_column,
            image_column=image_column,
            input_format=input_format,
        )
        if report is not None:
            from zstext.report.extra import require_matplotlib
            from zstext.report.place import check_place

            require_matplotlib()
            check_place(report)
        bar.status("loading the model")
        names = [name for names in rows.sets() for name in names] if multi_label else rows.names()
        saved = is_saved_classifier(model)
        otherwise = () if saved else tuple(dict.fromkeys(names))
        load = classifier_for(
            label_space(labels, label, labels_file, otherwise=otherwise, optional=saved),
            model=model,
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
        classifier = load()
        bar.status(f"classifying {len(rows.documents):,} rows")
        from zstext.assessment import evaluate as measure

        y = rows.sets() if classifier.multi_label else rows.labels
        result = measure(classifier, rows.documents, y, scatter=report is not None)
        _print(result, as_json=as_json)
        if report is not None:
            from zstext.report import write_report

            kind = "texts" if image_column is None else "images"
            page = write_report(result, report, **{kind: rows.documents})
            say(f"the report is {page}")


def _print(result: Evaluation, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("measure", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for name, value, note in result.summary():
        table.add_row(name, value, note)
    Console().print(table)
