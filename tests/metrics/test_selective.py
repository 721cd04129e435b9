import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext.errors import InputError
from zstext.metrics import auroc, risk_coverage

items = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30)


@given(items)
def test_risk_and_coverage_at_every_threshold(pairs):
    c, hit = (np.array(v) for v in zip(*pairs, strict=True))
    curve = risk_coverage(c, hit)
    assert list(curve.threshold) == sorted(set(c.tolist()), reverse=True)
    for t, coverage, risk in zip(curve.threshold, curve.coverage, curve.risk, strict=True):
        assert coverage == pytest.approx((c >= t).mean())
        assert risk == pytest.approx((~hit[c >= t]).mean())


@given(items)
def test_auroc_counts_pairs(pairs):
    s, pos = (np.array(v) for v in zip(*pairs, strict=True))
    if pos.all() or not pos.any():
        with pytest.raises(InputError, match="both kinds of item"):
            auroc(s, pos)
        return
    wins = [(a > b) + (a == b) / 2 for a in s[pos] for b in s[~pos]]
    assert auroc(s, pos) == pytest.approx(np.mean(wins))


def test_area_by_hand():
    assert risk_coverage([0.9, 0.8, 0.8, 0.1], [True, False, True, False]).area == pytest.approx(
        0 * 1 / 4 + 1 / 3 * 2 / 4 + 1 / 2 * 1 / 4
    )


def test_nothing_to_measure():
    with pytest.raises(InputError, match="at least one item"):
        risk_coverage([], [])
