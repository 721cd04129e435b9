import threading
import time

import pytest

from zstext.encoders.images.pool import ahead


def test_results_come_in_order_whatever_takes_longer():
    def slow_first(i):
        time.sleep(0.02 if i == 0 else 0)
        return i * i

    assert list(ahead(slow_first, range(20), lookahead=8, workers=4)) == [i * i for i in range(20)]


def test_no_more_than_the_lookahead_is_taken():
    taken = []

    def items():
        for i in range(1000):
            taken.append(i)
            yield i

    results = ahead(lambda i: i, items(), lookahead=5, workers=2)
    for consumed in range(1, 10):
        next(results)
        assert len(taken) <= consumed + 5
    results.close()


def test_work_goes_on_while_the_consumer_is_busy():
    second = threading.Event()
    results = ahead(lambda i: second.set() if i else None, range(2), lookahead=2, workers=1)
    next(results)
    assert second.wait(5)
    results.close()


def test_an_exception_is_raised_in_its_place():
    results = ahead(lambda i: 1 // i, [1, 0, 1], lookahead=3, workers=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_nothing_gives_nothing():
    assert list(ahead(str, [], lookahead=3)) == []
