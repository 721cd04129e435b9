"""Bytes to lines of text: byte order marks are obeyed, bytes that are no text are told."""

from __future__ import annotations

import io
from typing import IO, Protocol

from zstext.errors import InputError
from zstext.records.cells import replace_surrogates

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class ByteStream(Protocol):
    """What is read: an open file, standard input, or bytes in memory."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


class Lines:
    """The lines of a stream, their ends kept.

    Attributes
    ----------
    number : int
        The number of the last line, counted from 1.
    damaged : bool
        Set when a line held bytes that are no text (they read as U+FFFD). The reader resets it.

    Parameters
    ----------
    stream : ByteStream
        Is not closed.
    name : str
        Names the stream in errors.
    newline : {"\\n", ""}
        Whether lines end at LF only, or at CR, LF and CRLF.

    Raises
    ------
    InputError
        If UTF-16 or UTF-32 ends inside a character.
    """

    def __init__(self, stream: ByteStream, name: str, *, newline: str) -> None:
        head = _read_head(stream)
        encoding = next((e for mark, e in _BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
        # Both handlers turn what is no text into lone surrogates, which no valid text decodes to.
        errors = "surrogateescape" if encoding.startswith("utf-8") else "surrogatepass"
        raw = io.BufferedReader(_Rewound(head, stream), 1 << 16)
        self._text = io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=newline)
        self._name = name
        self.number = 0
        self.damaged = False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._text)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self._name}: the {error.encoding} text breaks off after line {self.number} "
                f"({error.reason}); save the file again, as UTF-8"
            ) from None
        self.number += 1
        repaired = replace_surrogates(line)
        if repaired is not line and repaired != line:
            self.damaged = True
        return repaired


class _Rewound(io.RawIOBase):
    """A stream whose first bytes were read already. Closing it leaves the stream open."""

    def __init__(self, head: bytes, stream: ByteStream) -> None:
        self._head = head
        # read1 gives what a pipe holds now, where read would wait until the buffer is full.
        self._read = getattr(stream, "read1", stream.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def read_text(stream: IO[bytes], name: str) -> str:
    """Return a whole small file as text.

    Raises
    ------
    InputError
        If it holds bytes that are no text.
    """
    lines = Lines(stream, name, newline="\n")
    text = "".join(lines)
    if lines.damaged:
        raise InputError(f"{name} is not valid UTF-8; save it again, as UTF-8")
    return text


def _read_head(stream: ByteStream) -> bytes:
    head = b""
    while len(head) < 4 and (more := stream.read(4 - len(head))):
        head += more
    return head
