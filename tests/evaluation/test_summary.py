import numpy as np

from zstext.evaluation import evaluate_scores
from zstext.evaluation.summary import number


def rows(*args, **options):
    return {
        name: (value, note) for name, value, note in evaluate_scores(*args, **options).summary()
    }


def test_what_is_left_out_is_said():
    proba = [[0.9, 0.1, 0.0], [np.nan] * 3, [0.2, 0.8, 0.0]]
    said = rows(proba, [0, 1, -1], ["a", "b", "never seen"], answered=np.array([True, True, False]))
    assert said["items"] == ("3", "")
    assert said["no label"] == ("1", "not classified; counted as wrong")
    assert said["out of scope"][0] == "1"
    assert said["classes"] == (
        "3",
        "1 without items, left out of averages over classes: never seen",
    )
    assert said["accuracy"][0] == "0.500"
    assert said["coverage"][0] == "0.333"
    assert said["precision"][0] == "1.000"
    assert said["out-of-scope AUROC"][0] == "0.500"


def test_many_classes_without_items_are_counted():
    proba = np.eye(9)[:1]
    note = rows(proba, [0], list("abcdefghi"))["classes"][1]
    assert note.endswith(": b, c, d, e, f and 3 more")


def test_what_does_not_apply_is_not_there():
    said = rows([[0.9, 0.1], [0.4, 0.6]], [0, 1], list("ab"))
    assert list(said) == [
        "items", "classes", "accuracy", "macro-F1", "ECE", "Brier", "AURC"
    ]  # fmt: skip


def test_seen_and_unseen():
    proba = np.array([[0.9, 0.1], [0.4, 0.6]])
    seen = np.array([True, False])
    said = rows(proba, [0, 1], list("ab"), scores=proba, seen_mask=seen, gamma=0.125)
    assert said["S"] == ("1.000", "mean accuracy over the seen classes (1) at γ = 0.125")
    assert said["AUSUC"][0] == "1.000"
    one_kind = rows(proba, [0, 0], list("ab"), scores=proba, seen_mask=seen)
    assert one_kind["U"][0] == one_kind["H"][0] == "–"
    assert "AUSUC" not in one_kind


def test_multi_label():
    said = rows([[0.9, 0.1]], [[1, 0]], list("ab"), multi_label=True, threshold=0.4)
    assert said["micro-F1"] == ("1.000", "labels at 0.4 or above")
    assert said["mAP"][0] == said["exact match"][0] == "1.000"


def test_undefined_numbers_are_dashes():
    assert (number(None), number(float("nan")), number(0.12345)) == ("–", "–", "0.123")
