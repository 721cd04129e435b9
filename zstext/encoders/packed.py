"""The layers of BERT without padding: the numbers of transformers, in less time on a CPU.

The tokens of a batch lie behind each other, so that nothing is computed for padding. One product
gives queries, keys and values. The widest layer, which is read again as soon as it is written,
takes a few hundred tokens at a time, which stay in the processor's cache. And where a classifier
reads the first token alone, the last layer computes no other.

This module imports torch: import it where a model is loaded.
"""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import layer_norm, scaled_dot_product_attention
from transformers.modeling_outputs import BaseModelOutputWithPastAndCrossAttentions

PACKED = ("bert", "roberta", "xlm-roberta", "camembert")
"""Model types that have these layers; others keep their own."""

TILE = 512
"""Tokens that the widest layer takes at a time."""


def pack_layers(model: Any, *, first_token_only: bool = False) -> bool:
    """Give a model layers without padding, and say whether it is of a kind that can have them.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        Changed in place if it is a BERT with weights in float32 on a CPU.
    first_token_only : bool
        Nothing is read of the last layer but the first token. Then it returns no other.
    """
    base = model.base_model
    if not _has_such_layers(base):
        return False
    base.encoder = PackedLayers(base.encoder, base.config, first_token_only=first_token_only)
    return True


def _has_such_layers(base: Any) -> bool:
    config = base.config
    if config.model_type not in PACKED or config.is_decoder:
        return False
    weight = next(base.encoder.parameters())
    return (
        all(type(p) is torch.nn.Linear for layer in base.encoder.layer for p in _products(layer))
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.chunk_size_feed_forward
        and weight.dtype == torch.float32
        and weight.device.type == "cpu"
    )


def _products(layer: Any) -> tuple[Any, ...]:
    """Return queries, keys, values, output, and both feed-forward ones; an adapter is another."""
    own, out = layer.attention.self, layer.attention.output.dense
    return own.query, own.key, own.value, out, layer.intermediate.dense, layer.output.dense


class PackedLayers(torch.nn.Module):
    """Stands in for the encoder of a BERT: hidden states in, those of the last layer out."""

    def __init__(self, encoder: Any, config: Any, *, first_token_only: bool) -> None:
        super().__init__()
        self._layers = [_Layer(layer, config) for layer in encoder.layer]
        self._first_token_only = first_token_only

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> BaseModelOutputWithPastAndCrossAttentions:
        """Return hidden states of the shape given, 0 at padding; or of the first tokens alone.

        Parameters
        ----------
        hidden_states : Tensor of shape (n_texts, n_tokens, n_features), float32
        attention_mask : Tensor of shape (n_texts, 1, any, n_tokens), optional
            True, or 0 if it is not of booleans, where a token is none of padding.
        """
        n_texts, n_tokens, n_features = hidden_states.shape
        real = torch.ones(n_texts, n_tokens, dtype=torch.bool)
        if attention_mask is not None:
            mask = attention_mask[:, 0, 0, :]
            real = (mask if mask.dtype == torch.bool else mask == 0).expand_as(real)
        x, texts = hidden_states[real], _Texts(real.sum(dim=1).tolist())
        *layers, last = self._layers
        for layer in layers:
            x = layer(x, texts)
        if self._first_token_only:
            out = last.first_tokens(x, texts)[:, None]
        else:
            out = hidden_states.new_zeros(n_texts, n_tokens, n_features)
            out[real] = last(x, texts)
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=out)


class _Texts:
    """Where the texts of a batch lie among its tokens.

    Attributes
    ----------
    starts : list of int
        The first token of each.
    equal : list of tuple of int
        Runs of texts of the same length: how many, and how long each is.
    """

    def __init__(self, lengths: list[int]) -> None:
        self.starts = [0, *accumulate(lengths)][:-1]
        self.equal = [(len(list(run)), length) for length, run in groupby(lengths)]


class _Layer:
    """One layer, in the words of "Attention is all you need" (Vaswani et al. 2017)."""

    def __init__(self, layer: Any, config: Any) -> None:
        *parts, self._out, self._wide, self._narrow = _products(layer)
        self._qkv = torch.cat([part.weight.detach() for part in parts]).t()
        self._qkv_bias = torch.cat([part.bias.detach() for part in parts])
        self._heads = config.num_attention_heads
        self._out_norm, self._norm = layer.attention.output.LayerNorm, layer.output.LayerNorm

    def __call__(self, x: Tensor, texts: _Texts) -> Tensor:
        """Return the tokens after this layer, (n_tokens, n_features)."""
        qkv = torch.addmm(self._qkv_bias, x, self._qkv).view(len(x), 3, self._heads, -1)
        start, attended = 0, []
        for count, length in texts.equal:
            end = start + count * length
            q, k, v = qkv[start:end].view(count, length, *qkv.shape[1:]).permute(2, 0, 3, 1, 4)
            attended.append(_attention(q, k, v))
            start = end
        return self._after_attention(x, torch.cat(attended))

    def first_tokens(self, x: Tensor, texts: _Texts) -> Tensor:
        """Return the first token of every text after this layer, (n_texts, n_features)."""
        d = x.shape[1]
        first = x[texts.starts]
        queries = torch.addmm(self._qkv_bias[:d], first, self._qkv[:, :d])
        queries = queries.view(len(first), 1, self._heads, -1).transpose(1, 2)
        kv = torch.addmm(self._qkv_bias[d:], x, self._qkv[:, d:]).view(len(x), 2, self._heads, -1)
        start, text, attended = 0, 0, []
        for count, length in texts.equal:
            end = start + count * length
            k, v = kv[start:end].view(count, length, *kv.shape[1:]).permute(2, 0, 3, 1, 4)
            attended.append(_attention(queries[text : text + count], k, v))
            start, text = end, text + count
        return self._after_attention(first, torch.cat(attended))

    def _after_attention(self, x: Tensor, attended: Tensor) -> Tensor:
        x = _normed(self._out_norm, _linear(self._out, attended).add_(x))
        out = torch.empty_like(x)
        wide = x.new_empty(min(TILE, len(x)), len(self._wide.bias))
        for start in range(0, len(x), TILE):
            tile = slice(start, start + TILE)
            hidden = _linear(self._wide, x[tile], out=wide[: len(x[tile])])
            _linear(self._narrow, torch.ops.aten.gelu_(hidden), out=out[tile])
        return _normed(self._norm, out.add_(x))


def _attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return what texts of equal length attend to: (n_texts, n_heads, n, d) to (n_texts n, ...)."""
    count, heads, length, size = q.shape
    out = scaled_dot_product_attention(q, k, v)
    return out.transpose(1, 2).reshape(count * length, heads * size)


def _linear(layer: Any, x: Tensor, out: Tensor | None = None) -> Tensor:
    return torch.addmm(layer.bias, x, layer.weight.t(), out=out)


def _normed(norm: Any, x: Tensor) -> Tensor:
    return layer_norm(x, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
