"""The middle layer is heard as transformers' own hidden states have it."""

import threading

import pytest
import torch
from transformers import AutoModel

from tests.encoders.test_packed import build, padded
from zstext.encoders.middle import MiddleLayer
from zstext.encoders.packed import pack_layers


def expected(model, inputs, layer):
    """Return the means of real tokens, by loops."""
    states = model(**inputs, output_hidden_states=True).hidden_states[layer]
    mask = inputs["attention_mask"].bool()
    return torch.stack(
        [tokens[real].mean(dim=0) for tokens, real in zip(states, mask, strict=True)]
    )


def heard(model, middle, inputs):
    with torch.inference_mode():
        _, means = middle.hear(lambda: model(**inputs), inputs["attention_mask"])
    return torch.from_numpy(means)


def fail():
    raise RuntimeError("out of memory")


@pytest.mark.parametrize(
    ("kind", "layers", "height"),
    [("bert", 3, 2), ("bert", 6, 4), ("roberta", 2, 1), ("electra", 3, 2)],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_layer_two_thirds_up(kind, layers, height, packed):
    model = build(kind, num_hidden_layers=layers)
    inputs = padded([5, 12, 12, 2], left=kind == "bert")
    with torch.inference_mode():
        wanted = expected(model, inputs, height)
    if packed and kind != "electra":
        assert pack_layers(model)
    found = heard(model, MiddleLayer(model), inputs)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("mpnet", {}),
        ("distilbert", {"dim": 24, "n_layers": 3, "n_heads": 4, "hidden_dim": 40}),
        ("deberta-v2", {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}),
        ("modernbert", {}),
        ("qwen2", {"num_key_value_heads": 2}),
        ("qwen3", {"num_key_value_heads": 2, "head_dim": 6}),
        ("gpt2", {"n_embd": 24, "n_layer": 3, "n_head": 4}),
    ],
)
def test_other_kinds(kind, changes):
    model = build(kind, **changes)
    inputs = padded([5, 12, 2])
    with torch.inference_mode():
        wanted = expected(model, inputs, 2)
    middle = MiddleLayer(model)
    assert middle.size == 24
    torch.testing.assert_close(heard(model, middle, inputs), wanted, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("kind", "layers"), [("bert", 1), ("big_bird", 3), ("longformer", 3)])
def test_a_network_that_is_not_listened_to_says_nothing(kind, layers):
    model = build(kind, num_hidden_layers=layers)
    middle = MiddleLayer(model)
    assert middle.size == 0
    assert heard(model, middle, padded([3, 4])).shape == (2, 0)


def test_nothing_is_kept_of_what_nobody_listens_to():
    model = build()
    middle = MiddleLayer(model)
    heard(model, middle, padded([3, 4]))
    model(**padded([5]))
    assert not vars(middle._heard)
    with pytest.raises(RuntimeError, match="out of memory"):
        middle.hear(lambda: [model(**padded([5])), fail()], padded([5])["attention_mask"])
    assert not vars(middle._heard)


def test_a_mask_that_is_changed_on_the_way():
    model, inputs = build(), padded([5, 9])
    middle, mask = MiddleLayer(model), inputs["attention_mask"]
    expected_means = heard(model, middle, inputs)

    def prompt_left_out():
        model(**inputs)
        mask[:, :2] = 0

    with torch.inference_mode():
        _, means = middle.hear(prompt_left_out, mask)
    torch.testing.assert_close(torch.from_numpy(means), expected_means)


def test_threads_hear_what_they_ran_themselves():
    model = build()
    middle = MiddleLayer(model)
    batches = [padded([n, n + 3]) for n in range(1, 9)]
    alone = [heard(model, middle, batch) for batch in batches]
    found = [None] * len(batches)
    barrier = threading.Barrier(len(batches))

    def run(i):
        def all_have_run():
            model(**batches[i])
            barrier.wait()

        with torch.inference_mode():
            _, found[i] = middle.hear(all_have_run, batches[i]["attention_mask"])

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, found, strict=True):
        torch.testing.assert_close(one, torch.from_numpy(other), atol=1e-6, rtol=1e-6)


def test_minilm_is_heard():
    from zstext import load_encoder
    from zstext.encoders import MINILM
    from zstext.encoders.minilm import minilm_dir

    encoder = load_encoder(MINILM, device="cpu")

    texts = ["The striker scored twice.", "", "naïve café 東京 😀", "word " * 100]
    plain = AutoModel.from_pretrained(str(minilm_dir())).eval()
    inputs = encoder._tokenizer(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        wanted = expected(plain, inputs, 4)
    found = torch.from_numpy(encoder.encode(texts).middle)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)
