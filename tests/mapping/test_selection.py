import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV

from zstext.errors import InputError, OptionError
from zstext.mapping import (
    ClassKFold,
    PrototypeMapping,
    RidgeMapping,
    pseudo_unseen_folds,
    select,
)


def test_every_class_is_pseudo_unseen_once(world):
    splitter, hidden = ClassKFold(4), []
    for train, test in splitter.split(world.X, world.y):
        assert not set(world.y[train]) & set(world.y[test])
        hidden += sorted(set(world.y[test]))
    assert sorted(hidden) == list(range(9))
    assert splitter.get_n_splits(y=world.y) == 4


def test_rows_of_the_other_classes_are_held_out_but_never_all():
    y = np.array([0, 1, 1, 2, 2, 2, 2, 2, 2, 2, -1])
    for train, test in ClassKFold(3, held_out=0.3).split(np.zeros((11, 1)), y):
        assert 10 in train
        hidden = set(y[test]) - set(y[train])
        assert len(hidden) == 1
        for c, n_held in {1: 1, 2: 2}.items():
            if c not in hidden:
                assert (y[test] == c).sum() == n_held
        assert (y[test] == 0).sum() == (0 in hidden)


def test_no_more_folds_than_classes():
    y = np.array([0, 0, 1, 1])
    assert len(list(ClassKFold(5).split(np.zeros((4, 1)), y))) == 2


def test_what_cannot_be_split():
    with pytest.raises(InputError, match="two classes or more, got 1"):
        next(ClassKFold().split(np.zeros((2, 1)), [0, -1]))
    with pytest.raises(OptionError, match="n_splits must be at least 2"):
        ClassKFold(1)


def test_four_classes_are_too_few_to_hide_some(world):
    four = world.y < 4
    mapping = PrototypeMapping()
    assert pseudo_unseen_folds(mapping, world.X[four], world.y[four], world.S) == []


def test_grid_search_and_select_agree(world):
    grid = {"alpha": [0.1, 10.0, 1000.0]}
    search = GridSearchCV(RidgeMapping(), grid, cv=ClassKFold())
    search.fit(world.X, world.y, S=world.S)
    chosen = select(RidgeMapping(), grid, world.X, world.y, world.S)
    assert chosen.alpha == search.best_params_["alpha"]
    np.testing.assert_array_equal(chosen.W_, search.best_estimator_.W_)


def test_with_one_class_nothing_is_selected(world):
    one = world.y == 0
    chosen = select(RidgeMapping(alpha=7.0), {"alpha": [1.0]}, world.X[one], world.y[one], world.S)
    assert chosen.alpha == 7.0


def test_folds_score_rows_of_seen_classes_among_all_classes(world):
    """Each seen class is hidden once, and the really unseen ones, 9 to 11, compete everywhere."""
    mapping = PrototypeMapping()
    folds = pseudo_unseen_folds(mapping, world.X, world.y, world.S)
    assert not hasattr(mapping, "evidence_")
    assert len(folds) == 9
    for scores, y, seen_mask in folds:
        assert scores.shape == (len(y), 12)
        assert seen_mask.sum() == 8
        assert set(y) == set(range(9))
        assert not seen_mask[9:].any()
    assert sorted(np.flatnonzero(~f.seen_mask)[0] for f in folds) == list(range(9))


def test_a_fold_is_scored_by_a_clone_that_saw_neither_row_nor_class(world):
    """What a fold says of a class does not change when its hidden rows do."""
    folds = pseudo_unseen_folds(RidgeMapping(), world.X, world.y, world.S)
    hidden = int(np.flatnonzero(~folds[0].seen_mask)[0])
    moved = world.X + 100.0 * (world.y == hidden)[:, None]
    again = pseudo_unseen_folds(RidgeMapping(), moved, world.y, world.S)[0]
    rows = folds[0].y != hidden
    np.testing.assert_array_equal(again.scores[rows], folds[0].scores[rows])
    assert not np.allclose(again.scores[~rows], folds[0].scores[~rows])


def test_half_of_the_hidden_rows_join_the_unlabelled(world):
    y = np.where(world.y == 8, -1, world.y)
    n_rows = [len(f.y) for f in pseudo_unseen_folds(PrototypeMapping(), world.X, y, world.S)]
    labelled = y >= 0
    without = pseudo_unseen_folds(PrototypeMapping(), world.X[labelled], y[labelled], world.S)
    assert all(a < len(f.y) for a, f in zip(n_rows, without, strict=True))


@pytest.mark.parametrize("rows", [slice(0, 8), slice(0, None, 8), slice(0, 0)])
def test_too_little_to_hide_gives_no_fold(world, rows):
    assert pseudo_unseen_folds(PrototypeMapping(), world.X[rows], world.y[rows], world.S) == []


def test_the_order_of_the_classes_does_not_matter(world):
    order = np.random.default_rng(1).permutation(len(world.S))
    place = np.argsort(order)
    folds = pseudo_unseen_folds(RidgeMapping(), world.X, world.y, world.S)
    others = pseudo_unseen_folds(RidgeMapping(), world.X, place[world.y], world.S[order])
    for fold, other in zip(folds, others, strict=True):
        np.testing.assert_allclose(fold.scores[:, order], other.scores, atol=1e-8)
        np.testing.assert_array_equal(fold.seen_mask[order], other.seen_mask)
        np.testing.assert_array_equal(place[fold.y], other.y)
    grid = {"alpha": [0.1, 1.0, 10.0, 100.0]}
    chosen = select(RidgeMapping(), grid, world.X, world.y, world.S)
    again = select(RidgeMapping(), grid, world.X, place[world.y], world.S[order])
    assert chosen.alpha == again.alpha
