"""What every mapping promises, and the cases where there is hardly anything to learn from."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.base import clone

from zstext.errors import InputError
from zstext.mapping import (
    BilinearMapping,
    ConSEMapping,
    DAPMapping,
    ESZSLMapping,
    IdentityMapping,
    PrototypeMapping,
    ReverseRidgeMapping,
    RidgeMapping,
    SAEMapping,
    load_mapping,
)
from zstext.state import State

MAPPINGS = [
    IdentityMapping(),
    RidgeMapping(),
    RidgeMapping(residual=True),
    ReverseRidgeMapping(),
    ESZSLMapping(),
    SAEMapping(),
    BilinearMapping(),
    BilinearMapping(loss="devise"),
    ConSEMapping(),
    DAPMapping(),
    PrototypeMapping(),
]
LEARNS = [m for m in MAPPINGS if not isinstance(m, IdentityMapping)]
NEEDS_LABELS = [m for m in LEARNS if not isinstance(m, PrototypeMapping)]


def semantics(mapping, S):
    return (S > 0).astype(float) if isinstance(mapping, DAPMapping) else S


def fitted(mapping, X, y, S):
    return clone(mapping).fit(X, y, semantics(mapping, S))


def score(model, mapping, X, S):
    return model.compatibility(X, semantics(mapping, S))


@pytest.fixture(params=MAPPINGS, ids=lambda m: repr(m).replace("Mapping", ""))
def mapping(request):
    return request.param


def test_scores_have_a_column_for_each_class_in_order(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    F = score(model, mapping, world.X_unseen, world.S)
    assert F.shape == (len(world.X_unseen), len(world.S))
    assert F.dtype == np.float64
    assert np.isfinite(F).all()


def test_the_scores_of_an_item_do_not_depend_on_the_others(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    whole = score(model, mapping, world.X, world.S)
    alone = np.concatenate([score(model, mapping, row[None], world.S) for row in world.X[:5]])
    np.testing.assert_allclose(alone, whole[:5], atol=1e-12)


def test_classes_added_after_fitting_get_a_column_and_change_no_other(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S[:9])
    before = score(model, mapping, world.X_unseen, world.S[:9])
    after = score(model, mapping, world.X_unseen, world.S)
    np.testing.assert_allclose(after[:, :9], before, atol=1e-12)


@pytest.mark.parametrize("mapping", LEARNS, ids=repr)
def test_unseen_classes_are_recognised_far_above_chance(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    assert model.score(world.X_unseen, world.y_unseen) > 0.6  # chance is 1/3


def test_order_of_the_rows_does_not_matter(mapping, world):
    if isinstance(mapping, BilinearMapping):
        pytest.skip("stochastic descent visits the rows in turn")
    order = np.random.default_rng(1).permutation(len(world.X))
    a = fitted(mapping, world.X, world.y, world.S)
    b = fitted(mapping, world.X[order], world.y[order], world.S)
    tolerance = 1e-2 if isinstance(mapping, ConSEMapping | DAPMapping) else 1e-8
    np.testing.assert_allclose(
        score(a, mapping, world.X_unseen, world.S),
        score(b, mapping, world.X_unseen, world.S),
        atol=tolerance,
    )


@pytest.mark.parametrize("mapping", NEEDS_LABELS, ids=repr)
def test_unlabelled_rows_are_left_alone(mapping, world):
    X, y = np.concatenate([world.X, world.X_unseen]), np.append(world.y, [-1] * len(world.X_unseen))
    a = fitted(mapping, world.X, world.y, world.S)
    b = fitted(mapping, X, y, world.S)
    F, G = (score(m, mapping, world.X, world.S) for m in (a, b))
    np.testing.assert_array_equal(F, G)


@pytest.mark.parametrize("mapping", NEEDS_LABELS, ids=repr)
def test_nothing_labelled_is_an_error(mapping, world):
    with pytest.raises(InputError, match="at least one labelled row"):
        fitted(mapping, world.X, np.full(len(world.X), -1), world.S)


def degenerate(world):
    X, y, S = world.X, world.y, world.S
    first = y == 0
    constant, flat = X.copy(), S.copy()
    constant[:, 3], flat[:, 2] = 7.0, 1.0
    yield "all classes seen", X, y, S[:9]
    yield "one example in all", X[:1], y[:1], S
    yield "one class", X[first], y[first], S
    yield "one example a class", X[::8], y[::8], S
    yield "a class with no row", X[~first], y[~first], S
    yield "constant feature", constant, y, S
    yield "every row the same", np.ones_like(X), y, S
    yield "attribute without variance", X, y, flat
    yield "equal class embeddings", X, y, np.ones_like(S)


@pytest.mark.parametrize("case", range(9))
def test_little_to_learn_from_gives_finite_scores(mapping, world, case):
    name, X, y, S = list(degenerate(world))[case]
    F = score(fitted(mapping, X, y, S), mapping, world.X_unseen, S)
    assert np.isfinite(F).all(), name


@pytest.mark.parametrize("mapping", LEARNS, ids=repr)
def test_more_dimensions_than_rows(mapping):
    rng = np.random.default_rng(0)
    S = rng.normal(size=(4, 60))
    X, y = S[[0, 1, 2]] + 0.1 * rng.normal(size=(3, 60)), np.arange(3)
    assert np.isfinite(score(fitted(mapping, X, y, S), mapping, X, S)).all()


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.ones((3, 10)), [0, 1], "3 rows of features but labels of shape"),
        (np.ones((2, 10)), [0, 12], "class index 12 but there are 12 class embeddings"),
        (np.ones((2, 10)), [0, -2], "class index -2"),
        (np.ones((2, 10)), [0.5, 1.0], "integer class indices"),
        (np.ones(10), [0], "must be a matrix"),
        (np.full((2, 10), np.nan), [0, 1], "not finite"),
    ],
)
def test_unusable_arrays_are_refused(mapping, world, X, y, message):
    with pytest.raises(InputError, match=message):
        fitted(mapping, X, y, world.S)


def test_other_shapes_than_those_of_fit_are_refused(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    with pytest.raises(InputError, match="the mapping has 10|not in one space"):
        score(model, mapping, world.X[:, :9], world.S)
    if isinstance(mapping, IdentityMapping):
        return  # knows nothing of the classes of fit
    with pytest.raises(InputError, match="expected the 12 rows of fit"):
        score(model, mapping, world.X, world.S[:5])


def test_state_survives_json(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    state = model.to_state()
    again = load_mapping(State(state.kind, json.loads(json.dumps(state.values)), state.arrays))
    assert repr(again) == repr(model)
    np.testing.assert_array_equal(
        score(again, mapping, world.X_unseen, world.S),
        score(model, mapping, world.X_unseen, world.S),
    )


def test_predict_takes_the_best_class(mapping, world):
    model = fitted(mapping, world.X, world.y, world.S)
    F = score(model, mapping, world.X, world.S)
    np.testing.assert_array_equal(model.predict(world.X), F.argmax(axis=1))
