"""What the commands that adapt say about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zstext.cli.exits import say, warnings_said
from zstext.cli.progress import Progress

if TYPE_CHECKING:
    from zstext.classifier import ZeroShotClassifier


def check_page(page: Path | None) -> None:
    """Raise if a page is wanted that could not be drawn, or not be written, in the end."""
    if page is not None:
        from zstext.report.extra import require_matplotlib
        from zstext.report.place import check_place, page_at

        require_matplotlib()
        check_place(page_at(page).parent)


def adapt(
    classifier: ZeroShotClassifier,
    documents: list[Any],
    y: list[str | None] | None = None,
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
    y : list of (str or None), optional
        Labels of some of them.
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
    with warnings_said(quiet=quiet):
        adapted = classifier.adapt(documents, y)
        bar.stop()
    names = classifier.labels_.names
    texts = _shown(classifier, adapted.documents)
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


def _shown(classifier: ZeroShotClassifier, documents: list[Any]) -> list[str | Path | None]:
    """Return what stands for the documents; an image file is known by a string as well."""
    items = getattr(classifier.scorer_.models.get("encoder"), "items", "texts")
    kind: type[str] | type[Path] = str if items == "texts" else Path
    return [kind(document) if isinstance(document, str) else None for document in documents]
