"""The `zstext` command and its subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from zstext.cli.calibrate import calibrate
from zstext.cli.classify import classify
from zstext.cli.evaluate import evaluate
from zstext.cli.fit import fit
from zstext.cli.models import models
from zstext.version import __version__

app = typer.Typer(
    name="zstext",
    help="Tag documents with categories that nobody has labelled, offline.",
    epilog="Example: zstext classify reviews.csv --text-column body --labels price,service,food",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zstext {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    pass


app.command(
    epilog="Example: printf 'The striker scored\\n' | zstext classify --labels sports,news"
)(classify)
app.command(epilog="Example: zstext fit train.csv --labels-file all.yaml -o my-model")(fit)
app.command(epilog="Example: zstext calibrate my-model held-out.csv --target-precision 0.95")(
    calibrate
)
app.command(epilog="Example: zstext evaluate test.csv --model my-model --report out")(evaluate)
app.command(epilog="Example: zstext models --format jsonl")(models)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 misused, 130 interrupted."""
    app(prog_name="zstext")
