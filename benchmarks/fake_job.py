"""A job of zstext.records with a classifier that costs nothing: python fake_job.py INPUT OUTPUT.

`kills` kills it again and again; it goes on with what is there, as `--resume` does.
"""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

from zstext import Prediction
from zstext.records import FileSink, make_writer, open_files, run_job

SECONDS_A_CHUNK = 0.02


def classify(texts: Sequence[str]) -> list[Prediction]:
    """Return answers that depend on the text alone."""
    time.sleep(SECONDS_A_CHUNK)
    scores = [zlib.crc32(text.encode()) / 2**32 for text in texts]
    return [Prediction("a", s, ("a", "b"), (s, 1 - s), windows=1) for s in scores]


def main() -> None:
    documents, output = sys.argv[1:]
    source = open_files([documents], id_column="id")
    writer = make_writer(Path(output).suffix.removeprefix("."), source)
    run_job(source, classify, FileSink(output, writer, fingerprint={"classify": 1}, resume=True))


if __name__ == "__main__":
    main()
