"""`zstext fit`: learn from documents, labelled for some of the classes or for none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zstext.cli import options as o
from zstext.cli.adapting import adapt, check_page
from zstext.cli.exits import exit_codes
from zstext.cli.images import image_column_for, model_for
from zstext.cli.labelled import Labelled, read_labelled
from zstext.cli.progress import Progress
from zstext.cli.spaces import label_space
from zstext.errors import InputError, OptionError
from zstext.labels import LabelSpace

if TYPE_CHECKING:
    from zstext.classifier import ZeroShotClassifier

LABEL_COLUMN = "label"


def fit(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write the model to.")],
    train: o.Training = None,
    labels: o.Labels = None,
    label: o.Label = None,
    labels_file: o.LabelsFile = None,
    template: o.Template = None,
    multi_label: o.MultiLabel = False,
    semantics: o.SemanticsFiles = None,
    semantic_weight: o.SemanticWeights = None,
    text_column: o.TextColumn = "text",
    image_column: o.ImageColumn = None,
    label_column: o.LabelColumn = LABEL_COLUMN,
    input_format: o.AsFormat = None,
    backend: o.Backend = o.BackendName.ENCODER,
    model: o.Model = None,
    nli_model: o.NliModel = None,
    entailment_id: o.EntailmentId = None,
    shortlist: o.Shortlist = None,
    device: o.Device = None,
    batch_size: o.BatchSize = 64,
    long: o.LongDocuments = o.Long.MEAN,
    gamma: o.Gamma = None,
    gate: o.Gate = False,
    explain: o.Explain = False,
    explain_to: o.ExplainTo = None,
    quiet: o.Quiet = False,
) -> None:
    """Learn a mapping from labelled documents of seen classes; classify into all of them.

    Labels in the data are seen, the others of the label space unseen. Rows without a label help
    too. Without any label option the labels are those of the data. If no row has a label, adapt to
    where the documents lie; so do the backends nli and cascade, with which labelled rows stay with
    their class and none is seen. Without DATA, keep labels, models and settings, to calibrate them.
    """
    from zstext.backends import check_models, learns, load_models
    from zstext.classifier import ZeroShotClassifier
    from zstext.folder import check_target

    with exit_codes(), Progress(show=not quiet, rows=True) as bar:
        check_target(output)
        image_column = image_column_for(image_column, model, train, backend=backend.value)
        named = label_space(labels, label, labels_file, optional=bool(train))
        data = Labelled([], [])
        if train:
            data = read_labelled(
                train,
                text_column=text_column,
                label_column=label_column,
                image_column=image_column,
                input_format=input_format,
                optional=named is not None and label_column == LABEL_COLUMN,
            )
        classifier = ZeroShotClassifier(
            _labels(named, data, label_column),
            backend=backend.value,
            shortlist=shortlist,
            templates=template,
            multi_label=multi_label,
            semantics=semantics,
            semantic_weights=semantic_weight,
            long=long.value,
            gamma=gamma,
            gate=gate,
        )
        classifier.check()
        model = model_for(model, image_column)
        check_models(classifier.backend, model, nli_model=nli_model, entailment_id=entailment_id)
        learned = bool(data.names()) and learns(classifier.backend)
        adapted = bool(train) and not learned
        explained = explain or explain_to is not None
        _check_use(classifier, learned=learned, adapted=adapted, explained=explained)
        if learned and classifier.backend == "auto":
            _check_encodes(nli_model, entailment_id, shortlist)
            classifier.backend = "encoder"
        check_page(explain_to)
        bar.status("loading the model")
        loading: dict[str, Any] = {"device": device, "batch_size": batch_size}
        classifier.set_params(
            **load_models(
                classifier.backend,
                model,
                nli_model=nli_model,
                entailment_id=entailment_id,
                **loading,
            )
        )
        bar.status(f"learning from {len(data.documents):,} rows")
        if learned:
            classifier.fit(data.documents, data.labels)
        else:
            classifier.fit()
        if adapted:
            adapt(
                classifier,
                data.documents,
                data.labels,
                bar=bar,
                explain=explain,
                page=explain_to,
                quiet=quiet,
            )
        classifier.save(output)
    if not quiet:
        _report(classifier, output, data)


def _labels(named: LabelSpace | None, data: Labelled, column: str) -> LabelSpace:
    """Return the label space: the one that was named, or the labels of the data."""
    if named is not None:
        return named
    if not data.names():
        raise InputError(
            f"no row has a label in {column!r}: there is nothing to learn; to adapt to "
            "documents without labels, name the labels (--labels)"
        )
    return LabelSpace.of(data.names())


def _check_use(
    classifier: ZeroShotClassifier, *, learned: bool, adapted: bool, explained: bool
) -> None:
    """Raise `OptionError` if a classifier can make nothing of the data."""
    from zstext.adapting import check_adaptable
    from zstext.backends import check_unlearned
    from zstext.learning import check_seen_step

    check_seen_step(classifier.gamma, gate=classifier.gate)
    if not learned:
        check_unlearned(classifier.semantics, classifier.semantic_weights)
        if classifier.gamma is not None or classifier.gate:
            raise OptionError(
                "--gamma and --gate are about classes that a mapping was learned of, from labelled "
                "rows, and none is: leave them out"
            )
    if adapted:
        check_adaptable(multi_label=classifier.multi_label)
    elif explained:
        raise OptionError(
            "--explain is about adapting, but there are "
            + ("labelled rows" if learned else "no documents")
        )


def _check_encodes(*options: object) -> None:
    """Raise `OptionError` if what learns, the encoder, would make nothing of these options."""
    if any(option is not None for option in options):
        raise OptionError(
            'with labelled rows backend "auto" learns with the encoder alone: leave --nli-model, '
            "--entailment-id and --shortlist out, or adapt with the backend cascade"
        )


def _report(classifier: ZeroShotClassifier, output: Path, data: Labelled) -> None:
    from zstext.calibration import SeenPenalty

    n, seen = len(classifier.labels_), int(classifier.seen_mask_.sum())
    typer.echo(f"model       {output}")
    typer.echo(f"labels      {n}: {seen} seen, {n - seen} unseen")
    typer.echo(f"rows        {len(data.documents)}, {_count(data.labels)} of them labelled")
    step = classifier.calibrator_.seen
    if isinstance(step, SeenPenalty):
        typer.echo(f"gamma       {step.gamma:.4f} taken from the scores of seen classes")


def _count(labels: list[str | None]) -> int:
    return sum(label is not None for label in labels)
