import numpy as np
import pytest

from zstext.known import GATE, STEP, KnownCategories, shipped


@pytest.fixture
def known():
    """Two known categories on the first two axes, their documents along the other two."""
    return KnownCategories(np.eye(4)[:2], np.eye(4)[2:] * 0.5)


def test_a_label_with_a_known_name_moves_to_its_documents(known):
    s = np.eye(4)[:1]
    moved = known.move(s, bare=s)
    expected = np.array([[1, 0, STEP * 0.5, 0]])
    np.testing.assert_allclose(moved, expected / np.linalg.norm(expected), atol=1e-9)


def test_a_label_without_a_similar_name_stays(known):
    s = np.array([[0.0, 0.0, 0.6, 0.8]])
    np.testing.assert_allclose(known.move(s, bare=s), s)


def test_the_gate_opens_with_the_similarity(known):
    low, high = GATE
    steps = []
    for cosine in (low, (low + high) / 2, high):
        bare = np.array([[cosine, 0, 0, np.sqrt(1 - cosine**2)]])
        moved = known.move(np.eye(4)[:1], bare)[0]
        steps.append(moved[2] / moved[0])
    np.testing.assert_allclose(steps, [0, STEP * 0.25, STEP * 0.5], atol=1e-9)


def test_two_equally_similar_categories_share_the_move(known):
    bare = np.array([[np.sqrt(0.5), np.sqrt(0.5), 0, 0]])
    moved = known.move(np.eye(4)[:1], bare)[0]
    assert moved[2] == pytest.approx(moved[3])
    assert moved[2] > 0


def test_labels_move_independently(known):
    S = np.random.default_rng(0).normal(size=(3, 4))
    together = known.move(S, S)
    alone = np.vstack([known.move(S[i : i + 1], S[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(together, alone, atol=1e-12)


def test_the_shipped_categories_are_unit_names_with_directions():
    known = shipped()
    assert known.names.shape == known.directions.shape
    assert known.names.shape[1] == 384
    np.testing.assert_allclose(np.linalg.norm(known.names, axis=1), 1, atol=1e-3)
    assert np.linalg.norm(known.directions, axis=1).min() > 0.01


def test_well_known_names_profit_and_others_do_not_change(encoder):
    from zstext import ZeroShotClassifier

    scores = {}
    for use in (True, False):
        clf = ZeroShotClassifier(
            ["positive", "negative", "zebra crossings"], encoder=encoder, known_categories=use
        ).fit()
        scores[use] = clf.decision_function(["What a waste of two hours.", "A joy to watch."])
    margin = {use: s[1, 0] - s[1, 1] + s[0, 1] - s[0, 0] for use, s in scores.items()}
    assert margin[True] > margin[False]
    np.testing.assert_allclose(scores[True][:, 2], scores[False][:, 2], atol=1e-6)
