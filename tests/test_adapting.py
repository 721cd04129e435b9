import warnings
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone

from tests.fakes import TableEntailer, WordEncoder
from tests.unlabelled import LABELS, documents
from zstext import ZeroShotClassifier, evaluate, folder
from zstext.adaptation import Adaptation
from zstext.adaptation.fitted import MOST
from zstext.adaptation.mixture import TRUST
from zstext.adapting import FUSED_TRUST, different
from zstext.errors import InputError, LabelError, OptionError, PersistenceError
from zstext.mapping import UNLABELLED, PrototypeMapping
from zstext.persistence import fingerprint
from zstext.scoring import AdaptedScorer, anchored

TEXTS = documents()
NEW = documents(n=8, seed=1)


def fake(labels=LABELS, **options):
    return ZeroShotClassifier(labels, encoder=WordEncoder(), **options)


@pytest.fixture(scope="module")
def adapted():
    return fake().fit(TEXTS)


def test_fit_on_texts_adapts(adapted):
    assert adapted.adaptation_.support.documents == len(TEXTS)
    assert isinstance(adapted.scorer_, AdaptedScorer)
    assert not adapted.seen_mask_.any()
    plain, truth = fake().fit(), np.repeat(LABELS, 8)
    assert plain.adaptation_ is None
    assert np.mean(adapted.predict(NEW) == truth) > np.mean(plain.predict(NEW) == truth)
    proba = adapted.predict_proba(NEW)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    np.testing.assert_allclose(np.log(proba), adapted.decision_function(NEW))
    assert [p.label for p in adapted.classify(NEW)] == adapted.predict(NEW).tolist()
    assert not adapted.classify(NEW[:1])[0].calibrated


def test_rows_without_any_label_are_unlabelled_documents(adapted):
    again = fake().fit(TEXTS, [None] * len(TEXTS))
    np.testing.assert_array_equal(again.predict_proba(NEW), adapted.predict_proba(NEW))


def test_neither_order_nor_repetition_nor_the_unreadable_matter(adapted):
    again = fake().fit([*TEXTS[::-1], None, "", *TEXTS[:50]])
    np.testing.assert_array_equal(again.predict_proba(NEW), adapted.predict_proba(NEW))


def test_an_answer_does_not_depend_on_other_documents(adapted):
    together = adapted.predict_proba(NEW)
    alone = np.concatenate([adapted.predict_proba([text]) for text in NEW])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    assert np.isnan(adapted.predict_proba(["", NEW[0]])[0]).all()


def test_a_classifier_of_labelled_rows_is_what_it_was():
    y = [*np.repeat(LABELS, 110)]
    assert fake().fit(TEXTS, y).adaptation_ is None


@pytest.mark.parametrize("texts", [[], [""], TEXTS[:1], TEXTS[:1] * 500, TEXTS[:317]])
def test_too_few_documents_keep_the_plain_scores(texts):
    clf = fake().fit(texts)
    assert "different documents for 3 labels" in clf.adaptation_.support.reason
    np.testing.assert_array_equal(clf.predict_proba(NEW), fake().fit().predict_proba(NEW))
    assert not isinstance(clf.scorer_, AdaptedScorer)


def test_adapt_says_what_moved_and_can_be_done_anew(adapted):
    clf = fake().fit()
    result = clf.adapt(TEXTS)
    assert result.changes.documents == len(result.documents) == len(result.features) == 330
    assert "adapted on 330 different documents" in result.changes.summary()
    clf.adapt(documents(seed=5))
    clf.adapt(TEXTS)
    np.testing.assert_array_equal(clf.predict_proba(NEW), adapted.predict_proba(NEW))


def test_saved_and_loaded(adapted, tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *args, **options: WordEncoder())
    adapted.save(tmp_path / "m")
    loaded = ZeroShotClassifier.load(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict_proba(NEW), adapted.predict_proba(NEW))
    assert loaded.adaptation_.support == adapted.adaptation_.support
    assert fingerprint(loaded) == fingerprint(adapted) != fingerprint(fake().fit())
    loaded.calibrate(TEXTS, np.repeat(LABELS, 110), target_precision=0.8)
    loaded.save(tmp_path / "n")
    again = ZeroShotClassifier.load(tmp_path / "n")
    assert again.calibrated_
    np.testing.assert_array_equal(again.predict_proba(NEW), loaded.predict_proba(NEW))


def test_a_folder_of_a_version_that_adapted_differently(adapted, tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *args, **options: WordEncoder())
    monkeypatch.setattr(folder, "FORMAT_VERSION", 3)
    adapted.save(tmp_path)
    with pytest.raises(PersistenceError, match="adapted by an earlier version, .* adapt again"):
        ZeroShotClassifier.load(tmp_path)


def test_why_the_plain_scores_were_kept_is_saved(tmp_path, monkeypatch):
    monkeypatch.setattr("zstext.persistence.load_encoder", lambda *args, **options: WordEncoder())
    clf = fake().fit(TEXTS[:3])
    clf.save(tmp_path)
    loaded = ZeroShotClassifier.load(tmp_path)
    assert loaded.adaptation_.support == clf.adaptation_.support
    assert "different documents for 3 labels" in loaded.adaptation_.support.reason
    np.testing.assert_array_equal(loaded.predict_proba(NEW), clf.predict_proba(NEW))
    assert fingerprint(loaded) == fingerprint(clf)


def test_calibration_goes_on_top(adapted):
    clf = clone(adapted).fit(TEXTS).calibrate(TEXTS, np.repeat(LABELS, 110))
    assert clf.calibrated_
    assert clf.adaptation_ is not None
    assert clf.predict(NEW).tolist() == adapted.predict(NEW).tolist()
    assert clf.predict_proba(NEW).max(axis=1).mean() > adapted.predict_proba(NEW).max(axis=1).mean()


def test_adapting_again_drops_what_was_calibrated_with_a_warning():
    clf = fake().fit(TEXTS).calibrate(TEXTS, np.repeat(LABELS, 110))
    with pytest.warns(UserWarning, match="calibrated no more"):
        clf.adapt(documents(seed=5))
    assert not clf.calibrated_
    other = fake().fit(documents(seed=5))
    np.testing.assert_array_equal(clf.predict_proba(NEW), other.predict_proba(NEW))


def test_what_is_calibrated_first_is_what_adapting_starts_from():
    clf = fake().fit().calibrate(TEXTS, np.repeat(LABELS, 110), target_precision=0.8)
    chain = clf.calibrator_
    with pytest.warns(UserWarning, match="calibrated no more"):
        clf.adapt(TEXTS)
    assert clf.scorer_.chain.scaling == chain.scaling
    assert clf.calibrator_.abstention is None
    assert not clf.calibrated_


def test_labels_of_too_few_documents_count_for_nothing_with_a_warning():
    clf = ZeroShotClassifier(LABELS, backend="nli", entailer=Representing())
    with pytest.warns(UserWarning, match="labels count for nothing: 20 different documents"):
        clf.fit(TEXTS[:20], ["apple"] * 20)
    for option in ({"gamma": 0.1}, {"gate": True}, {"mapping": PrototypeMapping()}):
        with pytest.raises(OptionError, match="the nli backend learns none"):
            clone(clf).set_params(**option).fit(TEXTS[:20], ["apple"] * 20)


def test_what_does_not_support_adapting_changes_nothing():
    clf = fake().fit(TEXTS).calibrate(TEXTS, np.repeat(LABELS, 110), target_precision=0.8)
    before, adaptation = clf.classify(NEW), clf.adaptation_
    adapted = clf.adapt(TEXTS[:3])
    assert "the scores stay as they were" in adapted.changes.summary()
    assert clf.calibrated_
    assert clf.adaptation_ is adaptation
    assert clf.classify(NEW) == before


def test_new_labels_drop_it_with_a_warning(adapted):
    with pytest.warns(UserWarning, match="adaptation was one to the labels before"):
        more = adapted.with_labels(["duck"])
    assert more.adaptation_ is None
    plain = fake([*LABELS, "duck"]).fit()
    np.testing.assert_array_equal(more.predict_proba(NEW), plain.predict_proba(NEW))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain.with_labels(["egg"])


def test_what_cannot_adapt():
    with pytest.raises(OptionError, match="one label a document"):
        fake(multi_label=True).fit(TEXTS)
    nli = ZeroShotClassifier(LABELS, backend="nli", entailer=Answering())
    with pytest.raises(OptionError, match="'table' has no features to adapt by: use the encoder"):
        nli.fit(TEXTS)
    learned = fake().fit(TEXTS, np.repeat(LABELS, 110))
    with pytest.raises(OptionError, match="learned from labelled documents"):
        learned.adapt(TEXTS)


class Answering(TableEntailer):
    """Affirms a label that the text names."""

    def __init__(self):
        super().__init__({})

    def entail(self, items, hypotheses, **options):
        self.table |= {
            (item, h): [float(any(x in h for x in item.split() if x in LABELS)), 0.0]
            for item in items
            for h in hypotheses
        }
        return super().entail(items, hypotheses, **options)


class Representing(Answering):
    """And has features."""

    def represent(self, items, *, whole=True):
        return WordEncoder().encode(items)


def test_entailment_can_be_the_anchor():
    """In a cascade the scores that adapting starts from are those of both models."""
    clf = ZeroShotClassifier(LABELS, backend="auto", encoder=WordEncoder(), entailer=Answering())
    before = np.mean(clf.fit().predict(NEW) == np.repeat(LABELS, 8))
    clf.adapt(TEXTS)
    assert isinstance(clf.scorer_, AdaptedScorer)
    assert set(clf.scorer_.models) == {"encoder", "entailer"}
    assert np.mean(clf.predict(NEW) == np.repeat(LABELS, 8)) > before + 0.05


def test_entailment_adapts_by_itself_if_it_has_features(tmp_path, monkeypatch):
    clf = ZeroShotClassifier(LABELS, backend="nli", entailer=Representing()).fit(TEXTS)
    assert isinstance(clf.scorer_, AdaptedScorer)
    assert np.mean(clf.predict(NEW) == np.repeat(LABELS, 8)) > 0.9
    monkeypatch.setattr("zstext.persistence.load_entailer", lambda *args, **options: Representing())
    clf.save(tmp_path)
    loaded = ZeroShotClassifier.load(tmp_path)
    np.testing.assert_array_equal(loaded.predict_proba(NEW), clf.predict_proba(NEW))
    plain = ZeroShotClassifier(LABELS, backend="nli", entailer=Representing()).fit()
    assert not np.allclose(plain.predict_proba(NEW), clf.predict_proba(NEW))


def test_labelled_rows_stay_with_their_class():
    """The labels say the opposite of what the texts name: those that are labelled are believed."""
    y = [None] * len(TEXTS)
    turned = {"apple": "bread", "bread": "apple", "cheese": "cheese"}
    for place in (*range(0, 80), *range(110, 190)):
        y[place] = turned[LABELS[place // 110]]
    clf = ZeroShotClassifier(
        LABELS, backend="cascade", encoder=WordEncoder(), entailer=Answering(), shortlist=1
    )
    plain = clf.fit(TEXTS).predict(TEXTS)
    told = clf.fit(TEXTS, y)
    assert not told.seen_mask_.any()
    assert told.adaptation_.support.documents == 330
    right = [answer == label for answer, label in zip(told.predict(TEXTS), y, strict=True) if label]
    before = [answer == label for answer, label in zip(plain, y, strict=True) if label]
    assert np.mean(right) > np.mean(before) + 0.2
    again = ZeroShotClassifier(LABELS, encoder=WordEncoder()).fit()
    order = np.random.default_rng(0).permutation(len(TEXTS))
    states = []
    for rows in (range(len(TEXTS)), order):
        again.adapt([TEXTS[i] for i in rows], [y[i] for i in rows])
        states.append(again.predict_proba(NEW))
    np.testing.assert_array_equal(*states)


def test_recall_of_the_shortlist_is_that_of_the_cascade_adapted_or_not():
    options = {"backend": "cascade", "encoder": WordEncoder(), "entailer": Answering()}
    clf, y = ZeroShotClassifier(LABELS, shortlist=1, **options), np.repeat(LABELS, 110)
    plain = evaluate(clf.fit(), TEXTS, y).shortlist
    assert 0 < plain.recall < 1
    assert evaluate(clf.fit(TEXTS), TEXTS, y).shortlist == plain


def test_what_labels_adapting_takes():
    clf = fake().fit()
    with pytest.raises(InputError, match="330 documents, but y has 1 labels"):
        clf.adapt(TEXTS, ["apple"])
    with pytest.raises(LabelError, match="did you mean 'apple'"):
        clf.adapt(TEXTS[:1], ["aple"])
    for y in ("a", 5, np.array([["apple"]])):
        with pytest.raises(LabelError, match="one-dimensional sequence of labels"):
            clf.adapt(TEXTS[:1], y)
    with pytest.warns(UserWarning, match="labels count for nothing: 1 different documents"):
        clf.adapt(TEXTS[:1], iter(["apple"]))


def test_a_document_that_is_labelled_in_two_ways_counts_as_unlabelled():
    texts, y = ["a", "b", "a", "c", "c"], np.array([0, UNLABELLED, 1, UNLABELLED, 2])
    found = dict(different(texts, y))
    assert found == {"a": UNLABELLED, "b": UNLABELLED, "c": 2}
    assert different(texts, y)[0] == ("c", 2)


def test_an_entailment_model_without_features_leaves_the_cascade_those_of_the_encoder():
    class Deaf(Answering):
        def represent(self, items, *, whole=True):
            encoded = WordEncoder().encode(items)
            return replace(encoded, windows=encoded.windows[:, :0])

    deaf, none = (
        ZeroShotClassifier(LABELS, backend="auto", encoder=WordEncoder(), entailer=e).fit(TEXTS)
        for e in (Deaf(), Answering())
    )
    np.testing.assert_array_equal(deaf.predict_proba(NEW), none.predict_proba(NEW))
    with pytest.raises(OptionError, match="no features to adapt by"):
        ZeroShotClassifier(LABELS, backend="nli", entailer=Deaf()).fit([""])


def test_a_cascade_looks_at_the_features_of_both():
    both = ZeroShotClassifier(
        LABELS, backend="auto", encoder=WordEncoder(), entailer=Representing()
    ).fit(TEXTS)
    assert both.adaptation_.mixture.mean.shape == (64,)
    assert both.adapt(TEXTS).features.shape == (330, 32)  # a picture is of the encoder's


def unlabelled(texts):
    return [text for text, _ in different(texts, np.full(len(texts), UNLABELLED))]


def test_documents_count_less_beside_two_models():
    clf = ZeroShotClassifier(LABELS, backend="auto", encoder=WordEncoder(), entailer=Answering())
    clf.fit(TEXTS)
    seen = clf.scorer_.plain.observe(unlabelled(TEXTS), clf.labels_)
    _, (X,), P = anchored(seen, clf.scorer_.chain)
    for trust, same in ((FUSED_TRUST, True), (TRUST, False)):
        expected = Adaptation.fit(X, P, trust=trust).mixture.weights
        assert np.allclose(clf.adaptation_.mixture.weights, expected) == same


def test_different_documents():
    assert sorted(unlabelled(["b", "a", "b"])) == ["a", "b"]
    assert unlabelled(["b", "a"]) == unlabelled(["a", "b", "b"])
    many = [str(i) for i in range(MOST + 10)]
    assert unlabelled(many) == unlabelled(many[::-1])
    assert len(unlabelled(many)) == MOST
    picture = {"bytes": b"1"}
    assert unlabelled([picture, picture, b"x", b"x"]).count(picture) == 2
