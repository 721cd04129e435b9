import dataclasses

import pytest

from zstext import Prediction, Reason


def test_none():
    nothing = Prediction.none(Reason.EMPTY)
    assert nothing == Prediction(None, None, reason="empty")
    assert (nothing.labels, nothing.scores, nothing.windows) == ((), (), 0)
    assert Prediction.none("x", calibrated=True).calibrated


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Prediction("a", 1.0).label = "b"


def test_reasons_print_as_their_values():
    assert {str(r) for r in Reason} == {
        "empty", "missing", "not_text", "invalid_utf8", "malformed_row", "below_threshold",
        "not_an_image", "unreadable_image", "image_too_large",
    }  # fmt: skip
