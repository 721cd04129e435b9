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
        model(**inputs)
    return torch.from_numpy(middle.means(inputs["attention_mask"]))


@pytest.mark.parametrize(
    ("kind", "layers", "height"),
    [("bert", 3, 2), ("bert", 6, 4), ("bert", 1, 1), ("roberta", 2, 1), ("electra", 3, 2)],
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


def test_a_network_whose_layers_are_elsewhere_says_nothing():
    model = build()
    model.config.num_hidden_layers = 7
    middle = MiddleLayer(model)
    assert middle.size == 0
    assert heard(model, middle, padded([3, 4])).shape == (2, 0)


def test_threads_hear_what_they_ran_themselves():
    model = build()
    middle = MiddleLayer(model)
    batches = [padded([n, n + 3]) for n in range(1, 9)]
    alone = [heard(model, middle, batch) for batch in batches]
    found = [None] * len(batches)
    barrier = threading.Barrier(len(batches))

    def run(i):
        with torch.inference_mode():
            model(**batches[i])
        barrier.wait()  # all have run before any asks
        found[i] = middle.means(batches[i]["attention_mask"])

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(batches))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, found, strict=True):
        torch.testing.assert_close(one, torch.from_numpy(other), atol=1e-6, rtol=1e-6)


def test_the_embedded_encoder_is_heard(encoder):
    from zstext.encoders.embedded import embedded_model_dir

    texts = ["The striker scored twice.", "", "naïve café 東京 😀", "word " * 100]
    plain = AutoModel.from_pretrained(str(embedded_model_dir())).eval()
    inputs = encoder._tokenizer(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        wanted = expected(plain, inputs, 4)
    found = torch.from_numpy(encoder.encode(texts).middle)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)
