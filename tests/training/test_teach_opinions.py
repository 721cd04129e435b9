"""Long opinions: where they come from, and what they must leave as it is."""

from random import Random

import numpy as np
import pytest
import torch

from training import teach_opinions
from training.blocks import Blocks, LabelBlocks
from training.entailment_pairs import EntailmentPairs
from training.labelled_texts import LabelledTexts
from training.mixture import Family, in_yaml
from training.network import Embedder, new_network
from training.opinions import ComposedBlocks, opinions
from training.train_encoder import block_loss, load_config

OPINIONS = tuple(in_yaml("wordings.yaml")["templates"]["sentiment"])
BESIDE = [f"There were {i} chairs in the hall that night." for i in range(40)]


def reviews(short, long, templates=OPINIONS, max_words=200):
    texts = [(f"{mood} {i}", mood) for i in range(short) for mood in ("glad", "cross")]
    texts += [
        (f"{mood} {i} " + "and so on " * 20, mood)
        for i in range(long)
        for mood in ("glad", "cross")
    ]
    names = {"glad": ("pleased", "won over"), "cross": ("annoyed",), "torn": ("undecided",)}
    return LabelledTexts(texts, names, {}, templates, 4, 0.0, 0.0, max_words)


def composed(max_words=200):
    by_label = {mood: [f"{mood} {i}" for i in range(20)] for mood in ("glad", "cross")}
    return ComposedBlocks(reviews(20, 0, max_words=max_words), by_label | {"torn": []}, BESIDE, 3)


def test_a_review_is_of_one_mind_and_not_of_opinions_alone():
    for seed in range(20):
        block = composed().block(Random(seed), 6)
        for text, true in zip(block.texts, block.true, strict=True):
            (column,) = np.flatnonzero(true)
            glad = any(name in block.hypotheses[column] for name in ("pleased", "won over"))
            assert ("glad" in text, "cross" in text) == (glad, not glad)
            assert "chairs" in text
        assert block.counted.all()
        assert len(block.hypotheses) == 3  # "undecided" is never true, but asked


def test_a_review_is_not_longer_than_texts_may_be():
    texts = composed(max_words=9).block(Random(0), 12).texts
    assert max(len(text.split()) for text in texts) == 9


def test_sets_that_are_worded_as_opinions_are_drawn_from():
    about = LabelledTexts(
        [(text, "halls") for text in BESIDE], {"halls": ("halls",)}, {}, ("{}",), 4, 0, 0, 200
    )
    pairs = EntailmentPairs((("Six people walked along the quay.", "People are out.", True),))
    families = {
        "sentiment": Family(((reviews(50, 40), 1.0), (reviews(25, 10), 1.0))),
        "written": Family(((about, 1.0),)),
        "topic": Family(()),
        "nli": Family(((pairs, 1.0),)),
    }
    found = opinions(families, load_config("encoder.yaml", "opinions.yaml"))
    assert [len(found.sources[kind]) for kind in ("whole", "composed")] == [1, 1]
    (whole, weight), (parts, _) = found.sources["whole"][0], found.sources["composed"][0]
    assert {text for text, _ in whole.source.texts} == {t for t, _ in reviews(0, 40).texts}
    assert weight == pytest.approx(0.4 * 80**0.5)
    assert parts.beside == ["Six people walked along the quay.", *BESIDE]


def test_short_texts_are_kept_and_now_and_then_joined():
    found = {teach_opinions.joined("a", ["b"], Random(seed)) for seed in range(60)}
    assert found == {"a", "a b", "a b b b"}


@pytest.fixture(scope="module")
def lesson():
    config = load_config("encoder.yaml", "opinions.yaml") | {"texts_in_block": 4, "kept_texts": 3}
    learned = Blocks({"composed": 1.0}, {"composed": [(composed(), 1.0)]})
    kept = Blocks({"all": 1.0}, {"all": [(LabelBlocks(reviews(9, 0), 3), 1.0)]})
    return teach_opinions.Lesson(config, learned, kept)


def test_nothing_has_moved_at_the_start(lesson):
    embed = Embedder(new_network("shipped").eval())
    block = composed().block(_after_the_kind(Random(3)), 4)
    with torch.no_grad():
        found = lesson(embed, Random(3))
        X, S = embed(block.texts, 256), embed(block.hypotheses, 32)
    torch.testing.assert_close(found, block_loss(X @ S.T / 0.05, block).mean(), rtol=0, atol=1e-5)


def test_what_moves_costs(lesson):
    network = new_network("shipped").eval()
    with torch.no_grad():
        before = lesson(Embedder(network), Random(3))
        network.encoder.layer[-1].output.LayerNorm.bias += 1.0  # the same for all: all turn one way
        after = lesson(Embedder(network), Random(3))
    assert after > before + 1


def _after_the_kind(rng):
    """Return the generator as it is when `Blocks` has chosen where to draw from."""
    rng.random(), rng.random()
    return rng
