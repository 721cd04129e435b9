"""What `ZeroShotClassifier` learns from labelled documents, and that it lasts."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from tests.fakes import WordEncoder
from tests.word_rows import (
    IS_SEEN,
    LABELS,
    SEEN,
    TEXTS,
    TRUTH,
    UNSEEN,
    fake,
    learned,
    rows,
)
from zstext import InputError, LabelError, OptionError, ZeroShotClassifier
from zstext.mapping import PrototypeMapping, RidgeMapping
from zstext.metrics import seen_unseen


def test_seen_classes_are_learned_and_unseen_ones_stay_in_reach():
    plain, clf = fake().fit(), learned()
    assert clf.seen_mask_.tolist() == [True] * 6 + [False] * 2
    assert not plain.seen_mask_.any()
    before, after = plain.predict(TEXTS) == TRUTH, clf.predict(TEXTS) == TRUTH
    assert after[IS_SEEN].mean() > before[IS_SEEN].mean() + 0.2
    named = [i for i, text in enumerate(TEXTS) if "grape" in text or "ham" in text]
    assert after[named].mean() > 0.7
    assert set(clf.predict(TEXTS)) == set(LABELS)


def test_the_penalty_of_seen_classes_helps_the_unseen_ones():
    clf, without = learned(), learned(gamma=0.0)
    assert clf.calibrator_.seen.gamma > 0
    true = np.repeat(np.arange(8), 8)

    def harmonic(c):
        return seen_unseen(true, c.predict_proba(TEXTS).argmax(axis=1), c.seen_mask_).H

    assert harmonic(clf) > harmonic(without)
    assert learned(gamma=100.0).predict(TEXTS).tolist() == [
        UNSEEN[i] for i in without.decision_function(TEXTS)[:, 6:].argmax(axis=1)
    ]


def test_order_of_labels_and_kind_of_y_do_not_matter():
    X, y = rows(SEEN)
    expected = learned().predict_proba(TEXTS)
    order = [5, 7, 0, 2, 1, 6, 3, 4]
    shuffled = fake([LABELS[i] for i in order]).fit(X, y)
    np.testing.assert_allclose(shuffled.predict_proba(TEXTS).argsort(axis=1).shape, (64, 8))
    series = fake().fit(pd.Series(X, index=range(100, 148)), pd.Series(y, index=range(48)[::-1]))
    np.testing.assert_allclose(series.predict_proba(TEXTS), expected, atol=1e-9)


def test_labels_from_y_are_all_seen():
    clf = fake(None).fit(*rows(SEEN))
    assert clf.classes_.tolist() == SEEN
    assert clf.seen_mask_.all()
    assert clf.calibrator_.seen is None


@pytest.mark.parametrize("nothing", [None, -1, float("nan"), pd.NA], ids=repr)
def test_rows_without_a_label_help(nothing):
    X, y = rows(SEEN)
    more, _ = rows(LABELS, seed=3)
    both = fake().fit([*X, *more], [*y, *[nothing] * len(more)])
    assert both.seen_mask_.tolist() == [True] * 6 + [False] * 2
    alone = learned()
    assert not np.allclose(both.decision_function(TEXTS), alone.decision_function(TEXTS))
    assert (both.predict(TEXTS) == TRUTH).mean() >= (alone.predict(TEXTS) == TRUTH).mean() - 0.02


def test_documents_that_cannot_be_read_are_passed_over():
    X, y = rows(SEEN)
    clf = fake().fit([*X, None, "", 5, "  "], [*y, "ham", "grape", None, "ham"])
    assert not clf.seen_mask_[6:].any()
    np.testing.assert_array_equal(clf.predict_proba(TEXTS), learned().predict_proba(TEXTS))


def test_with_labels_without_fitting_again():
    clf = learned()
    more = clf.with_labels(["ice", "jam"])
    assert more.classes_.tolist() == [*LABELS, "ice", "jam"]
    assert more.seen_mask_.tolist() == [True] * 6 + [False] * 4
    assert more.predict(["ice", "jam", "apple elppa"]).tolist() == ["ice", "jam", "apple"]
    scores = more.decision_function(TEXTS)
    np.testing.assert_allclose(scores[:, :8], clf.decision_function(TEXTS), atol=1e-9)
    assert clf.classes_.tolist() == LABELS
    assert more.calibrator_ is clf.calibrator_
    with pytest.raises(LabelError, match="'ham' is given twice"):
        clf.with_labels(["ham"])


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *a, **k: WordEncoder())


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"gate": True},
        {"gamma": 0.05},
        {"mapping": RidgeMapping()},
        {"multi_label": True},
        {"backend": "auto", "shortlist": 3},
    ],
    ids=repr,
)
def test_saved_and_loaded(options, tmp_path, words):
    clf = learned(**options)
    clf.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-9)
    assert again.seen_mask_.tolist() == clf.seen_mask_.tolist()
    assert type(again.calibrator_.seen) is type(clf.calibrator_.seen)
    assert not again.calibrated_
    more, before = again.with_labels(["ice"]), clf.with_labels(["ice"])
    np.testing.assert_allclose(more.predict_proba(TEXTS), before.predict_proba(TEXTS), atol=1e-6)


def test_a_calibrated_one_is_saved_with_all_it_knows(tmp_path, words):
    clf = learned().calibrate(TEXTS, TRUTH, target_precision=0.8, prior=[0.2] * 3 + [0.08] * 5)
    clf.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    assert again.calibrated_
    assert again.calibrator_.abstention == clf.calibrator_.abstention
    assert [p.label for p in again.classify(TEXTS)] == [p.label for p in clf.classify(TEXTS)]
    np.testing.assert_allclose(again.predict_proba(TEXTS), clf.predict_proba(TEXTS), atol=1e-9)


@pytest.fixture
def attributes(tmp_path):
    """A word vector for every class, and one to spare: that of the label spelt backwards."""
    names = [*LABELS, "ice"]
    vectors = WordEncoder().encode([name[::-1] for name in names]).windows
    lines = [
        ",".join([name.upper(), *(f"{v:.6f}" for v in v)])
        for name, v in zip(names, vectors, strict=True)
    ]
    path = tmp_path / "attributes.csv"
    path.write_text("\n".join(["class," + ",".join(f"a{i}" for i in range(32)), *lines]))
    return path


def backwards(labels, n=8):
    return [f"{label[::-1]} m{i}" for label in labels for i in range(n)], np.repeat(labels, n)


def test_semantics_from_a_file(attributes, tmp_path, words):
    X, y = backwards(SEEN, 30)
    new, truth = backwards(UNSEEN)
    clf = fake(semantics=attributes, semantic_weights=(0, 1)).fit(X, y)
    assert (clf.predict(new) == truth).mean() > (fake().fit(X, y).predict(new) == truth).mean()
    assert clf.scorer_.class_embeddings(clf.labels_).shape == (8, 32)
    assert clf.predict([*X, *new]).tolist().count("ham") >= 4
    clf.save(tmp_path / "clf")
    attributes.unlink()
    again = ZeroShotClassifier.load(tmp_path / "clf")
    np.testing.assert_allclose(again.predict_proba(new), clf.predict_proba(new), atol=1e-9)
    assert again.with_labels(["Ice"]).predict(["eci m1"]).tolist() == ["Ice"]
    with pytest.raises(LabelError, match="no class vector for 1 of 9 labels, for example 'jam'"):
        again.with_labels(["jam"])


def test_names_and_semantics_side_by_side(attributes):
    clf = fake(semantics=[attributes], semantic_weights=[1, 0.5]).fit(*backwards(SEEN))
    S = clf.scorer_.class_embeddings(clf.labels_)
    assert S.shape == (8, 64)
    np.testing.assert_allclose(np.linalg.norm(S[:, :32], axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(S[:, 32:], axis=1), 0.5, atol=1e-6)
    assert set(clf.predict(backwards(SEEN)[0])) <= set(LABELS)


def test_semantics_that_cannot_be_used(attributes, tmp_path):
    with pytest.raises(LabelError, match="no class vector for 1 of 2 labels, for example 'appel'"):
        fake(["appel", "ham"], semantics=attributes).fit(["a", "b"], ["appel", "ham"])
    with pytest.raises(OptionError, match="2 semantic spaces need as many weights"):
        fake(semantics=attributes, semantic_weights=[1]).fit(*rows(SEEN))
    with pytest.raises(InputError, match=r"no\.csv"):
        fake(semantics=tmp_path / "no.csv").fit(*rows(SEEN))


def test_semantics_need_labelled_rows(attributes, tmp_path):
    texts, _ = rows(SEEN)
    for backend in ("encoder", "cascade"):
        for X, y in ((None, None), (texts, None), (texts, [None] * len(texts))):
            with pytest.raises(OptionError, match="semantics .* need labelled rows"):
                fake(semantics=attributes, backend=backend).fit(X, y)
    other = tmp_path / "other.csv"
    other.write_text("class,a\n" + "".join(f"{label},1\n" for label in LABELS))
    with pytest.raises(OptionError, match="1 dimensions and the features 32.*labelled rows"):
        fake(semantics=other, semantic_weights=(0, 1)).fit()


def test_semantics_in_the_space_of_the_encoder_need_none(attributes):
    clf = fake(semantics=attributes, semantic_weights=(0, 1)).fit()
    assert clf.predict(["elppa", "mah"]).tolist() == ["apple", "ham"]


def test_a_penalty_and_a_gate_exclude_each_other():
    with pytest.raises(OptionError, match="choose one of them"):
        learned(gamma=0.1, gate=True)


def test_params_and_clone():
    mapping = PrototypeMapping(kappa=2.0)
    clf = fake(mapping=mapping, gamma=0.1)
    params = clf.get_params()
    assert params["mapping"] is mapping
    assert params["mapping__kappa"] == 2.0
    copy = clone(clf).set_params(mapping__kappa=9.0)
    assert (copy.mapping.kappa, clf.mapping.kappa) == (9.0, 2.0)
    fitted = clf.fit(*rows(SEEN))
    assert not hasattr(mapping, "seen_")
    assert fitted.scorer_.mapping.kappa == 2.0


def test_grid_search_and_pipeline():
    X, y = rows(SEEN, 6)
    pipeline = make_pipeline(FunctionTransformer(lambda X: [t.strip() for t in X]), fake())
    grid = {"zeroshotclassifier__mapping": [PrototypeMapping(kappa=k) for k in (0.01, 5.0)]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(X, y)
    assert search.best_score_ > 0.5
    assert set(search.predict(TEXTS)) <= set(LABELS)
    deep = GridSearchCV(fake(mapping=PrototypeMapping()), {"mapping__kappa": [0.01, 50.0]}, cv=2)
    scores = deep.fit(X, y).cv_results_["mean_test_score"]
    assert scores[0] != scores[1]
    assert (
        cross_val_score(fake(), X, y, cv=2).mean()
        > cross_val_score(fake(gamma=100.0), X, y, cv=2).mean()
    )


def check(clf, n_classes):
    p = clf.predict_proba(["apple elppa", "nothing", "n1 n2"])
    assert p.shape == (3, n_classes)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)


class Constant(WordEncoder):
    """Every text has the same vector."""

    def encode(self, items, *, role="document", whole=True):
        return super().encode(["same"] * len(items), role=role)


def test_degenerate_cases(attributes, tmp_path):
    X, y = rows(SEEN)
    every, labels = rows(LABELS)
    check(all_seen := fake().fit(every, labels), 8)
    assert all_seen.calibrator_.seen is None
    for nothing in ([None] * len(X), [-1] * len(X)):
        check(none_seen := fake().fit(X, nothing), 8)
        np.testing.assert_array_equal(none_seen.predict_proba(X), fake().fit().predict_proba(X))
    check(one := fake().fit(X[:1], y[:1]), 8)
    assert one.seen_mask_.tolist() == [True] + [False] * 7
    check(fake().fit(X[:9], y[:9]), 8)  # one class with a single row
    check(fake().fit(X[::8], y[::8]), 8)  # fewer rows than dimensions, one a class
    check(fake().fit([X[0]] * 20, [y[0]] * 20), 8)  # one text again and again
    same = ZeroShotClassifier(LABELS, encoder=Constant(), templates="{}")
    check(same.fit(X, y), 8)
    check(fake().fit(["", None, *X[:2]], ["ham", "fig", *y[:2]]), 8)
    check(fake().fit(["", None], ["ham", "fig"]), 8)  # nothing that can be read
    check(fake().fit([], []), 8)
    lines = attributes.read_text().splitlines()
    flat = tmp_path / "flat.csv"
    flat.write_text(
        "\n".join([lines[0], *(",".join([r.split(",")[0]] + ["1"] * 32) for r in lines[1:])])
    )
    check(fake(semantics=flat).fit(X, y), 8)
    check(fake(semantics=flat, semantic_weights=(0, 1)).fit(X, y), 8)
    with pytest.raises(LabelError, match=r"y holds 'aple', .*8 labels \(did you mean 'apple'\?\)"):
        fake().fit(X, ["aple", *y[1:]])


def test_a_list_is_no_label():
    with pytest.raises(LabelError, match=r"y holds \['ham'\]"):
        fake(multi_label=True).fit(["a"], [["ham"]])
    with pytest.raises(LabelError, match="must be text"):
        fake(None).fit(["a", "b"], [["ham"], ["fig"]])


def test_x_and_y_do_not_match():
    with pytest.raises(InputError, match="X has 1 documents, but y has 2 labels"):
        fake().fit(["a"], ["ham", "fig"])
    with pytest.raises(LabelError, match="y must be a one-dimensional sequence"):
        fake().fit(["a"] * 3, "ham")
    with pytest.raises(LabelError, match="y must be a one-dimensional sequence"):
        fake().fit(["a"], np.array([["ham"]]))


FOOD = {
    "cooking": ["Fry the onions gently", "Bake it for an hour", "Whisk the eggs and the sugar"],
    "football": ["He scored from the spot", "The keeper saved it", "Relegated after a draw"],
    "weather": ["Rain until noon", "A cold front from the west", "Sunny spells and light winds"],
    "banking": ["My card was declined", "Transfer it to my savings", "The loan has a low rate"],
    "travel": ["Our flight was late", "The hotel had no towels", "We hired a car at the airport"],
}


def test_the_real_model(encoder, tmp_path):
    """Labels with names that say little: they are learned; one that is not learned stays known."""
    X = [text for texts in FOOD.values() for text in texts]
    y = [f"topic {i}" for i, texts in enumerate(FOOD.values()) for _ in texts]
    labels = [*dict.fromkeys(y), "medicine"]
    test = ["Boil the potatoes", "A late goal won the match", "Thunder and hail tonight",
            "I forgot my PIN at the cash machine", "They lost our bags at the airport"]  # fmt: skip
    truth = list(dict.fromkeys(y))
    plain = ZeroShotClassifier(labels, encoder=encoder).fit()
    clf = ZeroShotClassifier(labels, encoder=encoder).fit(X, y)
    assert (plain.predict(test) == truth).mean() <= 0.6
    assert clf.predict(test).tolist() == truth
    assert clf.predict(["The doctor prescribed antibiotics"]).tolist() == ["medicine"]
    more = clf.with_labels({"gardening": "plants, soil, pruning"})
    assert more.predict(["Prune the roses in March"]).tolist() == ["gardening"]
    assert more.predict(test[1:]).tolist() == truth[1:]
    more.save(tmp_path)
    again = ZeroShotClassifier.load(tmp_path)
    np.testing.assert_allclose(again.predict_proba(test), more.predict_proba(test), atol=1e-5)
