"""What the commands that adapt say about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zstext.cli.exits import say
from zstext.cli.progress import Progress

if TYPE_CHECKING:
    from zstext.classifier import ZeroShotClassifier


def check_page(page: Path | None) -> None:
    """Raise `MissingExtraError` if a page is wanted that could not be drawn in the end."""
    if page is not None:
        from zstext.report.extra import require_matplotlib

        require_matplotlib()


def adapt(
    classifier: ZeroShotClassifier,
    documents: list[Any],
    *,
    bar: Progress,
    explain: bool,
    page: Path | None,
    quiet: bool,
) -> None:
    """Adapt a fitted classifier, and say on stderr what came of it.

    Parameters
    ----------
    classifier : ZeroShotClassifier
    documents : list
        Texts or images.
    bar : Progress
        Stopped before anything is said.
    explain : bool
        Say more: shares, terms, examples.
    page : Path or None
        Where to write an HTML page about it.
    quiet : bool
        Say nothing.
    """
    bar.status(f"adapting to {len(documents):,} rows")
    adapted = classifier.adapt(documents)
    bar.stop()
    names = classifier.labels_.names
    texts = [document if isinstance(document, str) else None for document in adapted.documents]
    if explain and not quiet:
        from zstext.report import explained

        say(explained(adapted.changes, names, texts))
    elif not quiet:
        say(adapted.changes.summary())
    if page is not None:
        from zstext.report import write_adaptation_report

        written = write_adaptation_report(
            adapted.changes, names, page, texts=texts, features=adapted.features
        )
        if not quiet:
            say(f"the report of the adaptation is {written}")
