import pytest

from zstext.errors import InputError, OptionError
from zstext.records.formats import check_format, format_of


def test_the_suffix_says_what_a_file_is():
    assert format_of("a/b.CSV", None) == "csv"
    assert format_of("a.ndjson", None) == "jsonl"
    assert format_of("a.csv", "txt") == "txt"


@pytest.mark.parametrize(("path", "suffix"), [("a.md", ".md"), ("README", "missing")])
def test_an_unknown_suffix(path, suffix):
    with pytest.raises(
        InputError, match=rf"suffix is {suffix}, expected one of .txt.*--input-format"
    ):
        format_of(path, None)


def test_an_unknown_format():
    check_format(None)
    with pytest.raises(OptionError, match=r"unknown input format 'jsnl' .did you mean 'jsonl'"):
        check_format("jsnl")
