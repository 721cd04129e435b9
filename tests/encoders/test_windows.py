import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.encoders.windows import FEW_TOKENS, MAX_PADDING, MAX_WINDOWS, batches, split


@pytest.mark.parametrize(
    ("length", "lengths"),
    [(0, [0]), (1, [1]), (4, [4]), (5, [2, 3]), (8, [4, 4]), (9, [3, 3, 3]), (13, [3, 3, 3, 4])],
)
def test_windows_by_hand(length, lengths):
    windowed = split([list(range(length))], size=4)
    assert [len(w) for w in windowed.windows] == lengths
    assert windowed.counts.tolist() == [len(lengths)]
    assert not windowed.truncated.any()


@given(st.lists(st.integers(0, 300), max_size=5), st.integers(1, 20))
def test_windows_cover_every_document_once_in_order(lengths, size):
    documents = [[1000 * i + k for k in range(n)] for i, n in enumerate(lengths)]
    windowed = split(documents, size=size, max_windows=10_000)
    ends = np.cumsum(windowed.counts)
    for ids, start, end in zip(documents, ends - windowed.counts, ends, strict=True):
        mine = windowed.windows[start:end]
        assert [t for window in mine for t in window] == ids
        assert len(mine) == max(1, -(-len(ids) // size))
        sizes = {len(window) for window in mine}
        assert max(sizes) <= size
        assert max(sizes) - min(sizes) <= 1
    assert len(windowed.windows) == windowed.counts.sum()
    assert not windowed.truncated.any()


@given(st.integers(0, 400), st.integers(1, 9), st.integers(1, 12))
def test_of_a_longer_document_windows_are_kept_evenly(length, size, max_windows):
    windowed = split([list(range(length))], size=size, max_windows=max_windows)
    needed = max(1, -(-length // size))
    assert windowed.counts[0] == len(windowed.windows) == min(needed, max_windows)
    assert windowed.truncated[0] == (needed > max_windows)
    starts = [window[0] for window in windowed.windows if window]
    assert starts == sorted(set(starts))
    assert all(len(window) <= size for window in windowed.windows)
    if length:
        assert starts[0] == 0
    if max_windows > 1 and length:
        assert windowed.windows[-1][-1] == length - 1  # the end of the document is read, too


def test_one_window_is_a_full_one():
    windowed = split([list(range(9))], size=4, max_windows=1)
    assert windowed.windows == [(0, 1, 2, 3)]


def test_the_limit_is_the_documented_one():
    windowed = split([list(range(10_000))], size=1)
    assert windowed.counts.tolist() == [MAX_WINDOWS]


@given(
    st.lists(st.integers(0, 600), max_size=80).map(sorted),
    st.integers(1, 20),
    st.integers(1, 2000),
    st.integers(1, 8),
)
def test_batches_cover_once_within_the_limits(lengths, max_items, max_tokens, abreast):
    slices = batches(lengths, max_items=max_items, max_tokens=max_tokens, abreast=abreast)
    assert [i for s in slices[::-1] for i in range(s.start, s.stop)] == list(range(len(lengths)))
    for s in slices:
        batch = lengths[s]
        padded = len(batch) * batch[-1]
        assert 1 <= len(batch) <= max_items
        if len(batch) > 1:
            assert padded <= max_tokens
            assert padded <= FEW_TOKENS or padded - sum(batch) <= MAX_PADDING * padded


def test_batches_are_no_smaller_than_they_must_be():
    assert batches([5] * 10, max_items=4, max_tokens=100) == [
        slice(8, 10), slice(4, 8), slice(0, 4),
    ]  # fmt: skip
    assert batches([5] * 10, max_items=99, max_tokens=15) == [
        slice(9, 10), slice(6, 9), slice(3, 6), slice(0, 3),
    ]  # fmt: skip
    assert batches([10, 20], max_items=9, max_tokens=100) == [slice(0, 2)]
    assert batches([100, 200], max_items=9, max_tokens=999) == [slice(1, 2), slice(0, 1)]
    assert batches([96, 100], max_items=9, max_tokens=500) == [slice(0, 2)]
    assert batches([], max_items=9) == []


def test_every_core_gets_a_batch_if_there_is_enough_for_all():
    assert batches([100] * 8, max_items=64, abreast=2) == [slice(4, 8), slice(0, 4)]
    assert batches([10] * 8, max_items=64, abreast=2) == [slice(0, 8)]  # not worth a second
