"""What a layer in the middle of a network says of a text.

The last layers turn to what a network was trained for: an encoder of sentences forgets whether a
text praises what it is about, and entailment forgets nearly all but its answer. Two thirds of the
way up more kinds of difference are left, which adapting to unlabelled documents can use.

This module imports torch: import it where a model is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import ModuleList

from zstext.protocols import FloatArray

Result = TypeVar("Result")

HEARD = (
    "bart",
    "bert",
    "camembert",
    "deberta",
    "deberta-v2",
    "distilbert",
    "electra",
    "gpt2",
    "modernbert",
    "mpnet",
    "qwen2",
    "qwen3",
    "roberta",
    "xlm-roberta",
)
"""Model types whose layers put out the tokens of the batch, text by text. Others may add tokens of
their own, or turn the batch round: they are not listened to."""

HEIGHT = 2 / 3
"""Which layer is listened to, as a share of all: the fourth of six; see docs/adaptation.md."""


class MiddleLayer:
    """Listens to a layer of a transformer, and averages it over the tokens of each text.

    Several threads may run the network at a time: each hears what it ran itself.

    Parameters
    ----------
    network : transformers.PreTrainedModel or None
        Gets a forward hook on that layer, if it is of a kind in `HEARD`.

    Attributes
    ----------
    size : int
        Length of what is heard of a text; 0 if there is no such layer.
    """

    def __init__(self, network: Any | None) -> None:
        self._heard = threading.local()
        layers = None if network is None else _layers(network)
        self.size = 0
        if network is not None and layers is not None:
            self.size = int(network.config.hidden_size)
            layers[round(HEIGHT * len(layers)) - 1].register_forward_hook(self._hear)

    def hear(self, run: Callable[[], Result], attention_mask: Tensor) -> tuple[Result, FloatArray]:
        """Run the network on a batch, and return its result and what the layer said meanwhile.

        Parameters
        ----------
        run : callable
            Runs the network once, in this thread.
        attention_mask : Tensor of shape (n_texts, n_tokens)
            Of the batch; 0 at padding.

        Returns
        -------
        result : what `run` returns
        means : ndarray of shape (n_texts, size), float32
        """
        if not self.size:
            return run(), np.empty((len(attention_mask), 0), dtype=np.float32)
        real = attention_mask != 0  # a copy: some modules change the mask
        self._heard.listening = True
        try:
            result = run()
            return result, _means(self._heard.tokens, real)
        finally:
            self._heard.__dict__.clear()

    def _hear(self, module: Any, inputs: Any, output: Any) -> None:
        if getattr(self._heard, "listening", False):
            self._heard.tokens = output[0] if isinstance(output, tuple) else output


def _means(tokens: Tensor, real: Tensor) -> FloatArray:
    lengths = real.sum(dim=1)
    if tokens.dim() == 3:
        kept = tokens.float().masked_fill(~real[:, :, None], 0.0)
        means = kept.sum(dim=1) / lengths[:, None]
    else:  # packed layers leave padding out, and may have a few rows of no text behind
        means = torch.segment_reduce(tokens[: int(lengths.sum())], "mean", lengths=lengths)
    heard: FloatArray = means.cpu().numpy()
    return heard


def _layers(network: Any) -> ModuleList | None:
    """Return the list of as many layers as the configuration counts; of two, the encoder's.

    None for other kinds of model, and for a single layer: that one is no middle.
    """
    if network.config.model_type not in HEARD or network.config.num_hidden_layers < 2:
        return None
    count = network.config.num_hidden_layers
    lists = (m for m in network.modules() if isinstance(m, ModuleList) and len(m) == count)
    return next(lists, None)
