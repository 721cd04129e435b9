"""`zstext fit`: learn from labelled documents of some classes, for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zstext.cli import options as o
from zstext.cli.exits import exit_codes
from zstext.cli.labelled import read_labelled
from zstext.cli.progress import Progress
from zstext.cli.spaces import label_space
from zstext.errors import InputError


def fit(
    train: o.Labelled,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write the model to.")],
    labels: o.Labels = None,
    label: o.Label = None,
    labels_file: o.LabelsFile = None,
    template: o.Template = None,
    multi_label: o.MultiLabel = False,
    known_categories: o.KnownCategories = True,
    semantics: o.SemanticsFiles = None,
    semantic_weight: o.SemanticWeights = None,
    text_column: o.TextColumn = "text",
    label_column: o.LabelColumn = "label",
    input_format: o.AsFormat = None,
    model: o.Model = None,
    device: o.Device = None,
    batch_size: o.BatchSize = 64,
    long: o.LongDocuments = o.Long.MEAN,
    gamma: o.Gamma = None,
    gate: o.Gate = False,
    quiet: o.Quiet = False,
) -> None:
    """Learn a mapping from labelled documents of seen classes; classify into all of them.

    Labels in the data are seen, the others of the label space unseen. Rows without a label help
    too. Without any label option the labels are those of the data.
    """
    from zstext.calibration import SeenPenalty
    from zstext.classifier import ZeroShotClassifier
    from zstext.encoders import load_encoder

    with exit_codes(), Progress(show=not quiet, rows=True) as bar:
        data = read_labelled(
            train, text_column=text_column, label_column=label_column, input_format=input_format
        )
        if not data.names():
            raise InputError(f"no row has a label in {label_column!r}: there is nothing to learn")
        classifier = ZeroShotClassifier(
            label_space(labels, label, labels_file, otherwise=data.names()),
            templates=template,
            multi_label=multi_label,
            known_categories=known_categories,
            semantics=semantics,
            semantic_weights=semantic_weight,
            long=long.value,
            gamma=gamma,
            gate=gate,
        )
        classifier.check()
        bar.status("loading the model")
        classifier.encoder = load_encoder(model, device=device, batch_size=batch_size)
        bar.status(f"learning from {len(data.texts):,} rows")
        classifier.fit(data.texts, data.labels)
        classifier.save(output)
    if not quiet:
        n, seen = len(classifier.labels_), int(classifier.seen_mask_.sum())
        typer.echo(f"model       {output}")
        typer.echo(f"labels      {n}: {seen} seen, {n - seen} unseen")
        typer.echo(f"rows        {len(data.texts)}, {_count(data.labels)} of them labelled")
        step = classifier.calibrator_.seen
        if isinstance(step, SeenPenalty):
            typer.echo(f"gamma       {step.gamma:.4f} taken from the scores of seen classes")


def _count(labels: list[str | None]) -> int:
    return sum(label is not None for label in labels)
