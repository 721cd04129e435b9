"""Batches abreast."""

import threading

import pytest
import torch

from zstext.encoders.abreast import MOST, abreast, how_many

CPU = torch.device("cpu")


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_every_batch_once_and_in_order(two_threads):
    found = list(abreast(lambda n: n * n, range(50), device=CPU))
    assert found == [(n, n * n) for n in range(50)]


def test_two_at_a_time_each_by_one_thread(two_threads):
    both = threading.Barrier(2, timeout=20)  # breaks unless two are in there together

    def forward(_):
        both.wait()
        return torch.get_num_threads(), torch.is_inference_mode_enabled()

    assert [result for _, result in abreast(forward, range(4), device=CPU)] == [(1, True)] * 4
    assert torch.get_num_threads() == 2


def test_a_thread_of_the_user_starts_with_all_threads_afterwards(two_threads):
    list(abreast(lambda n: n, range(4), device=CPU))
    seen = []
    thread = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert seen == [2]


def test_a_single_batch_is_computed_by_all_threads(two_threads):
    def forward(_):
        return threading.current_thread(), torch.get_num_threads()

    assert list(abreast(forward, [7], device=CPU)) == [(7, (threading.main_thread(), 2))]
    assert list(abreast(forward, [], device=CPU)) == []


def test_many_cores_share_a_few_batches(two_threads):
    torch.set_num_threads(2 * MOST + 1)
    found = [
        threads for _, threads in abreast(lambda _: torch.get_num_threads(), range(9), device=CPU)
    ]
    assert found == [2] * 9
    assert torch.get_num_threads() == 2 * MOST + 1


def test_only_a_cpu_has_many(two_threads):
    assert how_many(CPU) == 2
    assert how_many(torch.device("meta")) == 1


def test_batches_are_read_a_few_ahead(two_threads):
    read = []

    def batches():
        for n in range(100):
            read.append(n)
            yield n

    found = abreast(lambda n: n, batches(), device=CPU)
    next(found)
    assert len(read) <= 4
    found.close()
    assert torch.get_num_threads() == 2


def test_an_error_stops_it(two_threads):
    def forward(n):
        if n == 3:
            raise RuntimeError("no memory")
        return n

    found = abreast(forward, range(100), device=CPU)
    assert [next(found)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(RuntimeError, match="no memory"):
        next(found)
    assert torch.get_num_threads() == 2
