"""Put the parts of a report in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zstext.evaluation import Evaluation
from zstext.report.html import page
from zstext.report.names import drawable, fonts_for
from zstext.report.pictures import draw_pictures
from zstext.report.style import style
from zstext.report.tables import (
    class_table,
    errors_table,
    pairs_table,
    provenance_table,
    summary_table,
)
from zstext.report.thumbnails import galleries

TITLE = "zstext evaluation"


def build(
    e: Evaluation,
    texts: Sequence[str | None] | None,
    images: Sequence[Any] | None = None,
) -> tuple[str, dict[str, bytes]]:
    """Return the page, and the pictures by name as PNG."""
    families, missing = fonts_for(set("".join(e.labels)))
    with style(families):
        pictures = {p.name: p for p in draw_pictures(e, drawable(e.labels.names, missing))}
    hint = (
        f"No font on this machine has {len(missing)} characters of the class names. Pictures show "
        "a □ for them, or call the class by its number; the tables have the full names."
        if missing
        else None
    )
    parts = (
        summary_table(e),
        hint,
        pictures.get("seen_unseen"),
        pictures.get("confusion_matrix"),
        pairs_table(e),
        pictures.get("classes"),
        class_table(e),
        pictures.get("reliability"),
        pictures.get("risk_coverage"),
        pictures.get("embedding"),
        *(() if images is None else galleries(e, images)),
        errors_table(e, texts),
        provenance_table(e),
    )
    html = page(TITLE, [part for part in parts if part is not None])
    return html, {name: p.png for name, p in pictures.items()}
