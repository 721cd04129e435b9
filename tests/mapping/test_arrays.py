import numpy as np

from zstext.mapping.arrays import Centre, class_sums
from zstext.mapping.vectors import unit_rows


def test_unit_rows_leaves_zeros_alone():
    np.testing.assert_allclose(unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0, 0]])


def test_class_sums_by_hand():
    sums, counts = class_sums(np.array([[1.0], [2.0], [5.0]]), np.array([2, 2, 0]), 4)
    np.testing.assert_array_equal(sums, [[5], [0], [3], [0]])
    np.testing.assert_array_equal(counts, [1, 0, 2, 0])


def test_the_centre_counts_every_class_once():
    X, y = np.array([[0.0], [0.0], [0.0], [8.0]]), np.array([0, 0, 0, 1])
    centre = Centre.of(X, y, np.array([[1.0], [3.0], [100.0]]))
    assert centre.x == [4.0]
    assert centre.s == [2.0]


def test_the_centre_of_few_classes_counts_for_less():
    centre = Centre(np.array([4.0]), np.array([2.0])).shrunk(3)
    assert centre.x == [2.0]
    assert centre.s == [1.0]


def test_one_class_is_not_its_own_origin():
    centre = Centre.of(np.array([[2.0]]), np.array([0]), np.array([[1.0]]))
    assert centre.x == [0.0]
    assert centre.s == [0.0]
