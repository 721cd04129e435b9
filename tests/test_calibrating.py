"""What `zstext.learning.calibrate` fits on held-out rows."""

import numpy as np
import pytest

from zstext import OptionError
from zstext.calibration import (
    CalibrationChain,
    NullOffsets,
    PlattScaling,
    ScoreScale,
    SeenPenalty,
    TemperatureScaling,
)
from zstext.learning import calibrate
from zstext.metrics import seen_unseen

SCALE = ScoreScale(temperature=0.25, midpoint=0.5, multi_temperature=0.125)


def noisy_scores(n=60, seed=1):
    """Scores of 2 seen and 2 unseen classes in which the seen ones have an advantage."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 4
    scores = rng.normal(size=(n, 4)) + 1.5 * np.eye(4)[y] + [1.0, 1.0, 0, 0]
    return scores, y, np.array([True, True, False, False])


def best_harmonic_mean(scores, y, seen):
    gammas = np.linspace(-5, 5, 4001)
    return max(seen_unseen(y, (scores - g * seen).argmax(axis=1), seen).H for g in gammas)


PLAIN = CalibrationChain(TemperatureScaling(1.0))


def test_the_penalty_is_the_best_on_validation_rows_of_both_kinds():
    scores, y, seen = noisy_scores()
    chain = calibrate(PLAIN, scores, y, seen)
    best = best_harmonic_mean(scores, y, seen)
    adjusted = scores - chain.seen.gamma * seen
    assert pytest.approx(best) == seen_unseen(y, adjusted.argmax(axis=1), seen).H
    assert best > seen_unseen(y, scores.argmax(axis=1), seen).H
    assert chain.seen.gamma > 0


def test_rows_of_no_class_do_not_move_penalty_and_temperature():
    scores, y, seen = noisy_scores()
    more = np.vstack([scores, np.full((20, 4), 9.0) + np.eye(4)[0]])
    a = calibrate(PLAIN, scores, y, seen)
    b = calibrate(PLAIN, more, np.append(y, [-1] * 20), seen)
    assert a.seen == b.seen
    assert a.scaling == b.scaling


def test_the_temperature_is_the_most_likely_one():
    scores, y, seen = noisy_scores()
    chain = calibrate(PLAIN, scores, y, seen)
    adjusted = (scores - chain.seen.gamma * seen)[None] / np.geomspace(0.05, 20, 2001)[
        :, None, None
    ]
    log_p = adjusted - np.log(np.exp(adjusted).sum(axis=2, keepdims=True))
    likelihood = log_p[:, np.arange(len(y)), y].mean(axis=1)
    best = np.geomspace(0.05, 20, 2001)[likelihood.argmax()]
    assert chain.scaling.temperature == pytest.approx(best, rel=0.01)


def test_the_temperature_of_rows_that_are_all_right_by_hand():
    """Two classes, margin 1, n = 8: p = (n + 1) / (n + 2) = 0.9, so T = 1 / log(0.9 / 0.1)."""
    scores = np.tile([[1.0, 0.0], [0.0, 1.0]], (4, 1))
    chain = calibrate(PLAIN, scores, np.array([0, 1] * 4), np.zeros(2, bool))
    assert chain.scaling.temperature == pytest.approx(1 / np.log(9), rel=1e-3)


@pytest.mark.parametrize("kind", [0, 2])
def test_rows_of_one_kind_keep_the_penalty_that_was_learned(kind):
    scores, y, seen = noisy_scores()
    learned = CalibrationChain(TemperatureScaling(1.0), seen=SeenPenalty(0.7))
    one_kind = np.isin(y, [kind, kind + 1])
    chain = calibrate(learned, scores[one_kind], y[one_kind], seen)
    assert chain.seen == SeenPenalty(0.7)
    assert chain.scaling != learned.scaling


def test_null_offsets_come_before_the_penalty():
    scores, y, seen = noisy_scores()
    offsets = np.array([1.0, 1.0, 0.0, 0.0])
    with_null = CalibrationChain(TemperatureScaling(1.0), null=NullOffsets(offsets))
    a = calibrate(with_null, scores, y, seen)
    b = calibrate(PLAIN, scores - offsets, y, seen)
    assert a.null is with_null.null
    assert a.seen.gamma == pytest.approx(b.seen.gamma)
    assert a.scaling.temperature == pytest.approx(b.scaling.temperature, rel=1e-4)


def test_target_precision_by_hand():
    """Confidences 0.9 (right), 0.8 (right), 0.7 (no class), 0.6 (right), 0.55 (wrong).

    The temperature moves them, not their order.
    """
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6], [0.55, 0.45]])
    y, seen = np.array([0, 1, -1, 1, 1]), np.array([False, False])
    expected = {0.9: (2, 1.0), 0.76: (2, 1.0), 0.7: (4, 0.75), 0.59: (5, 0.6)}
    for target, (n, precision) in expected.items():
        chain = calibrate(PLAIN, np.log(p), y, seen, target_precision=target)
        assert chain.answers(chain.proba(np.log(p), seen)).sum() == n
        assert chain.abstention.precision == precision
        assert chain.abstention.coverage == n / 5
        assert chain.abstention.n_validation == 5


@pytest.mark.parametrize("target", [0, 1, -0.5, 1.5, np.nan])
def test_a_target_that_is_no_share(target):
    scores, y, seen = noisy_scores()
    with pytest.raises(OptionError, match="target_precision must be between 0 and 1"):
        calibrate(PLAIN, scores, y, seen, target_precision=target)


def test_prior():
    scores, y, seen = noisy_scores()
    prior = [0.7, 0.1, 0.1, 0.1]
    plain = calibrate(PLAIN, scores, y, seen)
    chain = calibrate(PLAIN, scores, y, seen, prior=prior)
    assert plain.prior is None
    assert chain.scaling == plain.scaling
    share = chain.proba(scores, seen).mean(axis=0)
    assert share[0] > plain.proba(scores, seen).mean(axis=0)[0]
    np.testing.assert_allclose(share, prior, atol=0.02)


def test_calibrating_again_starts_anew():
    scores, y, seen = noisy_scores()
    once = calibrate(PLAIN, scores, y, seen)
    asked = calibrate(PLAIN, scores, y, seen, target_precision=0.6, prior=[0.4, 0.2, 0.2, 0.2])
    again = calibrate(asked, scores, y, seen)
    assert (again.prior, again.abstention) == (None, None)
    assert (again.seen, again.scaling) == (once.seen, once.scaling)


def test_multi_label_calibration():
    scores, y, seen = noisy_scores()
    chain = calibrate(PLAIN, scores, np.append(y[:-1], -1), seen, multi_label=True)
    p = chain.proba(scores, seen)
    assert isinstance(chain.scaling, PlattScaling)
    assert p.mean() == pytest.approx(59 / (60 * 4), abs=0.02)
