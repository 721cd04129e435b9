"""Both kinds of product say what a linear layer says."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import Linear
from torch.nn.functional import gelu

from zstext.encoders import products
from zstext.encoders.products import STEP, LaidOutProduct, PlainProduct, fastest, few_sizes

KINDS = [PlainProduct]
if products._can_lay_out():
    KINDS.append(LaidOutProduct)


@pytest.mark.parametrize("kind", KINDS)
@given(
    rows=st.integers(1, 700),
    inputs=st.integers(1, 40),
    outputs=st.lists(st.integers(1, 40), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_layers_side_by_side(kind, rows, inputs, outputs, seed):
    torch.manual_seed(seed)
    layers = [Linear(inputs, n) for n in outputs]
    x, other = torch.randn(rows, inputs), torch.randn(rows, sum(outputs))
    with torch.inference_mode():
        expected = torch.cat([layer(x) for layer in layers], dim=1)
        plain, active = kind(layers), kind(layers, gelu=True)
        torch.testing.assert_close(plain(x), expected, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(plain.plus(x, other), expected + other, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(active(x), gelu(expected), atol=1e-5, rtol=1e-5)


def test_what_is_added_stays_what_it_was():
    layer, x, other = Linear(3, 3), torch.ones(2, 3), torch.ones(2, 3)
    with torch.inference_mode():
        for kind in KINDS:
            kind([layer]).plus(x, other)
    assert torch.equal(other, torch.ones(2, 3))


@pytest.mark.parametrize("missing", ["operators", "processor"])
def test_the_plain_product_where_the_other_cannot_be(missing, monkeypatch):
    if missing == "operators":
        monkeypatch.setattr(torch.ops, "mkldnn", object())
    else:
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "DEFAULT")
    products._can_lay_out.cache_clear()
    try:
        assert type(fastest(Linear(2, 2))) is PlainProduct
    finally:
        products._can_lay_out.cache_clear()


@given(n_rows=st.integers(1, 5000))
def test_few_sizes(n_rows):
    size = few_sizes(n_rows)
    assert n_rows <= size < n_rows + STEP
    assert size < 2 * n_rows or n_rows == 1
    assert few_sizes(size) == size


def test_how_few():
    assert len({few_sizes(n) for n in range(1, 2049)}) == 38
