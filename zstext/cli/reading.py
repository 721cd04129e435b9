"""Where the documents of a command come from: files, its own line, a dataset, or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from zstext.cli import options as o
from zstext.errors import OptionError
from zstext.records import Source, open_dataset, open_files, open_images, open_texts


@dataclass(frozen=True, slots=True)
class Reading:
    """Which columns are read, and as what; with an `image_column` the documents are images."""

    text_column: str
    image_column: str | None
    id_column: str | None
    input_format: o.InputFormat | None

    def open(
        self,
        inputs: Sequence[str] | None,
        texts: list[str] | None = None,
        dataset: str | None = None,
        *,
        split: str | None = None,
    ) -> Source:
        """Return the documents, read as they are needed; with none of these, those of a pipe.

        Raises
        ------
        OptionError
            If nothing is given and nothing piped, or texts are given where images are looked at.
        """
        if self.image_column is not None:
            return self._images(inputs, texts, dataset, split, self.image_column)
        if texts:
            return open_texts(texts)
        if dataset is not None:
            return open_dataset(
                dataset, split=split, text_column=self.text_column, id_column=self.id_column
            )
        if not inputs and (sys.stdin is None or sys.stdin.isatty()):
            raise OptionError("no documents: name a file, use --text, or pipe text in")
        return open_files(
            inputs or ["-"],
            text_column=self.text_column,
            id_column=self.id_column,
            input_format=self.input_format,
        )

    def _images(
        self,
        inputs: Sequence[str] | None,
        texts: list[str] | None,
        dataset: str | None,
        split: str | None,
        column: str,
    ) -> Source:
        if texts:
            raise OptionError("--text is a text, but the model looks at images: name files")
        return open_images(
            [dataset] if dataset else inputs or (),
            image_column=column,
            id_column=self.id_column,
            input_format=self.input_format,
            split=split,
        )


def check_one_way(
    inputs: Sequence[str] | None, texts: list[str] | None, dataset: str | None, split: str | None
) -> None:
    """Raise `OptionError` if documents are given in two ways, or a split of no dataset."""
    if sum(map(bool, (inputs, texts, dataset is not None))) > 1:
        raise OptionError("give documents one way: INPUT files, or --text, or --dataset")
    if split is not None and dataset is None:
        raise OptionError("--split names a part of a --dataset")
