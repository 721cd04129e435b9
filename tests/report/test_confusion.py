import numpy as np
import pytest

from tests.report.overlaps import overlapping_texts
from zstext.report.confusion import MAX_CLASSES, confused_pairs, draw_confusion, shown_classes


def counts_of(n, rng, errors=3):
    counts = np.diag(np.full(n, 20))
    for _ in range(errors * n):
        counts[rng.integers(n), rng.integers(n)] += 1
    return counts


def test_pairs_by_hand():
    counts = np.array([[8, 2, 0], [0, 0, 0], [1, 2, 1]])
    support = np.array([10, 0, 5])  # one item of the last class has no label
    assert confused_pairs(counts, support) == [(0, 1, 2, 0.2), (2, 1, 2, 0.4), (2, 0, 1, 0.2)]
    assert confused_pairs(counts, support, 1) == [(0, 1, 2, 0.2)]
    assert confused_pairs(np.eye(3, dtype=int), np.ones(3, int)) == []


def test_few_classes_keep_the_users_order():
    counts = counts_of(12, np.random.default_rng(0))
    assert shown_classes(counts, counts.sum(axis=1)).tolist() == list(range(12))


def test_classes_that_are_confused_become_neighbours():
    counts = np.diag(np.full(20, 10))
    for a, b in ((0, 19), (3, 11), (7, 15)):
        counts[a, b] = counts[b, a] = 6
    order = shown_classes(counts, counts.sum(axis=1)).tolist()
    assert sorted(order) == list(range(20))
    for a, b in ((0, 19), (3, 11), (7, 15)):
        assert abs(order.index(a) - order.index(b)) == 1


def test_of_too_many_classes_those_with_the_most_errors_are_shown():
    n = MAX_CLASSES + 40
    counts = np.diag(np.full(n, 10))
    wrong = np.arange(40, n)
    counts[wrong, (wrong + 1 - 40) % MAX_CLASSES + 40] = 3
    assert set(shown_classes(counts, counts.sum(axis=1))) == set(wrong)


@pytest.mark.parametrize(
    ("n", "length"), [(1, 28), (2, 3), (2, 28), (5, 28), (10, 9), (20, 28), (45, 28), (150, 28)]
)
def test_no_name_covers_another(n, length, plain_style):
    counts = counts_of(n, np.random.default_rng(0))
    names = [f"{k:03}".ljust(length, "m") for k in range(n)]
    figure = draw_confusion(counts, counts.sum(axis=1), names)
    assert overlapping_texts(figure) == []


def test_every_count_is_written_if_there_is_room(plain_style):
    counts = np.array([[12_345, 0], [7, 0]])
    figure = draw_confusion(counts, counts.sum(axis=1), ["a", "b"])
    assert [t.get_text() for t in figure.axes[0].texts] == ["12k", "7"]
