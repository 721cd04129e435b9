import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext import OptionError
from zstext.decisions import Decision

NAMES = ("a", "b", "c")


def decide(proba, **options):
    decision = Decision(**options)
    return decision.decide(np.array(proba), NAMES[: len(proba)])


def test_best_first():
    p = decide([0.2, 0.5, 0.3])
    assert (p.label, p.score) == ("b", 0.5)
    assert (p.labels, p.scores) == (("b", "c", "a"), (0.5, 0.3, 0.2))
    assert (p.windows, p.truncated, p.calibrated, p.reason) == (1, False, False, None)


@pytest.mark.parametrize(
    ("proba", "labels"),
    [
        ([0.4, 0.4, 0.2], ("a", "b", "c")),
        ([0.2, 0.4, 0.4], ("b", "c", "a")),
        ([1 / 3, 1 / 3, 1 / 3], ("a", "b", "c")),
    ],
)
def test_ties_go_to_the_label_named_first(proba, labels):
    assert decide(proba).labels == labels


@pytest.mark.parametrize(
    ("threshold", "label"), [(0.0, "b"), (0.5, "b"), (0.51, None), (1.0, None)]
)
def test_threshold(threshold, label):
    p = decide([0.2, 0.5, 0.3], threshold=threshold)
    assert p.label == label
    assert p.score == (None if label is None else 0.5)
    assert p.reason == (None if label else "below_threshold")
    assert p.labels == ("b", "c", "a")


@pytest.mark.parametrize(
    ("threshold", "labels"),
    [(None, ("b", "a", "c")), (0.3, ("b", "a")), (0.9, ("b",)), (0.95, ())],
)
def test_multi_label_lists_what_reaches_the_threshold(threshold, labels):
    p = decide([0.3, 0.9, 0.2], threshold=threshold, multi_label=True)
    assert p.labels == labels
    assert (p.label, p.reason) == (("b", None) if labels else (None, "below_threshold"))


@pytest.mark.parametrize(("top_k", "labels"), [(1, ("b",)), (2, ("b", "c")), (9, ("b", "c", "a"))])
def test_top_k(top_k, labels):
    p = decide([0.2, 0.5, 0.3], top_k=top_k)
    assert p.labels == labels
    assert len(p.scores) == len(labels)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": -0.1}, "within 0 and 1, got -0.1"),
        ({"threshold": 1.1}, "within 0 and 1, got 1.1"),
        ({"threshold": float("nan")}, "within 0 and 1, got nan"),
        ({"top_k": 0}, "at least 1, got 0"),
        ({"top_k": -1}, "at least 1, got -1"),
    ],
)
def test_out_of_range(options, message):
    with pytest.raises(OptionError, match=message):
        Decision(**options)


@given(
    st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9]), min_size=1, max_size=6),
    st.integers(1, 7),
    st.sampled_from([None, 0.1, 0.5, 0.95]),
    st.booleans(),
)
def test_against_plain_python(proba, top_k, threshold, multi_label):
    names = tuple(map(str, range(len(proba))))
    p = Decision(threshold, top_k, multi_label).decide(np.array(proba), names)
    ranked = sorted(range(len(proba)), key=lambda i: (-proba[i], i))
    best = ranked[0]
    if multi_label and threshold is not None:
        ranked = [i for i in ranked if proba[i] >= threshold]
    assert p.labels == tuple(names[i] for i in ranked[:top_k])
    assert p.label == (names[best] if threshold is None or proba[best] >= threshold else None)
