import pickle
import random

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from tests.fakes import WordEncoder
from zstext import (
    InputError,
    LabelError,
    LabelSpace,
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


# scikit-learn


def test_check_estimator():
    """The tags say that X is text, so only the checks that need no numeric matrix are run."""
    with pytest.warns(Warning, match="Can't test estimator ZeroShotClassifier which requires"):
        results = check_estimator(fake(), on_fail="raise")
    assert {r["status"] for r in results} == {"passed"}


class RowsAsTexts(ZeroShotClassifier):
    """Rows of numbers written out as texts, and class values as names: for the other checks."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = True, False
        tags.target_tags.required, tags.no_validation = True, False
        return tags

    def fit(self, X, y):
        values = {str(value): value for value in np.asarray(y).ravel()}
        super().fit(_as_texts(X), list(map(str, np.asarray(y).ravel())))
        self.classes_ = np.array([values[name] for name in self.labels_.names])
        return self

    def predict(self, X):
        columns = [self.labels_.index(p.label) for p in self.classify(X)]
        return self.classes_[columns]

    def classify(self, texts, *, top_k=None):
        return super().classify(_as_texts(texts), top_k=top_k)

    def decision_function(self, X):
        return super().decision_function(_as_texts(X))


def _as_texts(X):
    return [x if isinstance(x, str) else " ".join(map(str, np.ravel(x))) for x in np.asarray(X)]


NO_MATRIX = "X is a column of texts: it has no shape, features or number type to check"
TWO_COLUMNS = "decision_function has a column for every label, also where there are two"
CANNOT_APPLY = {
    "check_n_features_in": NO_MATRIX,
    "check_n_features_in_after_fitting": NO_MATRIX,
    "check_complex_data": NO_MATRIX,
    "check_dtype_object": NO_MATRIX,
    "check_estimators_empty_data_messages": NO_MATRIX,
    "check_estimator_sparse_tag": NO_MATRIX,
    "check_estimator_sparse_array": NO_MATRIX,
    "check_estimator_sparse_matrix": NO_MATRIX,
    "check_fit1d": NO_MATRIX,
    "check_fit2d_predict1d": NO_MATRIX,
    "check_classifiers_train": "numbers mean nothing to it: nothing is learned from X",
    "check_classifiers_one_label": "one label is no choice, and an error with advice",
    "check_fit2d_1sample": "one document is enough, one label is not, and the error says label",
    "check_classifiers_classes": TWO_COLUMNS,
    "check_decision_proba_consistency": TWO_COLUMNS,
    "check_classifiers_regression_target": "labels are names: any text can be one",
    "check_supervised_y_2d": "a table of labels is an error, not a warning",
    "check_requires_y_none": "y is not required; without labels the error says what to give",
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.EstimatorCheckFailedWarning")
def test_check_estimator_on_numbers_written_out():
    results = check_estimator(
        RowsAsTexts(encoder=WordEncoder(), templates="{}"),
        expected_failed_checks=CANNOT_APPLY,
        on_fail="warn",
    )
    statuses = {(r["check_name"], r["status"]) for r in results}
    assert [name for name, status in statuses if status == "failed"] == []
    assert {name for name, status in statuses if status == "xfail"} == set(CANNOT_APPLY)
    assert len([name for name, status in statuses if status == "passed"]) >= 30


def test_params():
    clf = fake(threshold=0.3)
    params = clf.get_params()
    assert set(params) == {
        "labels", "backend", "encoder", "entailer", "shortlist", "templates", "multi_label",
        "threshold", "long", "cache_dir",
        "known_categories", "semantics", "semantic_weights", "mapping", "gamma", "gate",
    }  # fmt: skip
    assert ZeroShotClassifier(**params).get_params() == params
    clf.set_params(threshold=0.4, long="max")
    assert (clf.threshold, clf.long) == (0.4, "max")
    with pytest.raises(ValueError, match="Invalid parameter 'treshold'"):
        clf.set_params(treshold=1)


@pytest.mark.parametrize("labels", [LABELS, {"a": "x", "b": None}, LabelSpace.of(LABELS), None])
def test_clone(labels):
    clf = ZeroShotClassifier(labels, encoder=WordEncoder(), templates=["{}"])
    copy = clone(clf)
    assert copy.get_params() == clf.get_params()
    assert not hasattr(copy, "classes_")


def test_a_clone_shares_the_loaded_model(encoder):
    assert clone(ZeroShotClassifier(LABELS, encoder=encoder)).encoder is encoder


def test_fitting_changes_no_parameter():
    labels = ["red car", "green tree"]
    clf = fake(labels)
    before = clf.get_params()
    clf.fit(["x"], ["red car"])
    assert clf.get_params() == before
    assert clf.labels is labels


def test_not_fitted():
    from sklearn.exceptions import NotFittedError

    for call in (
        lambda c: c.predict(["x"]),
        lambda c: c.predict_proba(["x"]),
        lambda c: c.classify(["x"]),
        lambda c: c.with_labels(["x"]),
        lambda c: c.save("nowhere"),
    ):
        with pytest.raises(NotFittedError):
            call(fake())


def _strip_noise(texts):
    return [text.replace("#", "") for text in texts]


def test_in_a_pipeline():
    steps = make_pipeline(FunctionTransformer(_strip_noise), fake())
    steps.fit(["#"], None)
    assert steps.predict(["re#d c#ar", "gre#en tree"]).tolist() == ["red car", "green tree"]
    assert steps.classes_.tolist() == ["red car", "green tree"]


X = np.array(["a red car", "one green tree", "red car", "the green tree"] * 3)
Y = np.array(["red car", "green tree"] * 6)


def test_grid_search_over_templates():
    grid = {"templates": ["{}", "nothing alike whatsoever in {}"], "long": ["mean", "max"]}
    search = GridSearchCV(fake(), grid, cv=3, scoring="accuracy").fit(X, Y)
    assert search.best_params_["templates"] == "{}"
    assert search.best_score_ == 1
    assert search.predict(["red car"]).tolist() == ["red car"]


@pytest.mark.parametrize("labels", [None, ["red car", "green tree"]])
def test_cross_validation(labels):
    assert cross_val_score(fake(labels), X, Y, cv=3).tolist() == [1, 1, 1]


def test_pickled_and_read_again(tmp_path, clf):
    expected = clf.predict_proba(TEXTS)
    joblib.dump(clf, tmp_path / "clf")
    for again in (pickle.loads(pickle.dumps(clf)), joblib.load(tmp_path / "clf")):
        np.testing.assert_allclose(again.predict_proba(TEXTS), expected, atol=1e-6)
        assert again.classes_.tolist() == LABELS


def test_it_shows_itself():
    assert "ZeroShotClassifier" in repr(fake())
    assert "ZeroShotClassifier" in fake()._repr_html_()
