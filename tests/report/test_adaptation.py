import re
from pathlib import Path

import numpy as np
import pytest

from zstext.adaptation import Changes
from zstext.errors import InputError, OutputError
from zstext.report.adaptation import write_adaptation_report
from zstext.report.shares import draw_shares, shown_classes
from zstext.report.terms import TermCounts, log_odds

SCRIPT = "<script>alert('x')</script>"


def moved(*, reason=None):
    """Forty documents of two words; the ten about oil go from world to business."""
    texts = ["striker goal"] * 15 + ["oil barrel prices"] * 10 + ["treaty talks " + SCRIPT] * 15
    before = np.repeat([0, 2, 2], [15, 10, 15])
    after = np.repeat([0, 1, 2], [15, 10, 15]) if reason is None else before
    P, Q = np.log(np.eye(3) + 0.1)[before], np.log(np.eye(3) + 0.1)[after]
    changes = Changes.between(P, Q, distinct=3, reason=reason)
    X = np.eye(3)[after] + 0.1 * np.random.default_rng(0).standard_normal((40, 3))
    return changes, ["sports", "business", SCRIPT], texts, X


def test_the_page_says_what_moved(tmp_path):
    changes, names, texts, X = moved()
    page = write_adaptation_report(changes, names, tmp_path / "out", texts=texts, features=X)
    html = page.read_text(encoding="utf-8")
    assert page.name == "adaptation.html"
    assert "10 of 40 changed their label" in html
    terms = html[html.index("Terms that moved") :]
    assert re.search(r"<td>business</td><td></td><td>[^<]*barrel[^<]*</td>", terms)
    assert "<script>" not in html
    assert html.count("<img") == 3
    assert html.count("oil barrel prices</td>") == 10  # the examples


def test_a_refusal_is_a_page_without_pictures(tmp_path):
    changes, names, texts, X = moved(reason="too few documents")
    page = write_adaptation_report(changes, names, tmp_path / "a.html", texts=texts, features=X)
    html = page.read_text(encoding="utf-8")
    assert page == tmp_path / "a.html"
    assert "not adapted: too few documents" in html
    assert "<img" not in html


def test_wrong_lengths_and_places_are_named(tmp_path):
    changes, names, texts, X = moved()
    with pytest.raises(InputError, match="39 texts"):
        write_adaptation_report(changes, names, tmp_path, texts=texts[1:], features=X)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_adaptation_report(
            changes, names, tmp_path / "file" / "a.html", texts=texts, features=X
        )


def test_log_odds_by_hand():
    z = log_odds(np.array([3.0]), 4, np.array([1.0]), 4)
    p = 5 / 10
    odds = np.log((3 + p) / (5 - 3 - p)) - np.log((1 + p) / (5 - 1 - p))
    assert z[0] == pytest.approx(odds / np.sqrt(1 / 3.5 + 1 / 1.5 + 1 / 1.5 + 1 / 3.5))


def test_a_term_of_every_document_is_typical_of_none():
    counts = TermCounts(["alpha beta"] * 20 + ["alpha gamma"] * 20)
    of = np.arange(40) < 20
    assert counts.typical(of) == ["alpha beta", "beta"]
    assert counts.typical(np.zeros(40, dtype=bool)) == []
    uneven = TermCounts(["alpha beta"] * 300 + ["alpha gamma"] * 100)
    assert uneven.typical(np.arange(400) < 300) == ["alpha beta", "beta"]


def test_an_image_is_shown_by_its_path_and_has_no_words(tmp_path):
    changes, names, texts, X = moved()
    paths = [Path("pics", f"{i}-{text[:3]}.jpg") for i, text in enumerate(texts)]
    page = write_adaptation_report(changes, names, tmp_path / "a.html", texts=paths, features=X)
    html = page.read_text(encoding="utf-8")
    assert "15-oil.jpg</td>" in html
    assert (
        "jpg" not in html[html.index("Terms that moved") : html.index("changed their label, the")]
    )


def test_no_words_no_terms():
    assert TermCounts(["", None, "..."]).typical(np.array([True, False, False])) == []


def test_the_shares_that_changed_most_are_drawn(plain_style):
    before, after = np.full(50, 0.02), np.full(50, 0.02)
    after[7], after[9] = 0.04, 0.0
    shown = shown_classes(before, after)
    assert shown[:2].tolist() == [7, 9]
    assert len(shown) == 40
    ax = draw_shares(before[shown], after[shown], [f"c{i}" for i in shown]).axes[0]
    assert [t.get_text() for t in ax.get_yticklabels()][:2] == ["c7", "c9"]
