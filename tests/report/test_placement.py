import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zstext.report.placement import place_labels

BOUNDS = (0.0, 0.0, 400.0, 300.0)
labels = st.lists(
    st.tuples(st.floats(-50, 450), st.floats(-50, 350), st.floats(5, 120), st.floats(5, 30)),
    min_size=1,
    max_size=20,
)


def test_a_label_alone_is_where_it_wants_to_be():
    assert place_labels(np.array([[100.0, 50]]), np.array([[40.0, 10]]), BOUNDS).tolist() == [
        [100, 50]
    ]


def test_a_second_one_moves_by_as_little_as_it_can():
    placed = place_labels(np.full((2, 2), 100.0), np.full((2, 2), 10.0), BOUNDS)
    assert placed.tolist() == [[100, 100], [110, 100]]


def test_a_label_wider_than_the_picture_is_left_out():
    placed = place_labels(np.array([[100.0, 100]]), np.array([[500.0, 10]]), BOUNDS)
    assert np.isnan(placed).all()


@settings(max_examples=50)
@given(labels)
def test_no_box_covers_another_or_leaves_the_picture(items):
    anchors, sizes = np.array(items)[:, :2], np.array(items)[:, 2:]
    centres = place_labels(anchors, sizes, BOUNDS)
    kept = ~np.isnan(centres[:, 0])
    c, s = centres[kept], sizes[kept]
    assert (c - s / 2 >= -1e-6).all()
    assert (c + s / 2 <= np.array(BOUNDS[2:]) + 1e-6).all()
    apart = (np.abs(c[:, None] - c) >= (s[:, None] + s) / 2 - 1e-9).any(axis=2)
    assert (apart | np.eye(len(c), dtype=bool)).all()
