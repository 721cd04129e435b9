"""What a layer in the middle of a network says of a text.

The last layers turn to what a network was trained for: an encoder of sentences forgets whether a
text praises what it is about, and entailment forgets nearly all but its answer. Two thirds of the
way up more kinds of difference are left, which adapting to unlabelled documents can use.

This module imports torch: import it where a model is loaded.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import ModuleList

from zstext.protocols import FloatArray

HEIGHT = 2 / 3
"""Which layer is listened to, as a share of all: the fourth of six; see docs/adaptation.md."""


class MiddleLayer:
    """Listens to a layer of a transformer, and averages it over the tokens of each text.

    Several threads may run the network at a time: each hears what it ran itself.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        Gets a forward hook on that layer, if its layers are where those of its kind are.

    Attributes
    ----------
    size : int
        Length of what is heard of a text; 0 if the layer was not found.
    """

    def __init__(self, network: Any) -> None:
        self._heard = threading.local()
        layers = _layers(network)
        self.size = 0 if layers is None else int(network.config.hidden_size)
        if layers is not None:
            layers[max(1, round(HEIGHT * len(layers))) - 1].register_forward_hook(self._hear)

    def _hear(self, module: Any, inputs: Any, output: Any) -> None:
        self._heard.tokens = output[0] if isinstance(output, tuple) else output

    def means(self, attention_mask: Tensor) -> FloatArray:
        """Return the means of the batch that this thread ran last.

        Parameters
        ----------
        attention_mask : Tensor of shape (n_texts, n_tokens)
            Of that batch; 0 at padding.

        Returns
        -------
        ndarray of shape (n_texts, size), float32
        """
        if not self.size:
            return np.empty((len(attention_mask), 0), dtype=np.float32)
        tokens, real = self._heard.tokens, attention_mask.bool()
        del self._heard.tokens
        if tokens.dim() == 3:  # packed layers leave padding out by themselves
            tokens = tokens[real]
        means = torch.segment_reduce(tokens.float(), "mean", lengths=real.sum(dim=1))
        heard: FloatArray = means.cpu().numpy()
        return heard


def _layers(network: Any) -> ModuleList | None:
    """Return the list of as many layers as the configuration counts; of two, the encoder's."""
    count, size = (getattr(network.config, n, None) for n in ("num_hidden_layers", "hidden_size"))
    if not count or not size:
        return None
    lists = (m for m in network.modules() if isinstance(m, ModuleList) and len(m) == count)
    return next(lists, None)
