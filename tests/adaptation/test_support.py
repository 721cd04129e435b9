import pytest

from zstext.adaptation.support import FEWEST, PER_CLASS, SPREAD, Support


@pytest.mark.parametrize("classes", [2, 20, 150])
def test_every_label_needs_documents_besides_the_fewest(classes):
    needed = FEWEST + PER_CLASS * classes
    assert Support(needed, classes, 1.0).reason is None
    assert f"{needed:,}" in Support(needed - 1, classes, 1.0).reason


def test_labels_must_tell_documents_apart():
    assert Support(1000, 2, SPREAD).reason is None
    assert "hardly tell" in Support(1000, 2, SPREAD - 0.01).reason


def test_one_label_is_nothing_to_tell_apart():
    assert "one label" in Support(1000, 1, 1.0).reason
