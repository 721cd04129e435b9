import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import WordEncoder
from zstext import (
    InputError,
    LabelError,
    OptionError,
    TemplateError,
    ZeroShotClassifier,
)
from zstext.documents import CHUNK, unusable

TEXTS = ["The striker scored twice.", "Parliament passed the budget.", "The team won the cup."]
LABELS = ["sports", "politics"]


@pytest.fixture
def clf(encoder):
    return ZeroShotClassifier(LABELS, encoder=encoder).fit()


def fake(labels=("red car", "green tree"), **options):
    return ZeroShotClassifier(labels, encoder=WordEncoder(), templates="{}", **options)


def test_the_real_thing(clf):
    assert clf.predict(TEXTS).tolist() == ["sports", "politics", "sports"]
    proba = clf.predict_proba(TEXTS)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert proba.argmax(axis=1).tolist() == [0, 1, 0]
    assert clf.score(TEXTS, ["sports", "politics", "politics"]) == pytest.approx(2 / 3)


def test_classes_are_in_the_users_order(encoder):
    clf = ZeroShotClassifier(["z", "a", "m"], encoder=encoder).fit()
    assert clf.classes_.tolist() == ["z", "a", "m"]
    fitted = ZeroShotClassifier(encoder=encoder).fit(["1", "2", "3"], np.array(["z", "a", "z"]))
    assert fitted.classes_.tolist() == ["z", "a"]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_labels_from_y_of_any_kind(kind):
    clf = fake(None).fit(kind(["one", "two"]), kind(["red car", "green tree"]))
    assert clf.predict(kind(["green tree", "red car"])).tolist() == ["green tree", "red car"]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, iter])
def test_documents_of_any_kind(kind):
    documents = kind(["a red car", "the green tree"])
    assert fake().fit().predict(documents).tolist() == ["red car", "green tree"]


def test_a_series_with_an_index_of_its_own():
    texts = pd.Series(["a red car", "the green tree"], index=[7, 3])
    y = pd.Series(["red car", "green tree"], index=["x", "y"])
    assert fake().fit(texts, y).score(texts, y) == 1


def test_what_cannot_be_classified_has_a_reason():
    documents = [
        "red car",
        None,
        float("nan"),
        np.nan,
        3,
        b"red",
        "",
        " \n",
        "\0",
        "​",
        ["red"],
        "x",
    ]
    predictions = fake().fit().classify(documents)
    assert [p.reason for p in predictions] == [
        None, "missing", "missing", "missing", "not_text", "not_text", "empty", "empty", "empty",
        "empty", "not_text", None,
    ]  # fmt: skip
    assert [p.label is None for p in predictions] == [p.reason is not None for p in predictions]


def test_rows_without_an_answer_in_arrays():
    clf = fake().fit()
    predicted = clf.predict(["red car", None])
    assert predicted.dtype == object
    assert predicted.tolist() == ["red car", None]
    for rows in (clf.predict_proba(["red car", None]), clf.decision_function(["red car", None])):
        assert np.isfinite(rows[0]).all()
        assert np.isnan(rows[1]).all()


def test_missing_values_of_pandas():
    texts = pd.Series(["red car", None, pd.NA, np.nan], dtype="string")
    assert [p.reason for p in fake().fit().classify(texts)] == [None, *["missing"] * 3]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u00a0", "\0\0", "\u200b", "\x1b", "\ud800", "\ufeff", "\u2028"]
)
def test_nothing_to_go_by(text):
    assert unusable(text) == "empty"


@pytest.mark.parametrize("text", ["a", "\0a", "!", "😀", "\ud800 a", "‮x", "語", "0"])
def test_something_to_go_by(text):
    assert unusable(text) is None


def test_no_documents():
    clf = fake().fit()
    assert clf.classify([]) == []
    assert clf.predict([]).shape == (0,)
    assert clf.predict_proba([]).shape == (0, 2)


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ("red car", r"must be a list of texts, got 'red car'; write \[text\] for one"),
        (b"red car", "must be a list of texts"),
        (None, "must be a list of texts, got None"),
        (3, "must be a list of texts, got 3"),
        (pd.DataFrame({"text": ["x"]}), "got 2 dimensions; choose the column"),
        (np.array([["x"]]), "got 2 dimensions"),
        (np.array("x"), "got 0 dimensions"),
    ],
)
def test_what_is_no_list_of_documents(documents, message):
    clf = fake().fit()
    for method in (clf.classify, clf.predict, clf.predict_proba, clf.decision_function):
        with pytest.raises(InputError, match=message):
            method(documents)


@pytest.mark.parametrize(
    ("options", "X", "y", "error", "message"),
    [
        ({}, None, ["sprots"], LabelError, r"y holds 'sprots', .* \(did you mean 'sports'\?\)"),
        ({}, None, ["sports", 1], LabelError, "y holds 1, which is not one of the 2 labels"),
        ({}, None, "sports", LabelError, "y must be a one-dimensional sequence"),
        ({}, ["x"], np.array([["sports"]]), LabelError, "y must be a one-dimensional sequence"),
        ({}, ["x", "y"], ["sports"], InputError, "X has 2 documents, but y has 1"),
        ({"labels": None}, None, None, LabelError, "no labels: give the classifier labels"),
        ({"labels": None}, [], [], LabelError, "no labels given"),
        ({"labels": None}, ["x", "y"], [1, 2], LabelError, r"label 1 must be text, got 1 \(int\)"),
        ({"labels": "a,b"}, None, None, LabelError, "must be a list of names"),
        ({"labels": ["a"]}, None, None, LabelError, r"one label \('a'\) is no choice"),
        ({"labels": ["a,b"]}, None, None, LabelError, "commas part names in --labels alone"),
        ({"threshold": 2}, None, None, OptionError, "within 0 and 1, got 2"),
        ({"templates": "x"}, None, None, TemplateError, "exactly one {}"),
        ({"templates": []}, None, None, TemplateError, "no template given"),
        ({"long": "cut"}, None, None, OptionError, "long must be one of"),
        ({"encoder": 5}, None, None, OptionError, "must be a model or an encoder, got 5"),
    ],
)
def test_what_cannot_be_fitted(options, X, y, error, message):
    clf = ZeroShotClassifier(LABELS, encoder=WordEncoder()).set_params(**options)
    with pytest.raises(error, match=message):
        clf.fit(X, y)


def test_check_finds_the_same_without_a_model():
    for options in ({"labels": ["a"]}, {"threshold": 2}, {"templates": "x"}):
        clf = ZeroShotClassifier(LABELS, encoder="not loaded").set_params(**options)
        with pytest.raises(ValueError, match=r"one label|within 0|exactly one"):
            clf.check()
    with pytest.raises(OptionError, match="top-k must be at least 1, got 0"):
        ZeroShotClassifier(LABELS).check(top_k=0)
    ZeroShotClassifier(LABELS, encoder="not loaded").check(top_k=1)


def test_multi_label_scores_stand_alone(encoder):
    three = ZeroShotClassifier([*LABELS, "cinema"], encoder=encoder, multi_label=True).fit()
    one = ZeroShotClassifier(["politics"], encoder=encoder, multi_label=True, threshold=0.5).fit()
    together, alone = three.predict_proba(TEXTS), one.predict_proba(TEXTS)
    np.testing.assert_allclose(together[:, [1]], alone, atol=1e-6)
    assert one.predict(TEXTS).tolist() == [None, "politics", None]


def test_descriptions_change_the_answer(encoder):
    plain = ZeroShotClassifier(["one", "two"], encoder=encoder).fit()
    told = ZeroShotClassifier(
        {"one": "taxes, parliaments and votes", "two": "goals, matches and players"},
        encoder=encoder,
    ).fit()
    assert told.predict(TEXTS).tolist() == ["two", "one", "two"]
    assert np.abs(told.predict_proba(TEXTS) - plain.predict_proba(TEXTS)).max() > 0.1


def test_threshold_and_top_k(clf):
    (p,) = clf.classify(TEXTS[:1], top_k=1)
    assert (p.labels, len(p.scores)) == (("sports",), 1)
    sure = ZeroShotClassifier(LABELS, encoder=clf.encoder, threshold=1.0).fit()
    assert [p.reason for p in sure.classify(TEXTS)] == ["below_threshold"] * 3
    assert sure.predict(TEXTS).tolist() == [None] * 3


def test_long_documents_say_so(encoder):
    text = "The striker scored twice. " * 200
    for long, windows, truncated in (("mean", 4, False), ("max", 4, False), ("truncate", 1, True)):
        clf = ZeroShotClassifier(LABELS, encoder=encoder, long=long).fit()
        (p,) = clf.classify([text])
        assert (p.label, p.windows, p.truncated) == ("sports", windows, truncated)
    (p,) = clf.set_params(long="mean").fit().classify([text * 100])
    assert (p.windows, p.truncated) == (64, True)


WORDS = [
    "goal",
    "match",
    "vote",
    "law",
    "team",
    "budget",
    "striker",
    "minister",
    "cup",
    "tax",
    "film",
    "rain",
]


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_the_answer_depends_on_the_document_alone(encoder, data):
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    labels = ["sports", "politics", "cinema", "weather", "money", "law", "Sports"]
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(1, 20))) for _ in range(15)]
    texts += rng.choices(texts, k=3)
    reference = ZeroShotClassifier(labels, encoder=encoder).fit().predict_proba(texts)
    answers = ZeroShotClassifier(labels, encoder=encoder).fit().classify(texts)
    for text, answer in zip(texts[15:], answers[15:], strict=True):
        assert answer == answers[texts.index(text)]

    shuffled = [*rng.sample(labels[:-1], 6), "Sports"]
    clf = ZeroShotClassifier(shuffled, encoder=encoder).fit()
    chosen = rng.sample(range(18), rng.randint(1, 18))
    before, encoder.batch_size = encoder.batch_size, rng.choice([1, 3, 64])
    try:
        other = clf.classify([texts[i] for i in chosen])
        proba = clf.predict_proba([texts[i] for i in chosen])
    finally:
        encoder.batch_size = before
    assert [p.label for p in other] == [answers[i].label for i in chosen]
    columns = [shuffled.index(name) for name in labels]
    np.testing.assert_allclose(proba[:, columns], reference[chosen], atol=1e-5)


@pytest.mark.parametrize("others", [0, 1, 5, 30])
def test_an_exact_tie_goes_to_the_label_named_first(encoder, others):
    more = [f"thing {i}" for i in range(others)]
    for first, second in (("Sports", "sports"), ("sports", "Sports")):
        clf = ZeroShotClassifier([first, *more, second], encoder=encoder, threshold=None).fit()
        for p in clf.classify(TEXTS[::2]):
            assert p.labels[:2] == (first, second)
            assert p.scores[0] == p.scores[1]


def test_a_tie_of_two_reaches_one_half(encoder):
    clf = ZeroShotClassifier(["Sports", "sports"], encoder=encoder, threshold=0.5).fit()
    assert clf.predict(TEXTS * 7).tolist() == ["Sports"] * 21


def test_more_documents_than_a_chunk():
    texts = ["red car", "green tree", None] * (CHUNK // 2)
    clf = fake().fit()
    assert clf.predict(texts).tolist() == ["red car", "green tree", None] * (CHUNK // 2)
    proba = clf.predict_proba(texts)
    assert proba.shape == (len(texts), 2)
    np.testing.assert_array_equal(proba[0], proba[-3])


def test_ten_thousand_labels():
    labels = [f"thing {i}" for i in range(10_000)]
    clf = fake(labels).fit()
    assert clf.predict(["thing 7777", "a thing 3"]).tolist() == ["thing 7777", "thing 3"]


def test_with_labels(encoder):
    old = ZeroShotClassifier(LABELS, encoder=encoder, multi_label=True, templates=["{}", "On {}."])
    old.fit()
    new = old.with_labels({"cinema": "films and actors"})
    assert new.classes_.tolist() == ["sports", "politics", "cinema"]
    assert old.classes_.tolist() == LABELS
    cosines = new.decision_function(TEXTS)
    np.testing.assert_allclose(cosines[:, :2], old.decision_function(TEXTS), atol=1e-6)
    assert new.get_params()["templates"] == ["{}", "On {}."]
    assert new.multi_label
    with pytest.raises(LabelError, match="'sports' is given twice"):
        old.with_labels(["sports"])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"labels": iter(LABELS)}, LabelError),
        ({"labels": LABELS, "templates": (t for t in ["{}"])}, TemplateError),
    ],
)
def test_what_can_be_read_only_once(encoder, options, error):
    with pytest.raises(error, match="an iterator can be read only once"):
        ZeroShotClassifier(encoder=encoder, **options).fit()
