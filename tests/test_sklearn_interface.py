"""`ZeroShotClassifier` among scikit-learn's tools."""

import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from tests.fakes import WordEncoder
from zstext import LabelSpace, ZeroShotClassifier

TEXTS = ["The striker scored twice.", "Parliament passed the budget.", "The team won the cup."]
LABELS = ["sports", "politics"]


@pytest.fixture
def clf(encoder):
    return ZeroShotClassifier(LABELS, encoder=encoder).fit()


def fake(labels=("red car", "green tree"), **options):
    return ZeroShotClassifier(labels, encoder=WordEncoder(), templates="{}", **options)


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
        "semantics", "semantic_weights", "mapping", "gamma", "gate",
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
