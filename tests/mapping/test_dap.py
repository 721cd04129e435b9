from itertools import product

import numpy as np
import pytest

from zstext.errors import InputError
from zstext.mapping import DAPMapping


@pytest.fixture
def attributes(world):
    return (world.S[:, :4] > 0).astype(float)


def test_equals_the_sum_over_all_attribute_vectors(world, attributes):
    """Lampert's p(c|x) = sum over a of p(c|a) p(a|x), with p(c|a) = [a = a_c] / p(a_c)."""
    model = DAPMapping().fit(world.X, world.y, attributes)
    on = 1 / (1 + np.exp(-model.transform(world.X_unseen)))
    prior, used = model.prior_, attributes[:, model.attributes_]
    expected = np.zeros((len(on), len(attributes)))
    for a in product((0.0, 1.0), repeat=len(prior)):
        a = np.array(a)
        p_a_x = np.where(a == 1, on, 1 - on).prod(axis=1)
        p_a = np.where(a == 1, prior, 1 - prior).prod()
        expected += p_a_x[:, None] * (used == a).all(axis=1) / p_a
    scores = model.compatibility(world.X_unseen, attributes)
    np.testing.assert_allclose(np.exp(scores), expected, rtol=1e-9)


def test_an_attribute_all_seen_classes_share_is_left_out(world, attributes):
    attributes[:9, 1] = 1.0
    model = DAPMapping().fit(world.X, world.y, attributes)
    assert 1 not in model.attributes_


def test_attributes_must_be_binary(world):
    with pytest.raises(InputError, match="0 or 1"):
        DAPMapping().fit(world.X, world.y, world.S)
