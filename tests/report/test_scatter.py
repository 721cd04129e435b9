import numpy as np
import pytest

from tests.report.overlaps import overlapping_texts
from zstext.report.scatter import MAX_COLOURED, coloured_classes, draw_scatter, flatten


def test_two_axes_hold_the_variance():
    rng = np.random.default_rng(0)
    plane = rng.normal(size=(50, 2)) @ np.array([[1.0, 2, 0, 1], [0, 1, 3, 1]])
    Z, kept = flatten(plane)
    assert kept == pytest.approx(1)
    gaps = np.linalg.norm(plane[:, None] - plane, axis=2)
    assert np.linalg.norm(Z[:, None] - Z, axis=2) == pytest.approx(gaps, abs=1e-9)


def test_few_classes_are_all_coloured():
    y = np.array([3, -1, 0, 0, 7])
    assert coloured_classes(np.zeros((5, 2)), y).tolist() == [0, 3, 7]


def test_of_many_classes_those_that_lie_apart():
    # 15 classes far apart, 25 in one spot: all of the 15 are chosen.
    Z = np.zeros((40, 2))
    Z[:15, 0] = 100 * np.arange(1, 16)
    chosen = coloured_classes(Z, np.arange(40))
    assert len(chosen) == MAX_COLOURED
    assert set(range(15)) < set(chosen.tolist())


@pytest.mark.parametrize("spread", [0.0, 0.3, 3.0])
def test_no_class_name_covers_another(spread, plain_style):
    rng = np.random.default_rng(0)
    y = rng.integers(-1, 30, 900)
    Z = spread * rng.normal(size=(30, 2))[y] + rng.normal(size=(900, 2))
    names = [f"{k} a rather long class name" for k in range(30)]
    figure = draw_scatter(Z, y, coloured_classes(Z, y), names)
    figure.canvas.draw()
    frames = [t.get_bbox_patch().get_window_extent() for t in figure.axes[0].texts]
    assert len(frames) == MAX_COLOURED
    low = np.array([f.min for f in frames])
    high = np.array([f.max for f in frames])
    both = (np.minimum(high[:, None], high) - np.maximum(low[:, None], low) > 0).all(axis=2)
    assert not (both & ~np.eye(len(frames), dtype=bool)).any()
    assert overlapping_texts(figure) == []


def test_every_item_is_in_view_and_a_class_alone_is_named_at_its_median(plain_style):
    Z = np.array([[0.0, 0], [2, 2], [4, 1], [400, 300], [404, 302], [401, 299]])
    ax = draw_scatter(Z, np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1]), ["a", "b"]).axes[0]
    for limits, values in ((ax.get_xlim(), Z[:, 0]), (ax.get_ylim(), Z[:, 1])):
        assert limits[0] < values.min() < values.max() < limits[1]
    assert ax.texts[0].get_position() == pytest.approx((2, 1))
    assert ax.texts[1].get_position() == pytest.approx((401, 300))


def test_lines_to_names_do_not_move_the_view(plain_style):
    # All classes but one at the right edge: short names go into the margin.
    Z = np.tile([[1.0, 0.0]], (15, 1))
    Z[0] = 0.0, 1.0
    ax = draw_scatter(Z, np.arange(15), np.arange(15), list("abcdefghijklmno")).axes[0]
    assert len(ax.lines) > 5
    ax.figure.canvas.draw()
    assert max(line.get_xdata()[1] for line in ax.lines) > 1
    assert ax.get_xlim() == pytest.approx((-0.05, 1.05))
