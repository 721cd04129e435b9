"""The layers of BERT without padding: the numbers of transformers, in less time on a CPU.

The tokens of a batch lie behind each other, with a few rows of filler at the end instead of padding
behind each text. One product gives queries, keys and values, and where a classifier reads the first
token alone, the last layer computes no other.

This module imports torch: import it where a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, groupby
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import layer_norm, scaled_dot_product_attention
from transformers.modeling_outputs import BaseModelOutputWithPastAndCrossAttentions

from zstext.encoders.products import PlainProduct, fastest, few_sizes, plain

PACKED = ("bert", "roberta", "xlm-roberta", "camembert")
"""Model types that have these layers; others keep their own."""


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
        *layers, last = encoder.layer
        kind = _FirstTokenLayer if first_token_only else _Layer
        self.layer = torch.nn.ModuleList(
            [*(_Layer(layer, config) for layer in layers), kind(last, config)]
        )
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
        tokens, texts = hidden_states[real], _Texts(real.sum(dim=1).tolist())
        x = tokens.new_zeros(len(tokens) + texts.filler, n_features)
        x[: len(tokens)] = tokens
        for layer in self.layer:
            x = layer(x, texts)
        if self._first_token_only:
            out = x[:, None]
        else:
            out = hidden_states.new_zeros(n_texts, n_tokens, n_features)
            out[real] = x[: len(tokens)]
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=out)


class _Texts:
    """Where the texts of a batch lie among its tokens.

    Attributes
    ----------
    starts : list of int
        The first token of each.
    equal : list of tuple of int
        Runs of texts of the same length: how many, and how long each is.
    filler : int
        Rows behind the last text that belong to none, so that there are `few_sizes`.
    """

    def __init__(self, lengths: list[int]) -> None:
        *self.starts, end = [0, *accumulate(lengths)]
        self.equal = [(len(list(run)), length) for length, run in groupby(lengths)]
        self.filler = few_sizes(end) - end


class _Layer(torch.nn.Module):
    """One layer, in the words of "Attention is all you need" (Vaswani et al. 2017)."""

    def __init__(self, layer: Any, config: Any) -> None:
        super().__init__()
        query, key, value, *_ = _products(layer)
        self._qkv, self._heads = fastest(query, key, value), config.num_attention_heads
        self._rest = _AfterAttention(layer, fastest)

    def forward(self, x: Tensor, texts: _Texts) -> Tensor:
        """Return the tokens after this layer, (n_tokens, n_features)."""
        qkv = self._qkv(x).view(len(x), 3, self._heads, -1)
        start, attended = 0, []
        for count, length in texts.equal:
            end = start + count * length
            q, k, v = qkv[start:end].view(count, length, *qkv.shape[1:]).permute(2, 0, 3, 1, 4)
            attended.append(_attention(q, k, v))
            start = end
        attended.append(x.new_zeros(texts.filler, x.shape[1]))
        return self._rest(x, torch.cat(attended))


class _FirstTokenLayer(torch.nn.Module):
    """A layer that computes the first token of every text alone, and no keys and values for it.

    A head compares a query with `Wk x + bk` of every token x, and sums up `Wv x + bv`. With one
    query that is less work in another order: the query times Wk is compared with x itself, bk adds
    the same to all and changes no softmax, and Wv is applied to the sum of the x.
    """

    def __init__(self, layer: Any, config: Any) -> None:
        super().__init__()
        query, key, value, *_ = _products(layer)
        self._heads, size = config.num_attention_heads, key.weight.shape[1]
        self._query = plain(query)
        self._key = key.weight.detach().view(self._heads, -1, size)
        self._value = value.weight.detach().view(self._heads, -1, size).transpose(1, 2)
        self._value_bias = value.bias.detach()
        self._rest = _AfterAttention(layer, plain)

    def forward(self, x: Tensor, texts: _Texts) -> Tensor:
        """Return the first tokens after this layer, (n_texts, n_features)."""
        first = x[texts.starts]
        queries = self._query(first).view(len(first), self._heads, -1)
        scale = queries.shape[2] ** -0.5
        asked = torch.bmm(queries.transpose(0, 1), self._key * scale).transpose(0, 1)
        start, text, summed = 0, 0, []
        for count, length in texts.equal:
            end = start + count * length
            tokens = x[start:end].view(count, length, -1)
            shares = torch.bmm(asked[text : text + count], tokens.transpose(1, 2)).softmax(dim=2)
            summed.append(torch.bmm(shares, tokens))
            start, text = end, text + count
        attended = torch.bmm(torch.cat(summed).transpose(0, 1), self._value)
        attended = attended.transpose(0, 1).reshape(len(first), -1)
        return self._rest(first, attended + self._value_bias)


class _AfterAttention:
    """What a layer does after its tokens have looked at each other, by products of a kind."""

    def __init__(self, layer: Any, product: Callable[..., PlainProduct]) -> None:
        *_, out, wide, narrow = _products(layer)
        self._out, self._wide, self._narrow = (
            product(out),
            product(wide, gelu=True),
            product(narrow),
        )
        self._out_norm, self._norm = layer.attention.output.LayerNorm, layer.output.LayerNorm

    def __call__(self, x: Tensor, attended: Tensor) -> Tensor:
        x = _normed(self._out_norm, self._out.plus(attended, x))
        return _normed(self._norm, self._narrow.plus(self._wide(x), x))


def _attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return what texts of equal length attend to: (n_texts, n_heads, n, d) to (n_texts n, ...)."""
    count, heads, length, size = q.shape
    out = scaled_dot_product_attention(q, k, v)
    return out.transpose(1, 2).reshape(count * length, heads * size)


def _normed(norm: Any, x: Tensor) -> Tensor:
    return layer_norm(x, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
