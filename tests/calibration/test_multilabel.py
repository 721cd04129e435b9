import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from zstext.calibration import IsotonicScaling, PlattScaling
from zstext.errors import InputError


def draws(n=3000, seed=0):
    rng = np.random.default_rng(seed)
    F = 0.1 * rng.normal(size=(n, 2))
    p = 1 / (1 + np.exp(-(20 * F - 1)))
    return F, p, rng.random(p.shape) < p


def test_the_true_sigmoid_is_found():
    F, p, Y = draws()
    platt = PlattScaling.from_validation(F, Y)
    assert pytest.approx(-20, rel=0.1) == platt.A
    assert pytest.approx(1, abs=0.1) == platt.B
    np.testing.assert_allclose(platt.proba(F), p, atol=0.03)


def test_platt_minimises_the_smoothed_loss():
    F, _, Y = draws(60)
    n_pos, n_neg = Y.sum(), (~Y).sum()
    t = np.where(Y, (n_pos + 1) / (n_pos + 2), 1 / (n_neg + 2))

    def loss(A, B):
        p = PlattScaling(A, B).proba(F)
        return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()

    best = PlattScaling.from_validation(F, Y)
    here = loss(best.A, best.B)
    for dA, dB in ((0.5, 0), (-0.5, 0), (0, 0.05), (0, -0.05)):
        assert here <= loss(best.A + dA, best.B + dB)


@pytest.mark.parametrize("label", [True, False])
def test_one_kind_of_label_stays_off_the_ends(label):
    platt = PlattScaling.from_validation([[0.1, 0.2]], [[label, label]])
    assert ((platt.proba(np.array([[0.1, 0.2]])) > 0.5) == label).all()
    constant = PlattScaling.from_validation([[0.3, 0.3]], [[True, False]])
    np.testing.assert_allclose(constant.proba(np.array([[0.3]])), 0.5, atol=1e-3)


def test_isotonic_equals_scikit_learn_and_never_falls():
    F, _, Y = draws(200)
    ours = IsotonicScaling.from_validation(F, Y)
    theirs = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(F.ravel(), Y.ravel())
    grid = np.linspace(-1, 1, 301)
    np.testing.assert_allclose(ours.proba(grid), theirs.predict(grid))
    assert (np.diff(ours.proba(grid)) >= 0).all()


@pytest.mark.parametrize("kind", [PlattScaling, IsotonicScaling])
def test_state_and_shapes(kind):
    F, _, Y = draws(50)
    step = kind.from_validation(F, Y)
    np.testing.assert_array_equal(kind.from_state(step.to_state()).proba(F), step.proba(F))
    with pytest.raises(InputError, match="a label for each score"):
        kind.from_validation(F, Y[:, :1])
