import numpy as np
import pytest

from zstext.errors import InputError
from zstext.mapping import IdentityMapping


def test_cosine_by_hand():
    S = np.array([[2.0, 0.0], [0.0, 5.0], [1.0, 1.0]])
    model = IdentityMapping().fit(np.empty((0, 2)), np.empty(0, int), S)
    expected = [[1, 0, np.sqrt(0.5)]]
    np.testing.assert_allclose(model.compatibility([[3.0, 0.0]], S), expected)
    np.testing.assert_array_equal(model.transform([[3.0, 0.0]]), [[3.0, 0.0]])


def test_two_spaces_cannot_be_compared():
    with pytest.raises(InputError, match="not in one space"):
        IdentityMapping().fit(np.ones((1, 3)), [0], np.ones((2, 4)))
