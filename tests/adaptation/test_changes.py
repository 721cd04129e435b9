import numpy as np
import pytest

from zstext.adaptation import Adaptation, Changes

from .conftest import plant


def test_changes_by_hand():
    before = np.log([[0.9, 0.1], [0.6, 0.4], [0.6, 0.4], [0.2, 0.8]])
    after = np.log([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9], [0.2, 0.8]])
    c = Changes.between(before, after, distinct=4, reason=None)
    assert c.changed == 2
    assert c.examples.tolist() == [2, 1]  # the surest first
    assert c.before.tolist() == [0, 0, 0, 1]
    assert c.after.tolist() == [0, 1, 1, 1]
    assert c.shares_before.tolist() == [0.75, 0.25]
    assert c.shares_after.tolist() == [0.25, 0.75]
    assert c.summary() == "adapted on 4 different documents: 2 of 4 changed their label"


def test_examples_are_bounded(planted):
    c = Adaptation.fit(planted.X, planted.P).changes(planted.X, planted.P)
    assert c.changed > len(c.examples) == 20
    assert c.shares_after.sum() == pytest.approx(1)


def test_a_refusal_says_why():
    world = plant(n=3)
    c = Adaptation.fit(world.X, world.P).changes(world.X, world.P)
    assert not c.adapted
    assert c.summary().startswith("not adapted: 3 different documents for 4 labels")
