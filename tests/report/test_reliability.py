import numpy as np
import pytest

from tests.report.overlaps import overlapping_texts
from zstext.metrics import reliability_bins
from zstext.report.reliability import draw_reliability


@pytest.mark.parametrize("n_items", [1, 100, 2_000_000])
def test_bars_marks_and_counts(n_items, plain_style):
    rng = np.random.default_rng(0)
    confidence = rng.random(n_items)
    bins = reliability_bins(confidence, rng.random(n_items) < confidence)
    figure = draw_reliability(bins, what="items", right="accuracy")
    top, low = figure.axes
    full = bins.count > 0
    assert [p.get_height() for p in top.patches] == bins.accuracy[full].tolist()
    assert [p.get_height() for p in low.patches] == bins.count[full].tolist()
    assert top.get_lines()[0].get_ydata().tolist() == bins.confidence[full].tolist()
    assert overlapping_texts(figure) == []


@pytest.mark.parametrize(("count", "text"), [(9_999, "9999"), (12_345, "12k"), (1_250_000, "1.2M")])
def test_large_counts_are_shortened(count, text, plain_style):
    bins = reliability_bins(np.full(count, 0.5), np.ones(count, bool))
    figure = draw_reliability(bins, what="items", right="accuracy")
    assert [t.get_text() for t in figure.axes[1].texts] == [text]
