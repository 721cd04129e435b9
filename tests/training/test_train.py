"""The training of the compact model: loss by hand, and a run that is stopped and goes on."""

from random import Random

import pytest
import torch
import yaml

from training import train as training
from training.export import one_sided
from training.generated import generated
from training.groups import Group
from training.labelled_texts import LabelledTexts, negation, piece
from training.mixture import HERE, Mixture

CONFIG = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
SETTINGS = {k: CONFIG[k] for k in ("hypotheses", "negated", "hard", "max_words")}


def words(name):
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mixture():
    return Mixture(
        ((1.0, ((generated(words("lexicon.yaml"), words("wordings.yaml"), SETTINGS), 1.0),)),)
    )


def test_the_loss_by_hand():
    batch = [
        Group("a", ("x",), (1.0,)),
        Group("b", ("x", "y"), (1.0, 0.0), "choice"),
        Group("c", ("x", "y"), (0.25, 0.75), "soft"),
    ]
    margin = torch.tensor([0.0, 2.0, -1.0, 1.0, 1.0])
    sigmoid, log = torch.sigmoid(margin), torch.log
    pairs = -log(sigmoid[0]) - log(sigmoid[1]) - log(1 - sigmoid[2])
    choice = 0.5 * 2 * -torch.log_softmax(margin[1:3], 0)[0]
    soft = 2 * (0.25 * log(torch.tensor(0.25 / 0.5)) + 0.75 * log(torch.tensor(0.75 / 0.5)))
    expected = (pairs + choice + soft) / 5
    torch.testing.assert_close(training.group_loss(margin, batch), expected)


def test_the_rate_rises_stays_and_falls_to_nothing():
    config = {"warm_up": 0.1, "decay": 0.5}
    rates = [training.rate(p, config) for p in (0.0, 0.05, 0.1, 0.5, 0.75, 1.0)]
    assert rates == pytest.approx([0, 0.5, 1, 1, 0.5, 0])


def test_a_chunk_is_the_same_every_time(mixture):
    first, again, other = (mixture.chunk(1, n, 200) for n in (0, 0, 1))
    assert first == again != other
    assert sum(len(group.hypotheses) for group in first) in range(200, 204)


def test_a_choice_has_one_right_label(mixture):
    for group in mixture.chunk(1, 0, 400):
        assert len(set(group.hypotheses)) == len(group.hypotheses)
        if group.kind == "choice":
            assert sum(group.targets) == 1


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


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(tmp_path, monkeypatch, mixture):
    config = {
        **CONFIG,
        "pairs": 96,
        "pairs_in_chunk": 48,
        "tokens_in_batch": 600,
        "start": "encoder",
    }
    monkeypatch.setattr(training, "load_mixture", lambda _: mixture)
    monkeypatch.setattr(training, "watch", lambda *_: {})
    training.train(config, tmp_path / "whole")

    def stop(_):
        raise PowerError

    with monkeypatch.context() as patch:
        checkpoint = training._checkpoint
        patch.setattr(training, "_checkpoint", lambda *a: (checkpoint(*a), stop(a)))
        with pytest.raises(PowerError):
            training.train(config, tmp_path / "parts")
    training.train(config, tmp_path / "parts")
    whole, parts = (
        torch.load(tmp_path / run / "checkpoint.pt", weights_only=True)["model"]
        for run in ("whole", "parts")
    )
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, rtol=0, atol=1e-6)
    moved = (
        whole["classifier.weight"] - training.new_model("encoder").state_dict()["classifier.weight"]
    )
    assert moved.abs().max() > 0
