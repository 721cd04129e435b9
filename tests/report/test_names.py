import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.report.names import drawable, fonts_for, shorten


def test_a_long_name_loses_its_middle():
    assert shorten("sports", 6) == "sports"
    assert shorten("abcdefghij", 7) == "abc…hij"
    assert shorten("abcdefghij", 6) == "abc…ij"
    assert shorten("one two three", 8) == "one…ree"  # no blank beside the ellipsis


def test_wide_characters_take_two_columns():
    assert shorten("스포츠 뉴스 기사", 9) == "스포…기사"


def test_a_name_is_one_printable_line():
    assert shorten("a\nb\t c\x07d") == "a b c□d"


@given(st.text(min_size=1), st.integers(3, 30))
def test_never_wider_than_allowed(name, width):
    assert len(shorten(name, width)) <= width


def test_characters_that_no_font_has():
    families, missing = fonts_for({"a", "ß", "\n", "\x07", "\U0001fbff", "\U0010fffd"})
    assert families[0] == "DejaVu Sans"
    assert {"\x07", "\U0010fffd"} <= missing <= {"\x07", "\U0010fffd", "\U0001fbff"}


@pytest.mark.parametrize(
    ("names", "missing", "drawn"),
    [
        (["sports", "🎉 party"], {"🎉"}, ["sports", "□ party"]),
        (["スポーツ", "政治"], set("スポーツ政治"), ["class 1", "class 2"]),
        (
            [f"the very same beginning, {n}, and the very same end" for n in "ab"],
            set(),
            ["1: the very sam…ery same end", "2: the very sam…ery same end"],
        ),
    ],
)
def test_names_for_pictures(names, missing, drawn):
    assert drawable(names, missing) == drawn
