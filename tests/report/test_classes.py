import numpy as np
import pytest

from tests.report.overlaps import overlapping_texts
from zstext.metrics import ClassReport
from zstext.report.classes import MAX_CLASSES, draw_classes
from zstext.report.style import BLUE, ORANGE


def report_of(n, *, untested=0):
    rng = np.random.default_rng(0)
    support = np.full(n, 30)
    support[:untested] = 0
    values = rng.random((3, n))
    return ClassReport(*values, support, support)


def ticks(figure):
    return [t.get_text() for t in figure.axes[0].get_yticklabels()]


@pytest.mark.parametrize("n", [1, 2, 10, 20, 150])
def test_no_text_covers_another(n, plain_style):
    names = [f"{k:03} and more of a name of it" for k in range(n)]
    figure = draw_classes(report_of(n), names, seen_mask=np.arange(n) % 2 == 0)
    assert overlapping_texts(figure) == []
    assert len(figure.axes[0].patches) == n


def test_the_best_is_on_top_and_classes_without_items_are_left_out(plain_style):
    report = ClassReport(*np.array([[0.1, 0.9, 0.5, 0]] * 3), np.array([5, 5, 5, 0]), np.ones(4))
    figure = draw_classes(report, list("abcd"))
    assert ticks(figure) == ["b", "c", "a"]
    assert figure.axes[0].texts[0].get_text() == "0.90   n = 5"


def test_seen_and_unseen_are_told_apart(plain_style):
    report = ClassReport(*np.array([[0.9, 0.5]] * 3), np.array([5, 5]), np.ones(2))
    figure = draw_classes(report, ["a", "b"], seen_mask=np.array([True, False]))
    from matplotlib.colors import to_rgba

    drawn = [p.get_facecolor() for p in figure.axes[0].patches]
    assert drawn == [to_rgba(BLUE), to_rgba(ORANGE)]


def test_of_too_many_classes_the_worst_are_drawn(plain_style):
    n = MAX_CLASSES + 5
    f1 = np.linspace(1, 0, n)
    report = ClassReport(f1, f1, f1, np.ones(n, int), np.ones(n, int))
    assert ticks(draw_classes(report, [str(k) for k in range(n)]))[0] == "5"
