"""Label names as a picture can show them: on one line, not too long, in glyphs that exist."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from matplotlib import font_manager

ELLIPSIS, MISSING = "…", "□"
_BASE_FONT = "DejaVu Sans"  # comes with matplotlib
_NO_GLYPHS = "Last Resort"  # so does this font: it has a box for every character
_WIDTH = 28


def shorten(name: str, width: int = _WIDTH) -> str:
    """Return `name` on one line and at most `width` columns wide, with the middle left out.

    East Asian wide characters take two columns. What cannot be printed becomes a □.
    """
    line = "".join(c if c.isprintable() else MISSING for c in " ".join(name.split()))
    if sum(map(_columns, line)) <= width:
        return line
    tail = _fitting(reversed(line), (width - 1) // 2)[::-1]
    return _fitting(line, width - 1 - (width - 1) // 2).rstrip() + ELLIPSIS + tail.lstrip()


def fonts_for(characters: set[str]) -> tuple[list[str], set[str]]:
    """Return font families that have the characters, and the characters that no font has.

    Blanks need no font, and what cannot be printed has none. Only what the base font does not have
    is looked for in the other fonts of the machine.
    """
    visible = {c for c in characters if not c.isspace()}
    unprintable = {c for c in visible if not c.isprintable()}
    families, missing = [_BASE_FONT], visible - _glyphs(font_manager.findfont(_BASE_FONT))
    missing -= unprintable
    for entry in sorted(font_manager.fontManager.ttflist, key=lambda f: (f.name, f.fname)):
        if not missing:
            break
        if not entry.name.startswith(_NO_GLYPHS) and missing & (has := _glyphs(entry.fname)):
            families.append(entry.name)
            missing -= has
    return families, missing | unprintable


def drawable(names: Sequence[str], missing: set[str]) -> list[str]:
    """Return names for pictures, all different, in order.

    A name is shortened, with a □ for each character that no font has. Names that are then the same
    get their number in front, counted from 1; a name that is mostly □ is its number.
    """
    table = str.maketrans(dict.fromkeys(missing, MISSING))
    short = [shorten(name).translate(table) for name in names]
    count = Counter(short)
    out = []
    for number, (name, text) in enumerate(zip(names, short, strict=True), start=1):
        if 2 * text.count(MISSING) > len(text.replace(" ", "")):
            text = f"class {number}"
        elif count[text] > 1:
            text = f"{number}: " + shorten(name, _WIDTH - len(f"{number}: ")).translate(table)
        out.append(text)
    return out


def _glyphs(path: str) -> set[str]:
    return {chr(code) for code in font_manager.get_font(path).get_charmap()}


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitting(characters: Iterable[str], width: int) -> str:
    out = ""
    for character in characters:
        width -= _columns(character)
        if width < 0:
            break
        out += character
    return out
