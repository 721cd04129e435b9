import numpy as np
import pytest

from zstext.adaptation.rows import as_features, canonical
from zstext.errors import InputError


def test_copies_go_and_order_does_not_matter():
    X = np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0], [-0.0, 5.0], [1.0, 3.0]], dtype=np.float32)
    y = np.array([-1, -1, -1, -1, -1])
    P = np.zeros((5, 2))
    rows = canonical(X, y, P)
    assert sorted(rows.tolist()) == [0, 1, 4]
    order = np.array([4, 3, 2, 1, 0])
    np.testing.assert_array_equal(X[order][canonical(X[order], y, P)], X[rows])


def test_the_same_document_with_another_label_is_another_row():
    X, P = np.ones((3, 2), dtype=np.float32), np.zeros((3, 2))
    assert len(canonical(X, np.array([-1, 0, 0]), P)) == 2


def test_the_same_features_with_other_log_probabilities_are_another_row():
    """Or which of them counts would be up to the order."""
    X, y = np.ones((3, 2), dtype=np.float32), np.full(3, -1)
    P = np.array([[0.0, -1.0], [-0.0, -1.0], [0.0, -1.0 - 1e-12]])
    rows = canonical(X, y, P)
    assert len(rows) == 2
    np.testing.assert_array_equal(P[::-1][canonical(X, y, P[::-1])], P[rows])


def test_features_are_checked():
    with pytest.raises(InputError, match="matrix"):
        as_features([1.0])
    with pytest.raises(InputError, match="not finite"):
        as_features([[np.inf]])
