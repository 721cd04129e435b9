import numpy as np

from zstext.evaluation import evaluate_scores
from zstext.report.tables import (
    class_table,
    errors_table,
    pairs_table,
    provenance_table,
    summary_table,
)

PROBA = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [np.nan] * 2, [0.4, 0.6]])
E = evaluate_scores(PROBA, [0, 1, 0, 1, -1], ["a", "b"], provenance={"x": {"y": None, "z": [1, 2]}})


def test_summary():
    assert summary_table(E).rows == E.summary()


def test_classes_in_the_users_order():
    table = class_table(E)
    assert table.columns[:3] == ("no.#", "class", "precision#")
    assert table.rows == [
        ("1", "a", "0.500", "0.500", "0.500", "2", "2"),
        ("2", "b", "0.000", "0.000", "0.000", "2", "1"),
    ]


def test_confused_pairs():
    assert pairs_table(E).rows == [("a", "b", "1", "50%"), ("b", "a", "1", "50%")]
    assert pairs_table(evaluate_scores([[1.0, 0.0]], [0], ["a", "b"])) is None


def test_surest_errors_first_and_what_was_not_classified_is_no_error():
    texts = ["t0", "t1", "line\n two", None, "x" * 999]
    table = errors_table(E, texts)
    assert [r[:4] for r in table.rows] == [
        ("1", "b", "a", "0.800"),
        ("2", "a", "b", "0.700"),
        ("4", "(no class)", "b", "0.600"),
    ]
    assert [r[4] for r in table.rows] == ["t1", "line two", "x" * 299 + "…"]
    assert "text" not in errors_table(E, None).columns


def test_multi_label_errors_are_decisions():
    e = evaluate_scores([[0.9, 0.1], [0.2, 0.6]], [[0, 1], [0, 1]], ["a", "b"], multi_label=True)
    assert errors_table(e, None).rows == [
        ("0", "not a", "a", "0.900"),
        ("0", "b", "not b", "0.100"),
    ]
    assert pairs_table(e) is None
    assert class_table(e).columns[-1] == "average precision#"


def test_provenance_is_flat():
    assert provenance_table(E).rows == [("x y", "none"), ("x z", "1; 2")]
    assert provenance_table(evaluate_scores([[1.0]], [0], ["a"])) is None
