import numpy as np
import pytest

from zstext.adaptation.rows import as_features, canonical
from zstext.errors import InputError


def test_copies_go_and_order_does_not_matter():
    X = np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0], [-0.0, 5.0], [1.0, 3.0]], dtype=np.float32)
    y = np.array([-1, -1, -1, -1, -1])
    rows = canonical(X, y)
    assert sorted(rows.tolist()) == [0, 1, 4]
    order = np.array([4, 3, 2, 1, 0])
    np.testing.assert_array_equal(X[order][canonical(X[order], y)], X[rows])


def test_the_same_document_with_another_label_is_another_row():
    assert len(canonical(np.ones((3, 2), dtype=np.float32), np.array([-1, 0, 0]))) == 2


def test_features_are_checked():
    with pytest.raises(InputError, match="matrix"):
        as_features([1.0])
    with pytest.raises(InputError, match="not finite"):
        as_features([[np.inf]])
