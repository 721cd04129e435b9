"""`zstext calibrate`: make the scores of a saved model honest on labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zstext.cli import options as o
from zstext.cli.exits import exit_codes
from zstext.cli.images import image_column_for
from zstext.cli.labelled import read_labelled
from zstext.cli.progress import Progress

if TYPE_CHECKING:
    from zstext.calibration import Abstention


def calibrate(
    model_dir: Annotated[Path, typer.Argument(help="A model folder that `zstext fit` wrote.")],
    data: o.Labelled,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write to; MODEL_DIR.")
    ] = None,
    target_precision: o.TargetPrecision = None,
    text_column: o.TextColumn = "text",
    image_column: o.ImageColumn = None,
    label_column: o.LabelColumn = "label",
    input_format: o.AsFormat = None,
    device: o.Device = None,
    batch_size: o.BatchSize = 64,
    quiet: o.Quiet = False,
) -> None:
    """Fit the seen penalty, the temperature and, if asked for, the threshold of a model.

    DATA must not be what the model was fitted on. A row without a label belongs to no class.
    """
    from zstext.folder import check_target
    from zstext.persistence import load

    with exit_codes(), Progress(show=not quiet, rows=True) as bar:
        if output is not None:
            check_target(output)
        rows = read_labelled(
            data,
            text_column=text_column,
            label_column=label_column,
            image_column=image_column_for(image_column, str(model_dir), data, saved=True),
            input_format=input_format,
        )
        bar.status("loading the model")
        classifier = load(model_dir, device=device, batch_size=batch_size)
        bar.status(f"calibrating on {len(rows.documents):,} rows")
        classifier.calibrate(rows.documents, rows.labels, target_precision=target_precision)
        classifier.save(output or model_dir)
    if not quiet:
        typer.echo(f"model       {output or model_dir}, calibrated on {len(rows.documents)} rows")
        if (rule := classifier.calibrator_.abstention) is not None:
            _report(rule)


def _report(rule: Abstention) -> None:
    if rule.threshold is None or rule.precision is None:
        typer.echo(f"precision   {rule.target_precision} cannot be reached: every row is left out")
        return
    typer.echo(f"threshold   {rule.threshold:.4f}")
    typer.echo(
        f"precision   {rule.precision:.3f} of the labels given are right, at least "
        f"{rule.lower_bound:.3f} with {rule.confidence_level:.0%} confidence"
    )
    typer.echo(f"coverage    {rule.coverage:.3f} of the rows get a label")
