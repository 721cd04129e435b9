import datetime as dt
from decimal import Decimal

import pytest

from zstext.records.cells import cell_text, replace_surrogates


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("é", "é"),
        (True, "true"),
        (0.5, "0.5"),
        (["é", 1, None], '["é", 1, null]'),
        ({"when": dt.date(2024, 1, 2)}, '{"when": "2024-01-02"}'),
        (dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC), "2024-01-02T03:00:00+00:00"),
        (Decimal("1.20"), "1.20"),
        (b"\xff\x00", "/wA="),
        (dt.timedelta(seconds=1), "0:00:01"),
    ],
)
def test_cell_text(value, text):
    assert cell_text(value) == text


def test_replace_surrogates():
    assert replace_surrogates("a\ud800\udc00\U0001f600") == "a\ufffd\ufffd\U0001f600"
