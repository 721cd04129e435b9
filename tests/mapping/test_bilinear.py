import numpy as np
import pytest
from scipy.optimize import approx_fprime

from zstext.errors import OptionError
from zstext.mapping import BilinearMapping
from zstext.mapping.bilinear import ranking_loss


def test_losses_by_hand():
    # Right class 0 scores 1; violations 0.2 + 1.5 - 1 = 0.7, 0.2 + 0.9 - 1 = 0.1, none.
    F, y = np.array([[1.0, 1.5, 0.9, 0.0]]), np.array([0])
    value, G = ranking_loss(F, y, 0.2, "devise")
    assert value == pytest.approx(0.8)
    np.testing.assert_allclose(G, [[-2, 1, 1, 0]])
    value, G = ranking_loss(F, y, 0.2, "ale")
    assert value == pytest.approx((1 + 1 / 2) / 2 * 0.8)
    np.testing.assert_allclose(G, [[-1.5, 0.75, 0.75, 0]])


@pytest.mark.parametrize("loss", ["ale", "devise"])
def test_gradient_by_finite_differences(loss):
    rng = np.random.default_rng(0)
    F, y = rng.normal(size=(6, 4)), rng.integers(4, size=6)
    numeric = approx_fprime(F.ravel(), lambda f: ranking_loss(f.reshape(6, 4), y, 0.3, loss)[0])
    np.testing.assert_allclose(ranking_loss(F, y, 0.3, loss)[1].ravel(), numeric, atol=1e-5)


def test_a_separable_problem_is_learned(world):
    model = BilinearMapping(n_epochs=30).fit(world.X, world.y, world.S)
    assert model.score(world.X, world.y) > 0.95


def test_equal_seeds_give_equal_mappings(world):
    a, b = (BilinearMapping(random_state=3).fit(world.X, world.y, world.S) for _ in range(2))
    np.testing.assert_array_equal(a.W_, b.W_)


def test_unknown_loss(world):
    with pytest.raises(OptionError, match="loss must be one of"):
        BilinearMapping(loss="hinge").fit(world.X, world.y, world.S)
