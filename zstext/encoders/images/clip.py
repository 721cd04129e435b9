"""CLIP and SigLIP: one tower for images and one for texts, which meet in one space."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from zstext.calibration import ScoreScale
from zstext.encoders import models
from zstext.encoders.complete import check_complete
from zstext.encoders.device import move
from zstext.encoders.images.huggingface import load_model
from zstext.encoders.images.preprocessing import of_model
from zstext.encoders.quiet import quiet_libraries
from zstext.encoders.wellformed import well_formed
from zstext.errors import ModelError
from zstext.protocols import Encoded, FloatArray, Role

CLIP_MIDPOINT = 0.23
"""CLIP learned which text fits better, never whether one fits: its cosines have no zero. Published
matching pairs lie around 0.25 to 0.3, others around 0.15 to 0.2. Multi-label scores of CLIP need
`calibrate` before they mean anything."""

_TEXTS = 64  # label texts in one forward pass


class ClipTower:
    """The image half of CLIP or SigLIP; `labels` is the other half.

    Parameters
    ----------
    model : str or path
        A directory or hub id.
    device : str or None

    Raises
    ------
    ModelError
        If the model cannot be found or loaded, or has not both halves.

    References
    ----------
    Radford et al., "Learning transferable visual models from natural language supervision", ICML
    2021.
    Zhai et al., "Sigmoid loss for language image pre-training", ICCV 2023.
    """

    def __init__(self, model: str | os.PathLike[str], device: str | None = None) -> None:
        self.name = models.name_of(model)
        self._directory = models.model_dir(model)
        self.preprocess = of_model(self._directory, self.name)
        self._model, missing = load_model(self._directory, self.name)
        check_complete(missing, self.name)
        if not has_both_towers(self._model):
            raise ModelError(f"model {self.name!r} has no text tower beside its image tower")
        self._device = move(self._model, device)

    @cached_property
    def n_features(self) -> int:
        """Length of the vectors of images and texts."""
        return self.labels.n_features

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the weights and settings."""
        return models.fingerprint(self._directory)

    @cached_property
    def labels(self) -> ClipTexts:
        """The text half."""
        return ClipTexts(self._model, self._device, self._directory, self.name, self.fingerprint)

    @property
    def scale(self) -> ScoreScale:
        """The temperature that the model was trained with.

        ``logits = exp(t) cos(x, s) + b``. CLIP's softmax has no b; SigLIP's sigmoid is that of the
        multi-label scores.
        """
        temperature = math.exp(-self._model.logit_scale.item())
        bias = getattr(self._model, "logit_bias", None)
        midpoint = CLIP_MIDPOINT if bias is None else -bias.item() * temperature
        return ScoreScale(temperature, midpoint, multi_temperature=temperature)

    def features(self, pixels: FloatArray) -> FloatArray:
        """Return vectors of shape (n_items, n_features), float32."""
        import torch

        with torch.inference_mode():
            output = self._model.get_image_features(torch.from_numpy(pixels).to(self._device))
            return _vectors(output)


class ClipTexts:
    """The text half of CLIP or SigLIP, as an encoder of label names.

    Parameters
    ----------
    model : transformers.PreTrainedModel
    device : torch.device
    directory : Path
        Of the tokenizer.
    name, fingerprint : str
    """

    def __init__(
        self, model: Any, device: Any, directory: Path, name: str, fingerprint: str
    ) -> None:
        self.name, self.fingerprint = name, fingerprint
        self._model, self._device = model, device
        self._size = int(model.config.text_config.max_position_embeddings)
        # SigLIP learned on texts filled up to full length; its text tower looks at the last place.
        self._padding = "max_length" if hasattr(model, "logit_bias") else False
        with quiet_libraries():
            from transformers import AutoTokenizer

            try:
                self._tokenizer = AutoTokenizer.from_pretrained(
                    str(directory), local_files_only=True, trust_remote_code=False
                )
            except Exception as error:  # the library raises nothing more special
                raise ModelError(f"model {name!r} has no usable tokenizer: {error}") from error

    def encode(self, items: Sequence[str], *, role: Role = "label", whole: bool = True) -> Encoded:
        """Return unit-length vectors of texts, one window each; what does not fit is cut.

        Only texts of one length share a batch, so that no vector depends on the padding that
        another text makes necessary.

        Parameters
        ----------
        items : sequence of str
            Lone surrogates are read as U+FFFD.
        role : {"document", "label"}
            The model does not tell them apart.
        whole : bool
            There is one window in any case.
        """
        items = well_formed(items)
        tokens = [self._tokens(text) for text in items]
        windows = np.zeros((len(items), self.n_features), dtype=np.float32)
        lengths = [len(t["input_ids"]) for t in tokens]
        for length in sorted(set(lengths)):
            rows = [i for i, n in enumerate(lengths) if n == length]
            for start in range(0, len(rows), _TEXTS):
                batch = rows[start : start + _TEXTS]
                windows[batch] = self._vectors([tokens[i] for i in batch])
        n = len(items)
        return Encoded(
            windows / np.maximum(np.linalg.norm(windows, axis=1, keepdims=True), 1e-12),
            np.ones(n, dtype=np.intp),
            np.array([self._is_cut(text) for text in items], dtype=np.bool_),
        )

    @cached_property
    def n_features(self) -> int:
        """Length of a vector."""
        return int(self._vectors([self._tokens("a")]).shape[1])

    def _tokens(self, text: str) -> dict[str, list[int]]:
        """Return what the tokenizer gives: with a mask or, as of SigLIP, without."""
        return dict(
            self._tokenizer(
                text, padding=self._padding, truncation=True, max_length=self._size, verbose=False
            )
        )

    def _is_cut(self, text: str) -> bool:
        return len(self._tokenizer(text, verbose=False)["input_ids"]) > self._size

    def _vectors(self, tokens: list[dict[str, list[int]]]) -> FloatArray:
        import torch

        names = [n for n in ("input_ids", "attention_mask") if n in tokens[0]]
        with torch.inference_mode():
            batch = {n: torch.tensor([t[n] for t in tokens], device=self._device) for n in names}
            return _vectors(self._model.get_text_features(**batch))


def has_both_towers(model: Any) -> bool:
    """Return whether a model embeds images and texts in one space."""
    return all(
        hasattr(model, part) for part in ("get_image_features", "get_text_features", "logit_scale")
    )


def _vectors(output: Any) -> FloatArray:
    """Return what transformers 4 gives as a tensor and transformers 5 as a named output."""
    tensor = getattr(output, "pooler_output", output)
    vectors: FloatArray = tensor.float().cpu().numpy()
    return vectors
