"""`ZeroShotClassifier.calibrate` on held-out documents."""

import numpy as np
import pytest

from tests.fakes import WordEncoder
from tests.word_rows import (
    LABELS,
    SEEN,
    TEXTS,
    TRUTH,
    fake,
    learned,
    rows,
)
from zstext import InputError, LabelError, OptionError, ZeroShotClassifier


def test_calibrate():
    clf = learned()
    assert not clf.calibrated_
    assert not clf.classify(["apple"])[0].calibrated
    scores = clf.decision_function(TEXTS)
    assert clf.calibrate(TEXTS, TRUTH) is clf
    assert clf.calibrated_
    assert [p.calibrated for p in clf.classify(["apple", ""])] == [True, True]
    np.testing.assert_array_equal(clf.decision_function(TEXTS), scores)
    assert clf.with_labels(["ice"]).calibrated_
    assert not clf.fit(*rows(SEEN)).calibrated_
    assert clf.calibrator_.abstention is None


def test_a_fitted_temperature_stays_among_more_labels():
    fitted, plain = fake().fit().calibrate(TEXTS, TRUTH), fake().fit()
    more = [f"label {i}" for i in range(40)]
    assert fitted.with_labels(more).calibrator_.scaling == fitted.calibrator_.scaling
    fell = plain.with_labels(more).calibrator_.scaling.temperature
    assert fell < plain.calibrator_.scaling.temperature


def test_calibrate_makes_probabilities_honest():
    clf = fake().fit()
    y = np.repeat(np.arange(8), 8)

    def surprise():
        return -np.log(clf.predict_proba(TEXTS)[np.arange(64), y]).mean()

    before = surprise()
    clf.calibrate(TEXTS, TRUTH)
    assert surprise() < before


def test_below_the_calibrated_threshold():
    clf = learned()
    nonsense = [f"n{i} n{i + 7}" for i in range(30)]
    X, y = [*TEXTS, *nonsense], [*TRUTH, *[None] * 30]
    clf.calibrate(X, y, target_precision=0.9)
    rule = clf.calibrator_.abstention
    answers = clf.classify(X)
    answered = [p.label is not None for p in answers]
    right = [p.label == label for p, label in zip(answers, y, strict=True) if p.label is not None]
    assert np.mean(right) == pytest.approx(rule.precision)
    assert rule.precision >= 0.9
    assert np.mean(answered) == pytest.approx(rule.coverage)
    assert 0 < rule.coverage < 1
    assert {p.reason for p in answers} == {None, "below_threshold"}
    clf.threshold = 0.0  # the user's word is above it
    assert all(p.label is not None for p in clf.classify(X))


def test_a_precision_out_of_reach_answers_nothing():
    clf = fake().fit().calibrate(["apple", "bread"], ["bread", "apple"], target_precision=0.99)
    assert clf.calibrator_.abstention.threshold is None
    assert {p.reason for p in clf.classify(LABELS)} == {"below_threshold"}
    assert clf.predict(LABELS).tolist() == [None] * 8


def test_a_precision_is_reached_where_every_labelled_row_is_right():
    """Nothing in the labelled rows says how unsure to be; rows of no class must still be told."""
    clf = learned()
    right = clf.predict(TEXTS) == TRUTH
    X = [*np.array(TEXTS)[right], *(f"n{i} n{i + 7}" for i in range(20))]
    y = [*TRUTH[right], *[None] * 20]
    clf.calibrate(X, y, target_precision=0.95)
    assert clf.calibrator_.abstention.coverage > 0.4
    assert len(np.unique(clf.predict_proba(X).max(axis=1))) > 60


def test_rows_without_text_are_left_out_of_calibration():
    a = learned().calibrate(TEXTS, TRUTH)
    b = learned().calibrate([*TEXTS, None, ""], [*TRUTH, "ham", "fig"])
    assert a.calibrator_.scaling == b.calibrator_.scaling


def test_what_cannot_be_calibrated():
    clf = learned()
    with pytest.raises(InputError, match="X has 1 documents, but y has 2 labels"):
        clf.calibrate(["a"], ["ham", "fig"])
    with pytest.raises(InputError):
        clf.calibrate(["a"], [None])
    with pytest.raises(InputError):
        clf.calibrate([], [])
    with pytest.raises(LabelError, match=r"'hem'.*did you mean 'ham'"):
        clf.calibrate(["a"], ["hem"])
    with pytest.raises(OptionError, match="target_precision"):
        clf.calibrate(TEXTS, TRUTH, target_precision=95)
    with pytest.raises((InputError, OptionError)):
        clf.calibrate(TEXTS, TRUTH, prior=[0.5, 0.5])
    assert not clf.calibrated_


def test_null_texts_take_off_what_labels_score_on_nothing():
    clf = ZeroShotClassifier(["red car", "green tree"], encoder=WordEncoder()).fit()
    texts, y = ["red car", "green tree", "a red"], ["red car", "green tree", "red car"]
    clf.calibrate(texts, y, null_texts=["N/A", "nothing here"])
    nothing = clf.decision_function(["N/A", "nothing here"]).mean(axis=0)
    np.testing.assert_allclose(clf.calibrator_.null.offsets, nothing - nothing.mean())
    assert clf.predict(texts).tolist() == y


@pytest.mark.parametrize(("text", "named"), [("", "''"), (" ", "' '"), (None, "None")])
def test_a_null_text_that_cannot_be_read(text, named):
    clf = ZeroShotClassifier(["red car", "green tree"], encoder=WordEncoder()).fit()
    with pytest.raises(InputError, match=f"null text {named} cannot be read"):
        clf.calibrate(["red car"], ["red car"], null_texts=["N/A", text])
    assert not clf.calibrated_


def test_isotonic_scores_are_monotone_in_multi_label_mode():
    clf = ZeroShotClassifier(["red car", "green tree"], encoder=WordEncoder(), multi_label=True)
    texts = ["red car", "green tree", "a red", "the tree", "blue sky"]
    clf.fit().calibrate(
        texts, ["red car", "green tree", "red car", "green tree", None], isotonic=True
    )
    order = np.argsort(clf.decision_function(texts), axis=None)
    assert (np.diff(clf.predict_proba(texts).ravel()[order]) >= 0).all()
    assert type(clf.calibrator_.scaling).__name__ == "IsotonicScaling"
