import numpy as np
import pytest

from zstext import load_encoder
from zstext.calibration import ScoreScale
from zstext.defaults import DEFAULT_TEMPLATES, MINILM_SCALE, OTHER_MODELS, OWN_SCALE
from zstext.encoders import MINILM, OWN_ENCODER
from zstext.probe import PAIRS, ProbeReading, ScaleRule, read_probe

KNOWN = ScoreScale(temperature=0.05, midpoint=0.2, multi_temperature=0.1, expected=3)


def reading(scale=0.05, matched=0.4, seed=0):
    rng = np.random.default_rng(seed)
    return ProbeReading(rng.normal(0, scale, (24, 24)) + matched * np.eye(24))


def test_the_pairs_name_each_topic_once():
    sentences, topics = zip(*PAIRS, strict=True)
    assert len(set(sentences)) == len(set(topics)) == 24


def test_a_reading_by_hand():
    r = ProbeReading(np.array([[0.5, 0.1], [0.3, 0.2]]))
    assert r.accuracy == 0.5
    assert r.matched == pytest.approx(0.35)
    assert r.unmatched == pytest.approx(0.2)
    sure, unsure = 1 / (1 + np.exp(-4)), 1 / (1 + np.exp(-1))
    assert r.confidence(0.1) == pytest.approx((sure + unsure) / 2)


def test_the_temperature_reaches_the_confidence():
    r = reading()
    assert r.confidence(r.temperature_for(0.7)) == pytest.approx(0.7, abs=1e-6)


def test_an_encoder_gets_its_own_scale_back():
    r = reading()
    scale = ScaleRule.of(KNOWN, r).scale(r)
    assert scale.temperature == pytest.approx(KNOWN.temperature, rel=1e-6)
    assert scale.midpoint == pytest.approx(KNOWN.midpoint)
    assert scale.multi_temperature == pytest.approx(KNOWN.multi_temperature, rel=1e-6)
    assert scale.expected == 3


def test_squeezed_and_shifted_cosines_give_the_same_probabilities():
    r = reading()
    squeezed = ProbeReading(0.8 + 0.2 * r.cosines)
    scale = ScaleRule.of(KNOWN, r).scale(squeezed)
    for multi in (False, True):
        np.testing.assert_allclose(
            scale.scaling(24, multi_label=multi).proba(squeezed.cosines),
            KNOWN.scaling(24, multi_label=multi).proba(r.cosines),
            atol=1e-6,
        )


def test_an_encoder_that_knows_nothing_is_not_made_confident():
    rule = ScaleRule.of(KNOWN, reading())
    ignorant = ProbeReading(0.97 + 0.001 * np.random.default_rng(1).normal(size=(24, 24)))
    scale = rule.scale(ignorant)
    assert scale.scaling(24).proba(ignorant.cosines).max() < 0.3


def test_the_rule_for_other_models_is_that_of_minilm():
    r = read_probe(load_encoder(MINILM), DEFAULT_TEMPLATES)
    assert r.accuracy > 0.8
    rule = ScaleRule.of(MINILM_SCALE, r)
    assert rule.confidence == pytest.approx(OTHER_MODELS.confidence, abs=0.005)
    assert rule.place == pytest.approx(OTHER_MODELS.place, abs=0.005)
    assert rule.multi_ratio == pytest.approx(OTHER_MODELS.multi_ratio, abs=0.005)


def test_the_temperature_of_our_encoder_is_what_the_rule_gives():
    found = OTHER_MODELS.scale(read_probe(load_encoder(OWN_ENCODER), DEFAULT_TEMPLATES))
    assert found.temperature == pytest.approx(OWN_SCALE.temperature, abs=0.002)
