import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError
from zstext.records.decoding import Lines, read_text


def lines(data, newline="\n"):
    return list(Lines(io.BytesIO(data), "in", newline=newline))


@given(st.text())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_in_any_marked_encoding_comes_back(encoding, text):
    # An unmarked text that begins with a mark, and UTF-16 whose mark looks like that of UTF-32.
    if text.startswith({"utf-8": "\ufeff", "utf-16": "\0"}.get(encoding, "\ud800")):
        return
    assert "".join(lines(text.encode(encoding))) == text


@given(st.binary(max_size=60))
def test_any_bytes_can_be_read_and_are_marked_if_they_are_no_text(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return
    found = Lines(io.BytesIO(data), "in", newline="\n")
    text = "".join(found)
    text.encode()
    try:
        valid = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        assert found.damaged
        assert "\ufffd" in text
    else:
        assert not found.damaged
        assert text == valid


def test_a_lone_surrogate_in_utf16_is_damage():
    found = Lines(io.BytesIO(b"\xff\xfea\x00\x00\xd8\n\x00"), "in", newline="\n")
    assert list(found) == ["a\ufffd\n"]
    assert found.damaged


def test_utf16_that_breaks_off_is_an_error():
    with pytest.raises(InputError, match=r"in: the utf-16.* text breaks off after line 0"):
        lines(b"\xff\xfea\x00b")


def test_lines_of_a_slow_pipe_come_as_they_are_written():
    reader, writer = os.pipe()
    with open(reader, "rb") as stream, open(writer, "wb", buffering=0) as out:
        feeder = threading.Thread(
            target=lambda: [out.write(bytes([b])) for b in b"\xff\xfea\x00\n\x00"]
        )
        feeder.start()
        feeder.join()
        assert next(Lines(stream, "pipe", newline="\n")) == "a\n"


def test_the_stream_stays_open():
    stream = io.BytesIO(b"a\nb\n")
    list(Lines(stream, "in", newline="\n"))
    assert not stream.closed


def test_read_text_refuses_what_is_no_text():
    assert read_text(io.BytesIO(b"\xef\xbb\xbfa\n"), "f") == "a\n"
    with pytest.raises(InputError, match="f is not valid UTF-8"):
        read_text(io.BytesIO(b"\xff"), "f")
