"""Sentence encoder: any sentence-transformers model, fed with windows in well-filled batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zstext.encoders import models, own
from zstext.encoders.abreast import abreast, how_many
from zstext.encoders.device import move
from zstext.encoders.minilm import NAME as MINILM
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.quiet import quiet_libraries
from zstext.encoders.wellformed import well_formed
from zstext.encoders.windows import MAX_WINDOWS, Tokens, Windowed, batches, split
from zstext.errors import ModelError, OptionError
from zstext.protocols import Encoded, FloatArray, Role

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from zstext.encoders.middle import MiddleLayer

BATCH_SIZE = 64
LONGEST_WINDOW = 8192
"""Tokens of a window for models that state no limit: attention costs the square of it."""
_PROMPTS_OF_ROLE: dict[Role, tuple[str, ...]] = {
    "label": ("query",),
    "document": ("document", "passage", "corpus"),
}


@dataclass(frozen=True, slots=True)
class _Prompt:
    """The prefix of a model for documents or for labels; `ids` without a blank at its end."""

    text: str
    ids: Tokens


class SentenceEncoder:
    """Texts to unit vectors, by a sentence-transformers model.

    Pooling, normalisation, window length and the prefixes of documents and labels come from the
    model's own configuration. A text longer than the window becomes several windows.

    Parameters
    ----------
    model : str, path or None
        A directory or hub id, or "all-MiniLM-L6-v2"; None is "zstext-encoder", which we made of it.
    device : str or None
        A torch device such as ``"cpu"`` or ``"cuda:0"``; None takes the best there is.
    batch_size : int
        Texts (windows) in one forward pass, at most. It does not change the features.

    Raises
    ------
    ModelError
        If the model cannot be found or loaded.
    OptionError
        If `batch_size` is not positive, or there is no such device.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        if batch_size < 1:
            raise OptionError(f"batch_size must be at least 1, got {batch_size}")
        self.name = models.name_of(model)
        self.batch_size = batch_size
        self._directory = models.model_dir(model)
        self._model = _load(self._directory, self.name)
        self._device_asked = device
        self._device = move(self._model, device)
        self._middle = _prepared(self._model)
        self._tokenizer = self._model.tokenizer
        self._before, self._after = _special_tokens(self._tokenizer, self.name)
        self._prompts = {role: self._prompt(role) for role in _PROMPTS_OF_ROLE}

    @property
    def n_features(self) -> int:
        """Length of a feature vector."""
        return int(self._model.get_embedding_dimension())

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and settings: equal fingerprints give equal features."""
        return models.fingerprint(self._directory)

    def encode(
        self, items: Sequence[str], *, role: Role = "document", whole: bool = True
    ) -> Encoded:
        """Return unit-length features of `items`, one or more windows each.

        Equal windows are encoded once. The features of a text do not depend on its neighbours,
        beyond the last bits of float32.

        Parameters
        ----------
        items : sequence of str
            May be empty. Lone surrogates, which no tokenizer takes, are read as U+FFFD.
        role : {"document", "label"}
            Which of the model's prefixes to use, if it has any.
        whole : bool
            False reads the first window of a text and cuts the rest. True reads it all, up to
            `windows.MAX_WINDOWS` windows.
        """
        windowed = self._windows(items, self._prompts[role], MAX_WINDOWS if whole else 1)
        # Sorted by length, then by content: batches do not depend on the order of the texts.
        unique = sorted(set(windowed.windows), key=lambda w: (len(w), w))
        sequences = [self._before + window + self._after for window in unique]
        vectors, middle = self._vectors(sequences, self._prompts[role])
        row_of = {window: row for row, window in enumerate(unique)}
        rows = np.array([row_of[w] for w in windowed.windows], dtype=np.intp)
        middle = None if middle is None else middle[rows]
        return Encoded(vectors[rows], windowed.counts, windowed.truncated, middle=middle)

    def _windows(self, texts: Sequence[str], prompt: _Prompt, max_windows: int) -> Windowed:
        """Return the windows of `texts`, the prompt at the head of each.

        Prompt and text are tokenized together: some tokenizers join what meets there.
        """
        together = self._token_ids([prompt.text + text for text in texts])
        heads = [_shared(prompt.ids, ids) for ids in together]
        bodies = [ids[head:] for ids, head in zip(together, heads, strict=True)]
        size = self._window_size() - len(prompt.ids)
        windowed = split(bodies, size=size, max_windows=max_windows)
        head_of = np.repeat(np.array(heads, dtype=np.intp), windowed.counts)
        windows = [prompt.ids[:n] + w for n, w in zip(head_of, windowed.windows, strict=True)]
        return Windowed(windows, windowed.counts, windowed.truncated)

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        ids: list[list[int]] = self._tokenizer(
            well_formed(texts),
            add_special_tokens=False,
            return_attention_mask=False,
            verbose=False,
        )["input_ids"]
        return ids

    def _vectors(
        self, sequences: list[Tokens], prompt: _Prompt
    ) -> tuple[FloatArray, FloatArray | None]:
        """Return unit vectors, and what the middle layer says if it is known."""
        out = np.empty((len(sequences), self.n_features), dtype=np.float32)
        middle = np.empty((len(sequences), self._middle.size), dtype=np.float32)
        lengths, lanes = [len(s) for s in sequences], how_many(self._device)
        made = batches(lengths, max_items=self.batch_size, abreast=lanes)
        forward = partial(self._forward, sequences, prompt)
        for batch, (vectors, heard) in abreast(forward, made, device=self._device):
            out[batch], middle[batch] = vectors, heard
        unit: FloatArray = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
        return unit, middle if self._middle.size else None

    def _forward(
        self, sequences: list[Tokens], prompt: _Prompt, batch: slice
    ) -> tuple[FloatArray, FloatArray]:
        padded = self._tokenizer.pad(
            {"input_ids": [list(s) for s in sequences[batch]]}, return_tensors="pt"
        )
        features: dict[str, Any] = {n: t.to(self._device) for n, t in padded.items()}
        if prompt.ids:  # for models that leave the prompt out of their pooling
            features["prompt_length"] = len(self._before) + len(prompt.ids)
        out, heard = self._middle.hear(lambda: self._model(features), features["attention_mask"])
        embedding: FloatArray = out["sentence_embedding"].float().cpu().numpy()
        return embedding, heard

    def _window_size(self) -> int:
        limit = min(int(self._model.max_seq_length), LONGEST_WINDOW)
        return limit - len(self._before) - len(self._after)

    def _prompt(self, role: Role) -> _Prompt:
        """Return the prefix of a role; the default one if the model does not tell roles apart."""
        prompts: dict[str, str] = self._model.prompts
        if any(prompts.get(key) for keys in _PROMPTS_OF_ROLE.values() for key in keys):
            text = next(filter(None, map(prompts.get, _PROMPTS_OF_ROLE[role])), "")
        else:
            text = prompts.get(self._model.default_prompt_name or "", "")
        ids = tuple(self._token_ids([text.rstrip()])[0])  # a blank may belong to the next token
        if len(ids) >= self._window_size():
            raise ModelError(
                f"the {role} prompt of model {self.name!r} takes {len(ids)} tokens, and its window "
                f"holds {self._window_size()}; no text fits beside it"
            )
        return _Prompt(text, ids)

    def __sklearn_clone__(self) -> SentenceEncoder:
        """Loaded weights are never changed, so a clone of an estimator may share them."""
        return self

    def __reduce__(self) -> tuple[Callable[..., SentenceEncoder], tuple[Any, ...]]:
        """Pickle what to load, not the weights: a worker process loads them itself."""
        return _rebuild, (self.name, self._device_asked, self.batch_size)


def _shared(prompt: Tokens, ids: Sequence[int]) -> int:
    """Return how many tokens of `prompt` are at the head of `ids`."""
    differ = (i for i, (a, b) in enumerate(zip(prompt, ids, strict=False)) if a != b)
    return next(differ, min(len(prompt), len(ids)))


def _rebuild(model: str, device: str | None, batch_size: int) -> SentenceEncoder:
    return SentenceEncoder(model, device=device, batch_size=batch_size)


def _load(directory: Path, name: str) -> SentenceTransformer:
    if name == own.NAME:
        model = _load(minilm_dir(), MINILM)
        own.put_into(model)
        return model
    with quiet_libraries():
        from sentence_transformers import SentenceTransformer
        from transformers import PreTrainedTokenizerBase

        try:
            model = SentenceTransformer(
                str(directory),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # tokenizers, for one, raise nothing more special
            raise ModelError(f"model {name!r} cannot be loaded: {error}") from error
    if not isinstance(model.tokenizer, PreTrainedTokenizerBase):
        raise ModelError(
            f"model {name!r} is not a transformer encoder: it has no tokenizer of that kind"
        )
    return model


def _prepared(model: SentenceTransformer) -> MiddleLayer:
    """Leave out what changes no feature, the padding of a batch, and listen to the middle layer.

    Of several networks, one for queries perhaps, none is listened to.
    """
    from transformers import PreTrainedModel

    from zstext.encoders.middle import MiddleLayer
    from zstext.encoders.packed import pack_layers

    networks = [m for m in model.modules() if isinstance(m, PreTrainedModel)]
    for network in networks:
        pack_layers(network)
    inner = {id(part) for network in networks for part in network.modules() if part is not network}
    whole = [network for network in networks if id(network) not in inner]
    return MiddleLayer(whole[0] if len(whole) == 1 else None)


def _special_tokens(tokenizer: Any, name: str) -> tuple[Tokens, Tokens]:
    """Return the special tokens that a tokenizer puts before and after a text."""
    bare = tokenizer("a", add_special_tokens=False)["input_ids"]
    full = tokenizer("a")["input_ids"]
    for start in range(len(full) - len(bare) + 1):
        if full[start : start + len(bare)] == bare:
            return tuple(full[:start]), tuple(full[start + len(bare) :])
    raise ModelError(f"model {name!r} has a tokenizer that changes a text between special tokens")
