import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError
from zstext.metrics import pooled_curve, seen_unseen, seen_unseen_curve


@st.composite
def problems(draw):
    n = draw(st.integers(2, 12))
    # Few distinct values, so that scores tie.
    F = np.array(
        draw(st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), min_size=n, max_size=n))
    )
    y = np.array([0, 4, *draw(st.lists(st.integers(0, 4), min_size=n - 2, max_size=n - 2))])
    return F.astype(float), y, np.array([True, True, True, False, False])


def brute_force(F, y, seen, gamma):
    p = (F - gamma * seen).argmax(axis=1)
    of = {
        kind: [np.mean(p[y == c] == c) for c in set(y) if seen[c] == kind] for kind in (True, False)
    }
    return np.mean(of[True]), np.mean(of[False])


@given(problems())
def test_every_point_is_what_that_penalty_gives(problem):
    F, y, seen = problem
    curve = seen_unseen_curve(F, y, seen)
    for gamma, S, U in zip(curve.gamma, curve.S, curve.U, strict=True):
        assert pytest.approx(brute_force(F, y, seen, gamma)) == (S, U)


@given(problems())
def test_no_penalty_beats_the_best(problem):
    F, y, seen = problem
    curve = seen_unseen_curve(F, y, seen)
    S, U = brute_force(F, y, seen, curve.best_gamma())
    best = 2 * S * U / (S + U) if S + U else 0.0
    assert best == pytest.approx(curve.H.max())
    for gamma in np.linspace(-6, 6, 97) + 0.001:
        S, U = brute_force(F, y, seen, gamma)
        assert S + U == 0 or best + 1e-12 >= 2 * S * U / (S + U)


@given(problems())
def test_area_is_that_of_the_polygon(problem):
    F, y, seen = problem
    curve = seen_unseen_curve(F, y, seen)
    x, h = [*curve.S, 0.0], [*curve.U, 0.0]
    shoelace = sum(x[i] * h[(i + 1) % len(x)] - x[(i + 1) % len(x)] * h[i] for i in range(len(x)))
    assert curve.ausuc == pytest.approx(abs(shoelace) / 2)
    assert curve.U[0] == curve.S[-1] == 0


def test_by_hand():
    result = seen_unseen([0, 0, 1, 2], [0, 1, 1, 2], [True, True, False])
    assert (result.S, result.U) == (0.75, 1.0)
    assert pytest.approx(1.5 / 1.75) == result.H
    assert seen_unseen([0, 1], [1, 0], [True, False]).H == 0


def test_a_kind_without_items_is_not_a_number():
    result = seen_unseen([0], [0], [True, False])
    assert result.S == 1
    assert np.isnan(result.U)
    assert np.isnan(result.H)
    with pytest.raises(InputError, match="items of seen classes and of unseen"):
        seen_unseen_curve([[1.0, 0.0]], [0], [True, False])


@given(problems(), problems(), st.permutations(range(5)))
def test_pooled_folds_weigh_classes_not_folds(one, other, order):
    """A class counts in S with its rows where it is seen, in U with those where it is hidden."""
    F, y, seen = one
    masks = seen, seen[np.array(order)]
    folds = [(F, y, masks[0]), (other[0], other[1], masks[1])]
    curve = pooled_curve(folds)
    for gamma, S, U in zip(curve.gamma, curve.S, curve.U, strict=True):
        hits = {True: {}, False: {}}
        for F, y, mask in folds:
            for hit, c in zip((F - gamma * mask).argmax(axis=1) == y, y, strict=True):
                hits[bool(mask[c])].setdefault(c, []).append(hit)
        for kind, value in ((True, S), (False, U)):
            assert np.mean([np.mean(v) for v in hits[kind].values()]) == pytest.approx(value)


def test_pooled_by_hand():
    """Class 1 is hidden in the first fold, class 0 in the second; class 2 has no rows."""
    first = [[3.0, 1, 0], [2, 1, 0]], [0, 1], [True, False, False]
    second = [[0.0, 4, 1], [1, 4, 0], [0, 3, 0.5]], [0, 0, 1], [False, True, False]
    curve = pooled_curve([first, second])
    assert curve.flips.tolist() == [1, 2, 2.5, 3]  # the leads: 2, 1; 3, 3, 2.5
    assert curve.S.tolist() == [1, 1, 0.5, 0, 0]
    assert curve.U.tolist() == [0, 0.5, 0.5, 0.5, 0.75]  # one row of class 0 goes to class 2


def test_folds_without_two_kinds_of_class_are_no_duel():
    fold = [[3.0, 1], [2, 1]], [0, 1], [True, False]
    alone = [[3.0, 1], [2, 1]], [0, 1], [True, True]
    np.testing.assert_array_equal(pooled_curve([fold, alone]).S, pooled_curve([fold]).S)
    for nothing in ([], [alone]):
        with pytest.raises(InputError, match="items of seen classes and of unseen"):
            pooled_curve(nothing)
