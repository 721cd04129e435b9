import numpy as np

from zstext.protocols import Encoded
from zstext.scoring.readable import placed, readable_items


def test_items_that_could_not_be_read_are_left_out():
    windows = np.arange(8.0).reshape(4, 2)
    encoded = Encoded(windows, np.array([1, 2, 1]), np.zeros(3, dtype=bool), {1: "broken"})
    rows, readable = readable_items(encoded)
    assert rows.tolist() == [0, 2]
    assert readable.windows.tolist() == windows[[0, 3]].tolist()
    assert readable.counts.tolist() == [1, 1]
    assert readable.middle is None


def test_what_the_middle_layer_says_stays_with_its_item():
    windows, middle = np.arange(8.0).reshape(4, 2), np.arange(12.0).reshape(4, 3)
    counts, cut = np.array([1, 2, 1]), np.zeros(3, dtype=bool)
    encoded = Encoded(windows, counts, cut, {1: "broken"}, middle=middle)
    _, readable = readable_items(encoded)
    assert readable.middle.tolist() == middle[[0, 3]].tolist()


def test_nothing_changes_without_reasons():
    encoded = Encoded(np.ones((2, 2)), np.array([1, 1]), np.zeros(2, dtype=bool))
    rows, readable = readable_items(encoded)
    assert readable is encoded
    assert placed(encoded.windows, rows, 2) is encoded.windows


def test_the_others_are_nan():
    out = placed(np.ones((1, 2), dtype=np.float32), np.array([1]), 3)
    assert np.isnan(out).all(axis=1).tolist() == [True, False, True]
    assert out.dtype == np.float32
