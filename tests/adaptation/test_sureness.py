import numpy as np
import pytest
from scipy.special import softmax

from zstext.adaptation.sureness import as_sure_as


@pytest.mark.parametrize("sureness", [0.4, 0.7, 0.99])
def test_the_mean_top_probability_is_reached(sureness):
    scores = 50 * np.random.default_rng(0).standard_normal((100, 3))
    p = softmax(scores / as_sure_as(scores, sureness), axis=1)
    assert p.max(axis=1).mean() == pytest.approx(sureness, abs=1e-6)


def test_what_cannot_be_reached_is_bounded():
    assert as_sure_as(np.zeros((2, 2)), 0.9) == pytest.approx(0.01)
    assert as_sure_as(np.array([[1e9, 0.0]]), 0.1) == pytest.approx(1e4)
