"""Any sequence-classification checkpoint for natural language inference, fed in good batches."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zstext.encoders import OWN_ENCODER, models
from zstext.encoders.abreast import abreast, how_many
from zstext.encoders.complete import check_complete
from zstext.encoders.device import move
from zstext.encoders.minilm import minilm_dir
from zstext.encoders.quiet import quiet_libraries
from zstext.encoders.wellformed import well_formed
from zstext.encoders.windows import MAX_WINDOWS, Tokens, Windowed, split
from zstext.errors import ModelError, OptionError
from zstext.nli import compact
from zstext.nli.columns import Columns, class_names, find_columns
from zstext.nli.first_token import compute_first_token_only
from zstext.nli.pairs import PairBatch, PairLayout, pair_batches
from zstext.protocols import BoolArray, Encoded, Entailed, FloatArray, IntArray

if TYPE_CHECKING:
    from zstext.encoders.middle import MiddleLayer

BATCH_SIZE = 64
LONGEST_PAIR = 512
"""Tokens of a pair for models that state no limit; longer premises become windows."""
LEAST_PREMISE = 32
"""Tokens that must be left for the premise beside the longest hypothesis."""


class EntailmentModel:
    """Premises and hypotheses to logits, by a cross-encoder.

    Every premise and every hypothesis is tokenized once, equal pairs are computed once, and pairs
    are batched by length. A premise that does not fit becomes several windows.

    Parameters
    ----------
    model : str, path or None
        A directory or hub id of a Hugging Face sequence-classification checkpoint with two or
        three classes; None is the compact model that comes with zstext.
    device : str or None
        A torch device; None takes the best there is.
    batch_size : int
        Pairs in one forward pass, at most. It does not change the logits.
    entailment_id : int, optional
        The class that means entailment, for a configuration that does not name it.

    Raises
    ------
    ModelError
        If the model cannot be found or loaded, is no entailment model, or does not say which of
        its classes is entailment.
    OptionError
        If `batch_size` is not positive, or there is no such device or class.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
        entailment_id: int | None = None,
    ) -> None:
        if batch_size < 1:
            raise OptionError(f"batch_size must be at least 1, got {batch_size}")
        embedded = model is None or str(model) == compact.NAME
        if str(model) == OWN_ENCODER:
            raise ModelError(
                f"{OWN_ENCODER} is an encoder and says of no text what follows from it; as --model "
                "it is for the backends encoder, cascade and auto"
            )
        self.name = compact.NAME if embedded else models.name_of(model)
        self.batch_size = batch_size
        self.entailment_id = entailment_id
        self._directory = compact.directory() if embedded else models.model_dir(model)
        with quiet_libraries():
            vocabulary = minilm_dir() if embedded else self._directory
            self._tokenizer = _tokenizer(vocabulary, self.name)
            self._model = compact.load() if embedded else _load(self._directory, self.name)
        self._pad = _padding(self._model, self._tokenizer, self.name)
        self._device_asked = device
        self._device = move(self._model, device)
        self._middle = _prepared(self._model)
        self.columns: Columns = find_columns(
            self._model.config.id2label, name=self.name, entailment_id=entailment_id
        )
        self._layout = PairLayout.of(self._tokenizer, self.name)
        tokenizer = self._tokenizer
        self._special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and settings: equal fingerprints give equal logits."""
        return f"{models.fingerprint(self._directory)}:{self.columns.entailment}"

    def entail(
        self,
        items: Sequence[str],
        hypotheses: Sequence[str],
        *,
        asked: BoolArray | None = None,
        whole: bool = True,
    ) -> Entailed:
        """Return the logits of every item with every hypothesis.

        The logits of a pair do not depend on the other pairs, beyond the last bits of float32.

        Parameters
        ----------
        items : sequence of str
            Premises; may be empty. Lone surrogates are read as U+FFFD.
        hypotheses : sequence of str
        asked : ndarray of shape (n_items, n_hypotheses), bool, optional
            Which pairs are wanted; the others are NaN. All by default.
        whole : bool
            False reads the first window of a premise and cuts the rest. True reads it all, up to
            `windows.MAX_WINDOWS` windows.

        Raises
        ------
        OptionError
            If a hypothesis is so long that hardly any premise fits beside it.
        """
        bodies = [tuple(ids) for ids in self._token_ids(hypotheses)]
        windowed = self._windows(items, bodies, MAX_WINDOWS if whole else 1)
        rows = np.repeat(np.arange(len(items)), windowed.counts)
        wanted = np.ones((len(rows), len(bodies)), dtype=np.bool_) if asked is None else asked[rows]
        logits = np.full((*wanted.shape, 2), np.nan, dtype=np.float32)
        places = np.argwhere(wanted)
        # Each different pair once, in an order that depends on the pairs alone.
        premises, premise_of = _ranked(windowed.windows)
        statements, statement_of = _ranked(bodies)
        named = np.stack([premise_of[places[:, 0]], statement_of[places[:, 1]]], axis=1)
        pairs, pair_of = np.unique(named, axis=0, return_inverse=True)
        values = self._forward(self._logits, premises, statements, pairs)
        logits[places[:, 0], places[:, 1]] = values[pair_of.reshape(-1)]
        return Entailed(logits, windowed.counts, windowed.truncated)

    def represent(self, items: Sequence[str], *, whole: bool = True) -> Encoded:
        """Return features of the items by themselves, windows of shape (n_windows, n_hidden).

        Each is the mean of its tokens in a layer in the middle of the network, which reads it as a
        premise without a hypothesis. Of a kind of network that is not listened to there are none:
        n_hidden is 0.

        Parameters
        ----------
        items : sequence of str
        whole : bool
            As in `entail`.
        """
        windowed = self._windows(items, [()], MAX_WINDOWS if whole else 1)
        values = np.empty((len(windowed.windows), self._middle.size), dtype=np.float32)
        if values.size:
            premises, premise_of = _ranked(windowed.windows)
            pairs = np.array([(row, 0) for row in range(len(premises))], dtype=np.intp)
            values = self._forward(self._represented, premises, [()], pairs)[premise_of]
        return Encoded(values, windowed.counts, windowed.truncated)

    def _windows(
        self, items: Sequence[str], hypotheses: Sequence[Tokens], max_windows: int
    ) -> Windowed:
        longest = max((len(h) for h in hypotheses), default=0)
        size = self._longest_pair() - self._layout.extra - longest
        if size < LEAST_PREMISE:
            raise OptionError(
                f"a hypothesis takes {longest} tokens, and a pair of model {self.name!r} holds "
                f"{self._longest_pair()}; no document fits beside it: shorten the label's "
                "description"
            )
        return split(self._token_ids(items), size=size, max_windows=max_windows)

    def _forward(
        self,
        compute: Callable[[PairBatch], FloatArray],
        premises: Sequence[Tokens],
        hypotheses: Sequence[Tokens],
        pairs: IntArray,
    ) -> FloatArray:
        """Return what is computed of every pair, (n_pairs, any)."""
        out: list[FloatArray] = []
        places: list[IntArray] = []
        made = pair_batches(
            premises,
            hypotheses,
            pairs,
            self._layout,
            pad=self._pad,
            max_items=self.batch_size,
            abreast=how_many(self._device),
        )
        for batch, values in abreast(compute, made, device=self._device):
            out.append(values)
            places.append(batch.pairs)
        if not out:
            return np.empty((0, 2), dtype=np.float32)
        return np.concatenate(out)[np.argsort(np.concatenate(places))]

    def _logits(self, batch: PairBatch) -> FloatArray:
        columns = [self.columns.entailment, self.columns.opposite]
        found = self._model(**self._inputs(batch)).logits[:, columns]
        logits: FloatArray = found.float().cpu().numpy()
        return logits

    def _represented(self, batch: PairBatch) -> FloatArray:
        inputs = self._inputs(batch)
        run = partial(self._model.base_model, **inputs)
        return self._middle.hear(run, inputs["attention_mask"])[1]

    def _inputs(self, batch: PairBatch) -> dict[str, Any]:
        import torch

        return {k: torch.from_numpy(v).to(self._device) for k, v in batch.inputs.items()}

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        ids: list[list[int]] = self._tokenizer(
            well_formed(texts),
            add_special_tokens=False,
            return_attention_mask=False,
            verbose=False,
            split_special_tokens=True,
        )["input_ids"]
        # "</s>" in a document must end nothing, not even where it is in the vocabulary
        return [[i for i in text if i not in self._special] for text in ids]

    def _longest_pair(self) -> int:
        config = self._model.config
        limit = int(getattr(config, "max_position_embeddings", 0) or LONGEST_PAIR)
        if config.model_type in ("roberta", "xlm-roberta", "camembert"):
            limit -= config.pad_token_id + 1  # positions are counted from behind the padding
        return min(limit, int(self._tokenizer.model_max_length), LONGEST_PAIR)

    def __sklearn_clone__(self) -> EntailmentModel:
        """Loaded weights are never changed, so a clone of an estimator may share them."""
        return self

    def __reduce__(self) -> tuple[Callable[..., EntailmentModel], tuple[Any, ...]]:
        """Pickle what to load, not the weights: a worker process loads them itself."""
        model = None if self.name == compact.NAME else self.name
        return _rebuild, (model, self._device_asked, self.batch_size, self.entailment_id)


def _rebuild(
    model: str | None, device: str | None, batch_size: int, entailment_id: int | None
) -> EntailmentModel:
    return EntailmentModel(model, device=device, batch_size=batch_size, entailment_id=entailment_id)


def _ranked(texts: Sequence[Tokens]) -> tuple[list[Tokens], IntArray]:
    """Return the different texts in their own order, and the place of each text among them."""
    different = sorted(set(texts))
    place = {text: i for i, text in enumerate(different)}
    return different, np.array([place[text] for text in texts], dtype=np.intp)


def _tokenizer(directory: Path, name: str) -> Any:
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(
            str(directory), local_files_only=True, trust_remote_code=False, use_fast=True
        )
    except Exception as error:  # tokenizers, for one, raise nothing more special
        raise ModelError(f"the tokenizer of model {name!r} cannot be loaded: {error}") from error


def _load(directory: Path, name: str) -> Any:
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification

    try:
        config = AutoConfig.from_pretrained(
            str(directory), local_files_only=True, trust_remote_code=False
        )
        with suppress(KeyError):  # names none; transformers passes over what label2id alone names
            config.id2label = class_names(json.loads((directory / "config.json").read_bytes()))
        if not any("SequenceClassification" in a for a in config.architectures or ()):
            raise ModelError(
                f"model {name!r} is no entailment model: its architecture is "
                f"{config.architectures}, expected one for sequence classification"
            )
        model, found = AutoModelForSequenceClassification.from_pretrained(
            str(directory),
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"model {name!r} cannot be loaded: {error}") from error
    check_complete(set(found["missing_keys"]), name)
    return model.eval()


def _prepared(model: Any) -> MiddleLayer:
    """Leave out what changes no logit: padding, and the last layer beyond what is read of it.

    And listen to the middle layer.
    """
    from zstext.encoders.middle import MiddleLayer
    from zstext.encoders.packed import pack_layers

    if not pack_layers(model, first_token_only=True):
        compute_first_token_only(model)
    return MiddleLayer(model)


def _padding(model: Any, tokenizer: Any, name: str) -> int:
    """Return the token that fills a batch, and tell the model: causal ones read the last other."""
    own = getattr(model.config, "pad_token_id", None)
    pad = tokenizer.pad_token_id if own is None or own < 0 else own
    if pad is None:
        raise ModelError(
            f"model {name!r} names no token that fills up shorter texts of a batch: write a "
            "pad_token_id that stands for none of its words into its config.json"
        )
    model.config.pad_token_id = int(pad)
    return int(pad)
