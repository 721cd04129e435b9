import numpy as np
import pytest
from sklearn.linear_model import Ridge

from zstext.errors import InputError, OptionError
from zstext.mapping import IdentityMapping, PrototypeMapping
from zstext.mapping.prototype import left_out, resultant_length
from zstext.mapping.vectors import unit_rows

from .conftest import make_world


def test_without_labels_it_is_the_cosine(world):
    y = np.full(len(world.X), -1)
    a = PrototypeMapping().fit(world.X, y, world.S).compatibility(world.X, world.S)
    b = IdentityMapping().fit(world.X, y, world.S).compatibility(world.X, world.S)
    np.testing.assert_allclose(a, b, atol=1e-12)


def test_one_labelled_item_by_hand():
    """No centring, a round cloud, no map: q_0 = unit(kappa (1, 0) + (0, 1))."""
    S = np.eye(2)
    model = PrototypeMapping(kappa=3.0, alpha=1e9).fit([[0.0, 2.0]], [0], S)
    q = np.array([3.0, 1.0]) / np.sqrt(10)
    np.testing.assert_allclose(model.compatibility([[0.0, 1.0]], S), [[q[1], 1.0]], atol=1e-8)


def test_evidence_outweighs_the_description_as_it_grows(world):
    weight = []
    for n in (1, 2, 8):
        rows = np.concatenate([np.flatnonzero(world.y == c)[:n] for c in range(9)])
        model = PrototypeMapping().fit(world.X[rows], world.y[rows], world.S)
        e = np.linalg.norm(model.evidence_, axis=1)
        assert (e[9:] == 0).all()
        weight.append(e[:9].mean())
    assert weight == sorted(weight)
    assert weight[-1] == pytest.approx(8, rel=0.2)


def test_the_map_of_descriptions_is_a_weighted_ridge(world):
    model = PrototypeMapping(alpha=2.0).fit(world.X, world.y, world.S)
    A = unit_rows((world.S - model.centre_.s) @ model.whitening_)[:9]
    Z = model.transform(world.X)
    P = unit_rows(np.stack([Z[world.y == c].sum(axis=0) for c in range(9)]))
    ridge = Ridge(alpha=2.0, fit_intercept=False).fit(A, P - A, sample_weight=np.full(9, 8 / 13))
    np.testing.assert_allclose(model.B_, ridge.coef_.T, atol=1e-8)


def test_spaces_may_differ():
    world = make_world(n_features=10, n_semantic=6)
    model = PrototypeMapping().fit(world.X, world.y, world.S)
    assert model.score(world.X_unseen, world.y_unseen) > 0.6
    with pytest.raises(InputError, match="nothing is labelled"):
        PrototypeMapping().fit(world.X, np.full(len(world.X), -1), world.S)


def test_unlabelled_items_move_the_unseen_classes_to_where_they_are():
    world = make_world(per_class=30, seed=4)
    X = np.concatenate([world.X, world.X_unseen[::2]])
    y = np.append(world.y, [-1] * len(world.X_unseen[::2]))
    with_them = PrototypeMapping().fit(X, y, world.S)
    without = PrototypeMapping(unlabelled_weight=0).fit(X, y, world.S)
    test = world.X_unseen[1::2], world.y_unseen[1::2]
    assert with_them.score(*test) >= without.score(*test)
    assert (np.linalg.norm(with_them.evidence_[9:], axis=1) > 1).all()
    assert (without.evidence_[9:] == 0).all()


def test_a_row_left_out_is_predicted_as_by_a_fit_without_it():
    rng = np.random.default_rng(0)
    A, T = rng.normal(size=(7, 3)), rng.normal(size=(7, 4))
    H = A @ np.linalg.solve(A.T @ A + 0.5 * np.eye(3), A.T)
    for row, predicted in enumerate(left_out(H, T)):
        rest = np.arange(7) != row
        model = Ridge(alpha=0.5, fit_intercept=False).fit(A[rest], T[rest])
        np.testing.assert_allclose(predicted, model.predict(A[[row]])[0])


@pytest.mark.parametrize("n_semantic", [10, 6])
def test_levelled_more_unlabelled_items_get_to_unseen_classes(n_semantic):
    world = make_world(per_class=30, n_semantic=n_semantic, seed=4)
    X = np.concatenate([world.X, world.X_unseen[::2]])
    y = np.append(world.y, [-1] * len(world.X_unseen[::2]))
    plain, level = (PrototypeMapping(level=v).fit(X, y, world.S) for v in (False, True))
    share = [np.linalg.norm(m.evidence_[9:], axis=1).sum() for m in (plain, level)]
    assert share[1] > share[0]
    X_test, y_test = world.X_unseen[1::2], world.y_unseen[1::2]
    hits = [np.mean(m.predict(X_test) == y_test) for m in (plain, level)]
    assert hits[1] >= hits[0]


def test_levelling_changes_nothing_without_unlabelled_items(world):
    plain, level = (PrototypeMapping(level=v).fit(world.X, world.y, world.S) for v in (False, True))
    np.testing.assert_array_equal(plain.evidence_, level.evidence_)


def test_resultant_length_is_the_mean_cosine_of_two_items():
    Z = unit_rows(np.random.default_rng(0).normal(size=(5, 3)) + 2)
    pairs = [Z[i] @ Z[j] for i in range(5) for j in range(5) if i != j]
    expected = np.sqrt(np.mean(pairs))
    assert resultant_length(Z.sum(axis=0)[None], np.array([5])) == pytest.approx(expected)
    assert resultant_length(Z[:1], np.array([1])) == 1.0


@pytest.mark.parametrize("option", ["kappa", "alpha", "shrinkage"])
def test_options_must_be_positive(world, option):
    with pytest.raises(OptionError, match=f"{option} must be above 0"):
        PrototypeMapping(**{option: 0.0}).fit(world.X, world.y, world.S)


def test_unlabelled_items_cannot_count_less_than_nothing(world):
    with pytest.raises(OptionError, match="unlabelled_weight"):
        PrototypeMapping(unlabelled_weight=-1).fit(world.X, world.y, world.S)
