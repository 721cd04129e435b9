"""The training of zstext's own encoder: blocks, loss by hand, and a run that is stopped."""

from random import Random

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from training import export_encoder, network
from training import train_encoder as training
from training.blocks import Block, Blocks, GroupBlocks, LabelBlocks, ToldBlocks, by_premise
from training.export import mixed
from training.groups import Group
from training.labelled_texts import LabelledTexts
from zstext import load_encoder
from zstext.encoders import own
from zstext.encoders.minilm import minilm_dir

TEXTS = ["the till is broken", "a lovely song", "rain again", "two goals in a minute"]
TOLD = [
    ("it rained", [("wet weather", True), ("sunshine", False), ("a drought", False)]),
    ("she won", [("a victory", True), ("a success", True), ("a defeat", False)]),
]


def labelled(names="abcd"):
    return LabelledTexts(
        [(text, names[i]) for i, text in enumerate(TEXTS)],
        {name: (f"name {name}", f"other {name}") for name in names},
        {},
        ("about {}", "{}"),
        hypotheses=4,
        negated=0.0,
        hard=0.0,
        max_words=50,
    )


def test_the_loss_by_hand():
    true = np.array([[True, False, True], [False, True, False]])
    counted = np.array([[True, True, True], [False, True, True]])
    logits = torch.tensor([[0.0, 1.0, 2.0], [9.0, 0.0, 0.0]])
    found = training.block_loss(logits, Block([], [], true, counted))
    e = np.exp
    expected = [np.log((1 + e(1) + e(2)) / (1 + e(2))), np.log(2)]
    torch.testing.assert_close(found.numpy(), np.array(expected, dtype=np.float32))


def test_labels_of_a_block():
    for seed in range(30):
        block = LabelBlocks(labelled(), labels=3).block(Random(seed), 2)
        assert len(block.texts) == 2
        assert len(block.hypotheses) == len(set(block.hypotheses)) == 3
        assert block.counted.all()
        for text, true in zip(block.texts, block.true, strict=True):
            (which,) = np.flatnonzero(true)
            assert block.hypotheses[which][-1] == "abcd"[TEXTS.index(text)]


@pytest.mark.parametrize("apart", [False, True])
def test_what_is_told_of_texts(apart):
    for seed in range(30):
        block = ToldBlocks(TOLD, hypotheses=3, apart=apart).block(Random(seed), 4)
        told = dict(TOLD)
        for i, text in enumerate(block.texts):
            (true,) = np.flatnonzero(block.true[i])
            assert (block.hypotheses[true], True) in told[text]
        others = ~block.true.any(axis=0) | block.true
        assert (block.counted == (np.ones_like(others) if apart else others)).all()


def test_groups_are_compared_with_their_own_hypotheses():
    class Source:
        def draw(self, rng):
            n = rng.randrange(3)
            targets = ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0))[n]
            return Group(f"text {n}", (f"first {n}", f"second {n}"), targets)

    block = GroupBlocks(Source()).block(Random(0), 5)
    assert len(block.texts) == 5
    assert "text 1" not in block.texts  # nothing is false of it
    assert (block.counted.sum(axis=1) == 2).all()
    assert (block.true.sum(axis=1) == 1).all()
    assert (block.counted >= block.true).all()


def test_premises_from_which_nothing_follows_are_left_out():
    pairs = [("p", "h1", True), ("q", "h", False), ("p", "h2", False)]
    assert by_premise(pairs) == [("p", [("h1", True), ("h2", False)])]


@pytest.mark.parametrize(
    ("start", "name"), [(0.0, "all-MiniLM-L6-v2"), ("shipped", "zstext-encoder")]
)
def test_training_begins_with_the_vectors_of_an_encoder(start, name):
    embed = network.Embedder(network.new_network(start).eval())
    with torch.inference_mode():
        found = embed([*TEXTS, "a long text " * 20], 128).numpy()
    expected = load_encoder(name).encode([*TEXTS, "a long text " * 20]).windows
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_runs_are_mixed_by_their_shares():
    run, other = {"w": np.array([1.0, 2.0])}, {"w": np.array([3.0, -2.0]), "words": np.ones(9)}
    found = mixed([(0.75, run), (0.25, other)])
    assert found.keys() == {"w"}
    np.testing.assert_array_equal(found["w"], [1.5, 1.0])


def test_word_embeddings_are_not_trained_and_not_written():
    mixture = network.new_network(0.3)
    assert not mixture.embeddings.word_embeddings.weight.requires_grad
    names = network.layers(mixture).keys()
    stored = own.read_weights(own.directory() / own.WEIGHTS, own.NAME)
    assert names == stored.keys()


def test_the_shares_of_an_export(tmp_path, monkeypatch):
    before = own.read_weights(own.directory() / own.WEIGHTS, own.NAME)
    (tmp_path / "run").mkdir()
    save_file(before, tmp_path / "run" / own.WEIGHTS)
    monkeypatch.setattr(own, "directory", lambda: tmp_path)
    monkeypatch.setattr("sys.argv", ["export", str(tmp_path / "run"), "--minilm", "0.25"])
    export_encoder.main()
    first = load_file(minilm_dir() / "model.safetensors")
    for name, weights in own.read_weights(tmp_path / own.WEIGHTS, own.NAME).items():
        expected = 0.75 * before[name] + 0.25 * first[name]
        step = np.abs(expected).max(axis=-1, keepdims=True) / 127  # of int8
        assert (np.abs(weights - expected) <= 0.51 * step).all(), name
    monkeypatch.setattr("sys.argv", ["export", "run", "--minilm", "0.2", "--shipped", "0.9"])
    with pytest.raises(SystemExit):
        export_encoder.main()


class PowerError(Exception):
    """The power went."""


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    config = training.load_config("encoder.yaml") | {
        "steps": 4, "steps_between": 2,
    }  # fmt: skip
    drawn = Blocks({"one": 1.0}, {"one": [(LabelBlocks(labelled(), 3), 1.0)]})

    def loss(embed, rng):
        return training.step_loss(embed, [drawn.draw(rng, 3) for _ in range(2)], config)

    training.train(config, loss, tmp_path / "whole")
    learn = training._learn

    def fails(config, step, *rest):
        if step == 3:
            raise PowerError
        return learn(config, step, *rest)

    monkeypatch.setattr(training, "_learn", fails)
    with pytest.raises(PowerError):
        training.train(config, loss, tmp_path / "stopped")
    monkeypatch.setattr(training, "_learn", learn)
    training.train(config, loss, tmp_path / "stopped")
    whole, stopped = (load_file(tmp_path / n / own.WEIGHTS) for n in ("whole", "stopped"))
    for name, weights in whole.items():
        np.testing.assert_allclose(stopped[name], weights, rtol=0, atol=1e-6)
    lines = (tmp_path / "stopped" / "log.jsonl").read_text().splitlines()
    assert len(lines) == 2
