import numpy as np
import pytest

from tests.report.conftest import synthetic
from tests.report.overlaps import overlapping_texts
from zstext.report.curves import draw_risk_coverage, draw_seen_unseen


def labels_of(figure):
    return [t.get_text() for t in figure.axes[0].get_legend().get_texts()]


def test_the_curve_and_its_points(ten, plain_style):
    g = ten.generalized
    figure = draw_seen_unseen(g, g.curve)
    lines = figure.axes[0].get_lines()[-4:]
    assert np.array_equal(lines[0].get_xydata(), np.stack([g.curve.U, g.curve.S], axis=1))
    assert lines[3].get_xydata().tolist() == [[g.point.U, g.point.S]]
    assert lines[1].get_xydata() == pytest.approx(lines[3].get_xydata())  # gamma is 0
    assert lines[2].get_xydata()[0] == pytest.approx(
        [g.curve.U[g.curve.H.argmax()], g.curve.S[g.curve.H.argmax()]]
    )
    assert labels_of(figure)[3] == f"operating point: H {g.point.H:.3f} at γ = 0"
    assert overlapping_texts(figure) == []


def test_risk_against_coverage(ten, plain_style):
    s = ten.selective
    figure = draw_risk_coverage(s)
    curve, _, point = figure.axes[0].get_lines()
    assert np.array_equal(curve.get_ydata(), s.curve.risk)
    assert point.get_xydata().tolist() == [[s.coverage, 1 - s.precision]]
    assert overlapping_texts(figure) == []


def test_without_abstention_there_is_no_point(plain_style):
    figure = draw_risk_coverage(synthetic(["a", "b"], 30).selective)
    assert len(figure.axes[0].get_lines()) == 2
