"""The page: one file that needs no other, and no network."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from zstext.report.pictures import Picture
from zstext.report.style import DPI
from zstext.report.tables import Table
from zstext.report.thumbnails import Gallery, Thumbnail

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --line: #d5d7dc; --soft: #5b5f6b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8ee; --paper: #17181c; --line: #3a3d46; --soft: #a5a9b6; }
}
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
p, figcaption { color: var(--soft); }
figure { margin: 0; } figcaption { margin-top: .5rem; }
.scroll { overflow: auto; max-height: 60rem; }
@media print { .scroll { overflow: visible; max-height: none; } }
img { display: block; background: #fff; border-radius: 6px; max-width: none; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .9rem .2rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; background: var(--paper); color: var(--soft);
  white-space: nowrap; overflow-wrap: normal; }
.gallery { display: flex; flex-wrap: wrap; gap: 1rem; }
.gallery figure { width: 10rem; font-size: .85rem; overflow-wrap: anywhere; }
.gallery figcaption { margin-top: .25rem; }
.gallery b { color: var(--ink); font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
"""

Part: TypeAlias = Picture | Table | Gallery | str

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(title: str, parts: Iterable[Part]) -> str:
    """Return the HTML of pictures, tables, galleries and paragraphs, in their order."""
    body = "\n".join(_part(p) for p in parts)
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)


def _part(part: Part) -> str:
    if isinstance(part, Picture):
        return _picture(part)
    if isinstance(part, Gallery):
        return _gallery(part)
    return _table(part) if isinstance(part, Table) else f"<p>{escape(part)}</p>"


def _picture(picture: Picture) -> str:
    width, height = (round(n * 96 / DPI) for n in _png_size(picture.png))
    data = base64.b64encode(picture.png).decode()
    return (
        f'<section>\n<h2>{escape(picture.title)}</h2>\n<figure>\n<div class="scroll" tabindex="0">'
        f'<img src="data:image/png;base64,{data}" width="{width}" height="{height}" '
        f'alt="{escape(picture.alt)}"></div>\n'
        f"<figcaption>{escape(picture.note)}</figcaption>\n</figure>\n</section>"
    )


def _gallery(gallery: Gallery) -> str:
    note = f"<p>{escape(gallery.note)}</p>\n" if gallery.note else ""
    figures = "\n".join(map(_thumbnail, gallery.thumbnails))
    return (
        f"<section>\n<h2>{escape(gallery.title)}</h2>\n{note}"
        f'<div class="gallery">\n{figures}\n</div>\n</section>'
    )


def _thumbnail(thumbnail: Thumbnail) -> str:
    first, *rest = map(escape, thumbnail.lines)
    caption = "<br>".join([f"<b>{first}</b>", *rest])
    data = base64.b64encode(thumbnail.jpeg).decode()
    image = (
        f'<img src="data:image/jpeg;base64,{data}" width="{thumbnail.width}" '
        f'height="{thumbnail.height}" alt="{first}">'
        if data
        else ""
    )
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"


def _table(table: Table) -> str:
    numeric = [name.endswith("#") for name in table.columns]
    head = "".join(
        f'<th scope="col"{_class(n)}>{escape(name.removesuffix("#"))}</th>'
        for name, n in zip(table.columns, numeric, strict=True)
    )
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{_class(n)}>{escape(c)}</td>" for c, n in zip(row, numeric, strict=True))
        + "</tr>"
        for row in table.rows
    )
    note = f"<p>{escape(table.note)}</p>\n" if table.note else ""
    return (
        f"<section>\n<h2>{escape(table.title)}</h2>\n{note}"
        f'<div class="scroll" tabindex="0"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n</section>"
    )


def _class(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _png_size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])  # of the header chunk, which comes first
    return width, height
