"""The training of the compact model: loss by hand, and a run that is stopped and goes on."""

from random import Random

import numpy as np
import pytest
import torch
import yaml
from transformers import AutoTokenizer

from training import train as training
from training.drawn import KINDS, LONGEST, batches, read_drawn, tokenised, write_drawn
from training.export import averaged, one_sided, write_checkpoint
from training.generated import generated
from training.groups import Group
from training.labelled_texts import LabelledTexts, negation, piece
from training.mixture import HERE, Family
from zstext import load_entailer
from zstext.encoders.minilm import minilm_dir
from zstext.nli import compact

CONFIG = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
SETTINGS = {k: CONFIG[k] for k in ("hypotheses", "negated", "hard", "max_words")}


def words(name):
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def family():
    source = generated(words("lexicon.yaml"), words("wordings.yaml"), SETTINGS)
    return Family(((source, 1.0),))


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(minilm_dir())


def test_the_loss_by_hand():
    margin = torch.tensor([0.0, 2.0, -1.0, 1.0, 1.0])
    target = torch.tensor([1.0, 1.0, 0.0, 0.25, 0.75])
    kind = torch.tensor([KINDS.index(name) for name in ("pairs", "choice", "soft")])
    sigmoid, log = torch.sigmoid(margin), torch.log
    pairs = -log(sigmoid[0]) - log(sigmoid[1]) - log(1 - sigmoid[2])
    choice = 0.5 * 2 * -torch.log_softmax(margin[1:3], 0)[0]
    soft = 2 * (0.25 * log(torch.tensor(0.25 / 0.5)) + 0.75 * log(torch.tensor(0.75 / 0.5)))
    expected = (pairs + choice + soft) / 5
    found = training.group_loss(margin, target, torch.tensor([1, 2, 2]), kind)
    torch.testing.assert_close(found, expected)


def test_a_checkpoint_says_what_the_model_of_the_package_says(tmp_path):
    write_checkpoint(compact.read_weights(), tmp_path)
    premises, hypotheses = ["The pump failed twice."], ["Something broke.", "A party was held."]
    own, checkpoint = (
        load_entailer(model).entail(premises, hypotheses).logits for model in (None, tmp_path)
    )
    np.testing.assert_allclose(checkpoint, own, rtol=0, atol=1e-5)


def test_the_rate_rises_stays_and_falls_to_nothing():
    config = {"warm_up": 0.1, "decay": 0.5}
    rates = [training.rate(p, config) for p in (0.0, 0.05, 0.1, 0.5, 0.75, 1.0)]
    assert rates == pytest.approx([0, 0.5, 1, 1, 0.5, 0])


def test_a_family_draws_the_same_every_time(family):
    first, again, other = (family.draw(seed, 200) for seed in (0, 0, 1))
    assert first == again != other
    assert sum(len(group.hypotheses) for group in first) in range(200, 204)


def test_a_choice_has_one_right_label(family):
    for group in family.draw(1, 400):
        assert len(set(group.hypotheses)) == len(group.hypotheses)
        if group.kind == "choice":
            assert sum(group.targets) == 1


def test_chunks_take_their_shares_and_begin_again(tokenizer):
    one = [Group(f"one {i}", ("x",), (1.0,)) for i in range(6)]
    two = [Group(f"two {i}", ("x", "y"), (1.0, 0.0), "choice") for i in range(4)]
    drawn = tokenised({"one": one, "two": two}, tokenizer)
    shares = {"one": 0.5, "two": 0.5}
    chunks = [drawn.chunk(n, 8, shares).tolist() for n in range(3)]
    assert chunks == [[0, 1, 2, 3, 6, 7], [0, 1, 4, 5, 8, 9], [2, 3, 4, 5, 6, 7]]


def test_every_group_is_in_one_batch(family, tokenizer):
    drawn = tokenised({"made": family.draw(0, 500)}, tokenizer)
    groups = np.arange(len(drawn.premise))
    found = list(batches(drawn.lengths, np.diff(drawn.first), groups, tokens=512))
    assert sorted(np.concatenate(found).tolist()) == groups.tolist()
    for batch in found:
        assert drawn.lengths[batch].max() * np.diff(drawn.first)[batch].sum() <= 512


def test_what_was_drawn_is_read_as_it_was_written(family, tokenizer, tmp_path):
    drawn = tokenised({"made": family.draw(0, 50)}, tokenizer)
    write_drawn(drawn, tmp_path / "drawn.safetensors")
    again = read_drawn(tmp_path / "drawn.safetensors")
    assert again.families == drawn.families
    for name in ("tokens", "starts", "premise", "kind", "first", "hypothesis", "target"):
        np.testing.assert_array_equal(getattr(again, name), getattr(drawn, name))


def test_pairs_are_laid_out_as_the_tokenizer_does(family, tokenizer):
    groups = [
        *family.draw(0, 60),
        Group("a long text " * 150, ("short", "not so short"), (1.0, 0.0)),
    ]
    pairs = training.Pairs(tokenised({"made": groups}, tokenizer), "cpu")
    found = pairs.encoded(np.arange(len(groups)))
    texts = [(group.premise, h) for group in groups for h in group.hypotheses]
    expected = tokenizer(
        *map(list, zip(*texts, strict=True)), truncation="only_first", max_length=LONGEST,
        padding=True, pad_to_multiple_of=8, return_tensors="pt",
    )  # fmt: skip
    for name in ("input_ids", "token_type_ids", "attention_mask"):
        torch.testing.assert_close(found[name][: len(texts)], expected[name])


def test_margins_are_in_the_order_of_the_pairs(family, tokenizer):
    pairs = training.Pairs(tokenised({"made": family.draw(0, 40)}, tokenizer), "cpu")
    model = training.new_model("shipped").eval()
    groups = np.arange(len(pairs.drawn.premise))
    with torch.inference_mode():
        each = [training.margin(model, pairs, groups[i : i + 1]) for i in groups]
    found = training.margins(model, pairs, groups)
    np.testing.assert_allclose(found, torch.cat(each).numpy(), rtol=0, atol=0.1)  # in bfloat16
    assert np.ptp(found) > 1


def test_the_average_of_models():
    models = [{"w": np.array([1.0, 2.0])}, {"w": np.array([3.0, 6.0])}]
    np.testing.assert_array_equal(averaged(models)["w"], [2.0, 4.0])


def test_wrong_labels_are_those_that_the_encoder_confuses():
    source = LabelledTexts(
        [("text", "a")],
        {label: (label,) for label in "abcdefgh"},
        {},
        ("{}",),
        hypotheses=3,
        negated=0.0,
        hard=1.0,
        max_words=9,
        confused={"text": ("a", "b", "c")},
    )
    for seed in range(20):
        assert set(source.draw(Random(seed)).hypotheses) == {"a", "b", "c"}


def test_negations():
    assert negation("This text is about war.") == "This text is not about war."
    assert negation("It deals with war.") == "It is not true that: It deals with war."


def test_pieces_of_long_texts():
    text = " ".join(map(str, range(100)))
    assert piece(text, 100, Random(0)) == text
    for seed in range(20):
        part = piece(text, 10, Random(seed))
        assert len(part.split()) == 10
        assert part in text


def test_the_head_that_is_shipped_has_the_same_probabilities():
    generator = torch.Generator().manual_seed(0)
    head = {
        "classifier.weight": torch.randn(2, 5, generator=generator).numpy(),
        "classifier.bias": torch.randn(2, generator=generator).numpy(),
    }
    x = torch.randn(5, generator=generator).numpy()

    def logits(weights):
        return weights["classifier.weight"] @ x + weights["classifier.bias"]

    before, after = logits(head), logits(one_sided(head, 1.0))
    assert after[0] - after[1] == pytest.approx(before[0] - before[1], rel=1e-5)
    assert after[1] == 0
    assert logits(one_sided(head, 2.0))[0] == pytest.approx(after[0] / 2, rel=1e-5)


class PowerError(Exception):
    """The power went."""


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(
    tmp_path, monkeypatch, family, tokenizer
):
    config = {
        **CONFIG,
        "mixture": {"made": 1.0},
        "pairs": 96,
        "pairs_in_chunk": 48,
        "tokens_in_batch": 600,
    }
    file = tmp_path / "drawn.safetensors"
    write_drawn(tokenised({"made": family.draw(0, 96)}, tokenizer), file)
    monkeypatch.setattr(training, "watch", lambda *_: {})
    training.train(config, tmp_path / "whole", file)

    def stop(_):
        raise PowerError

    with monkeypatch.context() as patch:
        checkpoint = training._checkpoint
        patch.setattr(training, "_checkpoint", lambda *a: (checkpoint(*a), stop(a)))
        with pytest.raises(PowerError):
            training.train(config, tmp_path / "parts", file)
    training.train(config, tmp_path / "parts", file)
    whole, parts = (
        torch.load(tmp_path / run / "checkpoint.pt", weights_only=True)["model"]
        for run in ("whole", "parts")
    )
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, rtol=0, atol=1e-6)
    fresh = training.new_model("encoder").state_dict()
    assert (whole["classifier.weight"] - fresh["classifier.weight"]).abs().max() > 0
