"""The options that commands share, each written once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

LABELS, DOCUMENTS, MODEL, OUTPUT = "Labels", "Documents", "Model", "Output"
ADAPTATION = "Adaptation"


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


class InputFormat(StrEnum):
    """How documents are read."""

    TXT = "txt"
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Long(StrEnum):
    """How a document longer than the model's window is read."""

    MEAN = "mean"
    MAX = "max"
    TRUNCATE = "truncate"


class BackendName(StrEnum):
    """What scores documents and labels."""

    ENCODER = "encoder"
    NLI = "nli"
    CASCADE = "cascade"
    AUTO = "auto"


Inputs: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[INPUT]...",
        help="Files (.txt .csv .tsv .jsonl .parquet), images, folders, globs; - or nothing for "
        "stdin.",
    ),
]
Labelled: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="DATA...",
        help="Tables with documents and labels, folders, globs; a folder of images for each label.",
    ),
]
Training: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DATA]...",
        help="Documents, labelled or not: tables, folders, globs; a folder of images for each "
        "label. None keeps labels, models and settings alone.",
    ),
]
Texts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--text", help="A literal document; repeatable.", rich_help_panel=DOCUMENTS),
]
Dataset: TypeAlias = Annotated[
    str | None,
    typer.Option(help="A Hugging Face dataset: a folder or an id.", rich_help_panel=DOCUMENTS),
]
Split: TypeAlias = Annotated[
    str | None, typer.Option(help="Split of --dataset, such as test.", rich_help_panel=DOCUMENTS)
]
TextColumn: TypeAlias = Annotated[
    str, typer.Option(help="Column that holds the document.", rich_help_panel=DOCUMENTS)
]
ImageColumn: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Column of a table that holds images: paths, or bytes.  [default: image]",
        rich_help_panel=DOCUMENTS,
    ),
]
LabelColumn: TypeAlias = Annotated[
    str, typer.Option(help="Column that holds the label.", rich_help_panel=DOCUMENTS)
]
IdColumn: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Column that names a row; else its number.", rich_help_panel=DOCUMENTS),
]
AsFormat: TypeAlias = Annotated[
    InputFormat | None,
    typer.Option("--input-format", help="Read all input as this.", rich_help_panel=DOCUMENTS),
]
Labels: TypeAlias = Annotated[
    str | None,
    typer.Option("--labels", help="Names, separated by commas.", rich_help_panel=LABELS),
]
Label: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--label", help='A NAME, or "NAME=description"; repeatable.', rich_help_panel=LABELS
    ),
]
LabelsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Labels in .txt, .yaml, .json or .csv.", rich_help_panel=LABELS),
]
Template: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--template",
        help='A sentence with {} for the label, "This text is about {}."; repeatable: averaged.',
        rich_help_panel=LABELS,
    ),
]
SemanticsFiles: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--semantics",
        help="Attributes or word vectors of the classes, .csv or .npz; repeatable.",
        rich_help_panel=LABELS,
    ),
]
SemanticWeights: TypeAlias = Annotated[
    list[float] | None,
    typer.Option(
        "--semantic-weight",
        help="What the names, then each --semantics, count; 0 leaves one out.",
        rich_help_panel=LABELS,
    ),
]
MultiLabel: TypeAlias = Annotated[
    bool,
    typer.Option("--multi-label", help="Score each label by itself.", rich_help_panel=LABELS),
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--model", help="A model folder or hub id; else zstext's own.", rich_help_panel=MODEL
    ),
]
Backend: TypeAlias = Annotated[
    BackendName,
    typer.Option(
        "--backend",
        help="encoder: embeddings; nli: entailment; cascade: both, entailment on a shortlist; "
        "auto: both.",
        rich_help_panel=MODEL,
    ),
]
NliModel: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="The entailment model of cascade and auto: folder or hub id.", rich_help_panel=MODEL
    ),
]
EntailmentId: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="The class that means entailment, if the model does not say.", rich_help_panel=MODEL
    ),
]
Shortlist: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="Labels that entailment looks at in a cascade.  [default: 5; auto: all up to 10]",
        rich_help_panel=MODEL,
    ),
]
Device: TypeAlias = Annotated[
    str | None, typer.Option(help="cpu, cuda, cuda:1, mps; the best.", rich_help_panel=MODEL)
]
BatchSize: TypeAlias = Annotated[
    int,
    typer.Option(min=1, help="Texts in one forward pass, at most.", rich_help_panel=MODEL),
]
LongDocuments: TypeAlias = Annotated[
    Long,
    typer.Option(
        "--long",
        help="A document over the model's window: mean or max of windows, or cut.",
        rich_help_panel=MODEL,
    ),
]
Adapt: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--adapt",
        help="Move the labels to where these very documents lie.",
        rich_help_panel=ADAPTATION,
    ),
]
AdaptOn: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--adapt-on",
        metavar="FILE",
        help="Move them to where these documents lie; repeatable.",
        rich_help_panel=ADAPTATION,
    ),
]
Explain: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--explain", help="Say on stderr what adapting changed.", rich_help_panel=ADAPTATION
    ),
]
ExplainTo: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--explain-to",
        help="Write a page about it, with pictures: an .html file or a folder.",
        rich_help_panel=ADAPTATION,
    ),
]
Gamma: TypeAlias = Annotated[
    float | None,
    typer.Option(
        help="Penalty of the scores of seen classes; by default chosen on hidden classes.",
        rich_help_panel=MODEL,
    ),
]
Gate: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--gate", help="A soft gate between seen and unseen instead.", rich_help_panel=MODEL
    ),
]
TargetPrecision: TypeAlias = Annotated[
    float | None,
    typer.Option(
        help="0..1: give no label below the score from which this share is right.",
        rich_help_panel=OUTPUT,
    ),
]
Threshold: TypeAlias = Annotated[
    float | None,
    typer.Option(help="0..1: no label below this score.", rich_help_panel=OUTPUT),
]
TopK: TypeAlias = Annotated[
    int | None, typer.Option("--top-k", help="List at most K labels.", rich_help_panel=OUTPUT)
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file.", rich_help_panel=OUTPUT),
]
OutputFormat: TypeAlias = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="By default: the suffix of --output; a table on a terminal; jsonl in a pipe.",
        rich_help_panel=OUTPUT,
    ),
]
Resume: TypeAlias = Annotated[
    bool,
    typer.Option("--resume", help="Go on with an unfinished --output.", rich_help_panel=OUTPUT),
]
EscapeFormulas: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--escape-formulas",
        help="csv: a ' before cells that a spreadsheet would run.",
        rich_help_panel=OUTPUT,
    ),
]
Quiet: TypeAlias = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Only errors on stderr.", rich_help_panel=OUTPUT),
]
