import numpy as np
import pandas as pd
import pytest

from zstext import InputError
from zstext.documents import CHUNK, as_documents, check_column, chunks, unusable
from zstext.predictions import Reason


@pytest.mark.parametrize("text", ["a", " a ", "0", "\n.", "😀", np.str_("a"), "\ud800a"])
def test_usable(text):
    assert unusable(text) is None


@pytest.mark.parametrize("text", ["", " ", "\t\n\r", "\x00\x1f", "\u200b", "\u00a0", np.str_("")])
def test_empty(text):
    assert unusable(text) is Reason.EMPTY


@pytest.mark.parametrize("text", [None, np.nan, np.float32("nan"), pd.NA, pd.NaT], ids=repr)
def test_missing(text):
    assert unusable(text) is Reason.MISSING


@pytest.mark.parametrize("text", [0, 1.5, True, b"bytes", ["a"], {}, np.array(["a"])], ids=repr)
def test_not_text(text):
    assert unusable(text) is Reason.NOT_TEXT


@pytest.mark.parametrize(
    "texts",
    [
        ["a", None],
        ("a", None),
        np.array(["a", None], dtype=object),
        pd.Series(["a", None], index=[7, 3], dtype=object),
        pd.Index(["a", None], dtype=object),
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_documents_keep_their_order_and_gaps(texts):
    assert as_documents(texts) == ["a", None]


def test_what_is_used_up_is_read_once():
    read = []
    assert as_documents(read.append(x) or str(x) for x in range(3)) == ["0", "1", "2"]
    assert read == [0, 1, 2]
    assert as_documents({"key": "value"}) == ["key"]
    assert as_documents([]) == []


def test_the_list_is_a_copy():
    texts = ["a"]
    as_documents(texts).append("b")
    assert texts == ["a"]


@pytest.mark.parametrize("texts", ["one text", b"bytes", 3, None, 1.5])
def test_no_list(texts):
    with pytest.raises(InputError, match=r"must be a list of texts, got .*write \[text\] for one"):
        as_documents(texts)


def test_a_long_text_is_not_quoted_whole():
    with pytest.raises(InputError) as caught:
        as_documents("x" * 10_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("texts", "dimensions"),
    [(pd.DataFrame({"text": ["a"]}), 2), (np.array([["a"]]), 2), (np.array("a"), 0)],
)
def test_a_table_is_no_list_of_documents(texts, dimensions):
    for check in (check_column, as_documents):
        with pytest.raises(InputError, match=f"got {dimensions} dim.*choose the column"):
            check(texts)


@pytest.mark.parametrize("n", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_chunks(n):
    parts = list(chunks(range(n)))
    assert [x for part in parts for x in part] == list(range(n))
    assert [len(part) for part in parts] == [CHUNK] * (n // CHUNK) + [n % CHUNK] * bool(n % CHUNK)
