"""Layers without padding say what transformers' own say."""

import copy

import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification

from zstext.encoders.packed import pack_layers

SMALL = {
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 700,
    "vocab_size": 50,
    "pad_token_id": 1,
    "initializer_range": 0.6,  # so that every layer and every token shows
}


def config(kind="bert", **changes):
    return AutoConfig.for_model(kind, **(SMALL | changes))


def build(kind="bert", head=AutoModel, **changes):
    torch.manual_seed(3)
    return head.from_config(config(kind, **changes)).eval()


def padded(lengths, left=False):
    torch.manual_seed(4)
    ids = torch.randint(5, 50, (len(lengths), max(lengths)))
    places = torch.arange(max(lengths)).flip(0) if left else torch.arange(max(lengths))
    mask = (places < torch.tensor(lengths)[:, None]).long()
    return {"input_ids": ids * mask + (1 - mask), "attention_mask": mask}


def both(model, inputs, **options):
    """Return what a model says, and what it says with packed layers."""
    packed = copy.deepcopy(model)
    assert pack_layers(packed, **options)
    with torch.inference_mode():
        return model(**inputs), packed(**inputs)


@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "camembert"])
@pytest.mark.parametrize("lengths", [[7], [7, 7, 7], [3, 9, 9, 1, 4], [256] * 3 + [517]], ids=str)
def test_tokens_are_those_of_transformers(kind, lengths):
    inputs = padded(lengths)
    plain, packed = both(build(kind), inputs)
    real = inputs["attention_mask"].bool()
    theirs, ours = plain.last_hidden_state, packed.last_hidden_state
    assert ours.shape == theirs.shape
    torch.testing.assert_close(ours[real], theirs[real], atol=1e-5, rtol=1e-5)
    assert not ours[~real].any()


def test_padding_on_the_left_and_none_at_all():
    for inputs in (padded([3, 9, 4], left=True), {"input_ids": padded([6, 6])["input_ids"]}):
        plain, packed = both(build(), inputs)
        real = inputs.get("attention_mask", torch.ones_like(inputs["input_ids"])).bool()
        torch.testing.assert_close(
            packed.last_hidden_state[real], plain.last_hidden_state[real], atol=1e-5, rtol=1e-5
        )


def test_a_mask_of_numbers():
    model = build(attn_implementation="eager")
    inputs = padded([3, 9, 4])
    plain, packed = both(model, inputs)
    real = inputs["attention_mask"].bool()
    torch.testing.assert_close(
        packed.last_hidden_state[real], plain.last_hidden_state[real], atol=1e-5, rtol=1e-5
    )


@pytest.mark.parametrize("kind", ["bert", "roberta"])
def test_logits_need_the_first_token_alone(kind):
    model = build(kind, AutoModelForSequenceClassification, num_labels=3)
    plain, packed = both(model, padded([5, 12, 12, 2, 30]), first_token_only=True)
    assert plain.logits.std() > 0.01
    torch.testing.assert_close(packed.logits, plain.logits, atol=1e-5, rtol=1e-5)


def test_a_text_does_not_know_its_neighbours():
    model = build()
    pack_layers(model)
    inputs = padded([5, 12, 2])
    with torch.inference_mode():
        together = model(**inputs).last_hidden_state[0, :5]
        alone = model(input_ids=inputs["input_ids"][:1, :5]).last_hidden_state[0]
    torch.testing.assert_close(together, alone, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize(
    "model",
    [
        build(hidden_act="relu"),
        build(chunk_size_feed_forward=4),
        build(is_decoder=True),
        build().double(),
        build("electra"),
        build("distilbert", dim=24, n_layers=2, n_heads=4, hidden_dim=40),
    ],
    ids=lambda model: model.config.model_type,
)
def test_others_keep_their_layers(model):
    before = list(model.state_dict())
    assert not pack_layers(model)
    assert list(model.state_dict()) == before


class Adapted(torch.nn.Linear):
    """As an adapter is: more than its weight says."""


def test_a_model_with_an_adapter_keeps_its_layers():
    model = build()
    model.encoder.layer[1].attention.self.value = Adapted(24, 24)
    assert not pack_layers(model)
