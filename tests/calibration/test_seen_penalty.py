import numpy as np
import pytest

from zstext.calibration import SeenPenalty
from zstext.errors import OptionError, PersistenceError
from zstext.mapping import PrototypeMapping, RidgeMapping, pseudo_unseen_folds, select
from zstext.metrics import seen_unseen_curve
from zstext.state import State

SEEN = np.array([True, True, False, False])


def biased(n=400, bias=1.5, seed=0):
    """Right scores, and an advantage of `bias` for the seen classes."""
    rng = np.random.default_rng(seed)
    y = rng.integers(4, size=n)
    F = rng.normal(size=(n, 4)) * 0.5 + 2 * np.eye(4)[y]
    return F + bias * SEEN, y


def test_the_advantage_is_found_and_taken_off():
    F, y = biased()
    penalty = SeenPenalty.from_validation(F, y, SEEN)
    assert penalty.gamma == pytest.approx(1.5, abs=0.3)
    assert (penalty.apply(F, SEEN).argmax(axis=1) == y).mean() > 0.98


def test_the_penalty_is_the_median_of_those_within_two_per_cent_of_the_best():
    F, y = biased(bias=0.4, seed=3)
    curve = seen_unseen_curve(F, y, SEEN)
    least = 0.98 * max(curve.H)
    good = [g for g, H in zip(curve.gamma, curve.H, strict=True) if least <= H]
    assert SeenPenalty.from_folds([(F, y, SEEN)]).gamma == sorted(good)[len(good) // 2]
    best = [g for g, H in zip(curve.gamma, curve.H, strict=True) if max(curve.H) <= H]
    assert SeenPenalty.from_validation(F, y, SEEN).gamma == sorted(best)[len(best) // 2]
    assert len(good) > len([H for H in curve.H if max(curve.H) <= H]) > 0


def test_rows_are_pooled_over_folds():
    """Folds that hide one class each: in either, U is that of one class."""
    (F, y), hide = biased(), [np.array([True, True, c != 2, c != 3]) for c in (2, 3)]
    parts = [(F, y, seen) for seen in hide]
    gamma = SeenPenalty.from_folds(parts).gamma
    grid = np.linspace(-1, 4, 501)
    pooled = [_harmonic(parts, g) for g in grid]
    assert _harmonic(parts, gamma) >= 0.98 * max(pooled)


def _harmonic(folds, gamma):
    y, seen = (np.concatenate(c) for c in zip(*((y, s[y]) for _, y, s in folds), strict=True))
    hit = np.concatenate([(F - gamma * s).argmax(axis=1) == y for F, y, s in folds])
    S, U = (np.mean([hit[k & (y == c)].mean() for c in set(y[k])]) for k in (seen, ~seen))
    return 2 * S * U / (S + U)


@pytest.mark.parametrize("seen", [[True] * 4, [False] * 4])
def test_one_kind_of_class_leaves_nothing_to_calibrate(seen):
    F, y = biased()
    assert SeenPenalty.from_validation(F, y, seen).gamma == 0
    assert SeenPenalty(2.0).apply(F, seen) is F


def test_no_fold_says_nothing():
    assert SeenPenalty.from_folds([]).gamma == 0


def test_rows_of_no_class_are_not_looked_at():
    F, y = biased()
    more = np.concatenate([F, [[99.0, 0, 0, 0]]])
    assert SeenPenalty.from_validation(more, np.append(y, -1), SEEN) == SeenPenalty.from_validation(
        F, y, SEEN
    )


def test_what_is_fitted_does_not_change_with_the_test_labels():
    """Corrupting every label of the unseen classes changes no number that was chosen."""
    rng = np.random.default_rng(0)
    S = rng.normal(size=(12, 8))
    y_all = np.repeat(np.arange(12), 10)
    X_all = S[y_all] + 0.4 * rng.normal(size=(120, 8))
    chosen = []
    for corrupt in (False, True):
        truth = np.where(y_all >= 8, rng.permutation(y_all) % 4 + 8, y_all) if corrupt else y_all
        train = (truth < 8) & (np.arange(120) % 2 == 0)
        folds = pseudo_unseen_folds(PrototypeMapping(), X_all[train], truth[train], S)
        mapping = PrototypeMapping().fit(X_all[train], truth[train], S)
        alpha = select(RidgeMapping(), {"alpha": [0.1, 10.0]}, X_all[train], truth[train], S).alpha
        gamma = SeenPenalty.from_folds(folds).gamma
        chosen.append((gamma, alpha, mapping.compatibility(X_all, S)))
    assert chosen[0][:2] == chosen[1][:2]
    np.testing.assert_array_equal(chosen[0][2], chosen[1][2])


def test_state_round_trip():
    assert SeenPenalty.from_state(SeenPenalty(0.3).to_state()) == SeenPenalty(0.3)
    with pytest.raises(PersistenceError, match="SoftGate"):
        SeenPenalty.from_state(State("SoftGate"))


def test_gamma_must_be_finite():
    with pytest.raises(OptionError, match="finite"):
        SeenPenalty(float("nan"))
