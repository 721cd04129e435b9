import sys

import pytest
from click.utils import strip_ansi
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from zstext import OutputError, Prediction
from zstext.cli.table import TableSink, printable
from zstext.records import Record
from zstext.records.journal import Progress

from .processes import on_a_terminal


def table(pairs, *, names=("sports", "politics"), width=60, chunks=1):
    import io

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=True, color_system="truecolor")
    with TableSink(names, console) as sink:
        assert sink.begin() == Progress()
        for _ in range(chunks):
            sink.write(pairs, Progress())
        sink.finish(Progress())
    return out.getvalue()


def row(text, label="sports", score=0.875, reason=None):
    return Record(1, text), Prediction(label, score, reason=reason)


def test_header_once_and_rows_below():
    shown = strip_ansi(table([row("a goal"), row("a vote", "politics", 0.5)], chunks=2))
    lines = [line.split() for line in shown.splitlines()]
    one, two = ["sports", "0.88", "a", "goal"], ["politics", "0.50", "a", "vote"]
    assert lines == [["label", "score", "text"], one, two, one, two]


def test_rows_without_a_label():
    shown = table([row("", None, None, "empty"), row(None, None, None, "malformed_row: \x1b[2J")])
    lines = strip_ansi(shown).splitlines()
    assert lines[1].split() == ["(empty)"]
    assert "(malformed_row" in lines[2]
    assert "\x1b[2J" not in shown


def test_markup_is_text():
    shown = table([row("[red]x[/red] [link=http://a]y", "[bold]z")], names=["[bold]z"])
    assert "[red]x[/red] [link=http://a]y" in shown
    assert "[bold]z" in shown


@given(st.text(max_size=80), st.text(min_size=1, max_size=30))
def test_a_document_takes_one_line_and_no_control_of_the_terminal(text, label):
    plain = table([row("x", "y")], names=[label])
    shown = table([row(text, label)], names=[label])
    assert shown.count("\n") == 2
    assert (
        set(strip_ansi(shown)) & set(map(chr, [*range(10), *range(11, 32), 127, *range(128, 160)]))
        == set()
    )
    assert shown.count("\x1b") == plain.count("\x1b")
    assert all(cell_len(line) <= 60 for line in strip_ansi(shown).splitlines())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\r\nc  d ", "a b c d"),
        ("\x1b[31mred\x1b]0;title\x07", "�[31mred�]0;title�"),
        ("\x9b31m", "�31m"),
        ("x‮dlrow", "x�dlrow"),
        ("x⁦y⁩", "x�y�"),
        ("\ud800", "�"),
        ("naïve 東京 👨‍👩‍👧 مرحبا", "naïve 東京 👨‍👩‍👧 مرحبا"),
    ],
)
def test_printable(text, shown):
    assert printable(text) == shown


def test_two_megabytes_are_cut():
    assert len(printable("x" * 2_000_000)) == 1000


def test_the_label_column_is_as_wide_as_it_must_be():
    wide = "a label of a length that nobody should choose for anything"
    shown = strip_ansi(table([row("text", wide)], names=[wide])).splitlines()
    assert shown[1].startswith(wide[:31] + "…")
    short = strip_ansi(table([row("text", "a")], names=["a", "b"])).splitlines()
    assert short[1].index("0.88") < 22


class Full:
    encoding = "utf-8"

    def write(self, text):
        raise OSError(28, "No space left on device")

    def flush(self):
        pass


def test_a_terminal_that_takes_no_more():
    with pytest.raises(OutputError, match="cannot print the table: No space left on device"):
        TableSink(["a"], Console(file=Full())).write([row("x")], Progress())


def test_a_table_on_a_real_terminal(tmp_path):
    (tmp_path / "in.txt").write_text(
        "The striker \x1b[2J[red]scored\nParliament passed the budget\n\n"
    )
    code, shown = on_a_terminal(
        [
            sys.executable, "-m", "zstext", "classify", str(tmp_path / "in.txt"),
            "--labels", "sports,politics",
        ]
    )  # fmt: skip
    assert code == 0
    assert "\x1b[2J" not in shown
    after_spinner = strip_ansi(shown[shown.index("label") :]).replace("\r", "")
    lines = [line.strip().split(maxsplit=2) for line in after_spinner.splitlines()]
    assert lines[0] == ["label", "score", "text"]
    assert [lines[1][0], lines[1][2]] == ["sports", "The striker �[2J[red]scored"]
    assert [lines[2][0], lines[2][2]] == ["politics", "Parliament passed the budget"]
    assert lines[3] == ["(empty)"]
    assert lines[4] == ["zstext:", "1", "of 3 rows have no label: 1 empty"]
