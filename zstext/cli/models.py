"""`zstext models`: what runs right now, offline."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from zstext.cli import options as o
from zstext.cli.exits import exit_codes
from zstext.errors import OptionError


def models(format: o.OutputFormat = None) -> None:
    """List the models that are on this machine and run without a network."""
    from zstext.nli.catalogue import available

    with exit_codes():
        if format not in (None, o.Format.TABLE, o.Format.JSONL):
            raise OptionError(f"models are listed as table or jsonl, not {format}")
        entries = available()
        if format is o.Format.JSONL or (format is None and not sys.stdout.isatty()):
            for entry in entries:
                typer.echo(json.dumps(asdict(entry), ensure_ascii=False))
            return
        table = Table(box=None, pad_edge=False)
        for column in ("model", "kind", "state", "MB", "directory"):
            table.add_column(column, justify="right" if column == "MB" else "left")
        for entry in entries:
            size = f"{entry.megabytes:.0f}"
            table.add_row(entry.name, entry.kind, entry.state, size, entry.directory)
        console = Console()
        console.print(table)
        console.print(
            "Any other sentence-transformers model, or for images CLIP, SigLIP or a vision "
            "backbone: --model ID_OR_DIR (an id is downloaded); any other entailment model: "
            "--backend nli --model ID_OR_DIR."
        )
