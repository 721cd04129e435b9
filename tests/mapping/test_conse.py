import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from zstext.errors import OptionError
from zstext.mapping import ConSEMapping


@pytest.mark.parametrize("T", [1, 3, 50])
def test_equals_a_loop_over_items(world, T):
    model = ConSEMapping(T=T).fit(world.X, world.y, world.S)
    logistic = LogisticRegression(C=10.0, max_iter=200, tol=1e-3)
    logistic.fit(world.X - model.centre_.x, world.y)
    p = logistic.predict_proba(world.X_unseen - model.centre_.x)
    expected = []
    for row in p:
        top = np.argsort(-row)[:T]
        expected.append(sum(row[t] * (world.S[t] - model.centre_.s) for t in top) / row[top].sum())
    np.testing.assert_allclose(model.transform(world.X_unseen), expected, atol=1e-12)


def test_two_classes_are_logistic_too(world):
    two = world.y < 2
    model = ConSEMapping().fit(world.X[two], world.y[two], world.S)
    logistic = LogisticRegression(C=10.0, max_iter=200, tol=1e-3)
    p = logistic.fit(world.X[two] - model.centre_.x, world.y[two]).predict_proba(
        world.X - model.centre_.x
    )
    np.testing.assert_allclose(
        model.transform(world.X), p @ (world.S[:2] - model.centre_.s), atol=1e-10
    )


def test_one_class_stands_for_itself():
    model = ConSEMapping().fit([[1.0]], [0], [[2.0, 1.0], [0.0, 1.0]])
    np.testing.assert_array_equal(model.transform([[9.0]]), [[2.0, 1.0]])


def test_the_number_of_classes_must_be_positive(world):
    with pytest.raises(OptionError, match="T must be at least 1"):
        ConSEMapping(T=0).fit(world.X, world.y, world.S)
