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


def test_one_fold_gives_the_best_penalty_of_its_curve():
    F, y = biased(n=60, seed=3)
    curve = seen_unseen_curve(F, y, SEEN)
    gamma = SeenPenalty.from_validation(F, y, SEEN).gamma
    assert curve.H[np.flatnonzero(curve.gamma == gamma)[0]] == curve.H.max()


def test_folds_are_averaged():
    parts = [(*biased(bias=b, seed=s), SEEN) for s, b in enumerate((1.0, 2.0))]
    gamma = SeenPenalty.from_folds(parts).gamma
    alone = [SeenPenalty.from_folds([p]).gamma for p in parts]
    assert min(alone) <= gamma <= max(alone)
    grid = np.linspace(-1, 4, 501)
    mean = [np.mean([_harmonic(*p, g) for p in parts]) for g in grid]
    assert np.mean([_harmonic(*p, gamma) for p in parts]) >= max(mean) - 1e-12


def _harmonic(F, y, seen, gamma):
    hit = (F - gamma * seen).argmax(axis=1) == y
    S, U = (np.mean([hit[y == c].mean() for c in np.flatnonzero(k)]) for k in (seen, ~seen))
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
