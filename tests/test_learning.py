import numpy as np
import pandas as pd
import pytest

from tests.fakes import WordEncoder
from zstext import LabelError, LabelSpace, OptionError
from zstext.calibration import (
    PlattScaling,
    ScoreScale,
    SeenPenalty,
    SoftGate,
    TemperatureScaling,
)
from zstext.learning import (
    WORTHS,
    class_indices,
    default_mapping,
    is_unlabelled,
    learn,
    row_folds,
)
from zstext.mapping import IdentityMapping, LearnedMapping, PrototypeMapping, RidgeMapping
from zstext.metrics import seen_unseen

SCALE = ScoreScale(temperature=0.25, midpoint=0.5, multi_temperature=0.125)
LABELS = LabelSpace.of(["red", "green", "blue"])


def world(n_classes=9, n_rows=8, n_seen=6, dim=12, seed=0):
    """Noisy copies of class embeddings; the classes from `n_seen` on have no row in X, y."""
    rng = np.random.default_rng(seed)
    S = rng.normal(size=(n_classes, dim))
    y_all = np.repeat(np.arange(n_classes), n_rows)
    X_all = S[y_all] + 0.8 * rng.normal(size=(len(y_all), dim))
    seen = y_all < n_seen
    return X_all[seen], y_all[seen], S, X_all[~seen], y_all[~seen]


class Recorder(LearnedMapping):
    """A mapping that notes every array it is fitted on."""

    def __init__(self, log=None):
        self.log = log

    def __sklearn_clone__(self):
        return Recorder(self.log)

    def transform(self, X):
        return X

    def _fit(self, X, y, S):
        self.log.append((X.copy(), y.copy()))

    def _compatibility(self, X, S):
        return X @ S.T


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, np.float32("nan"), -1, -1.0, pd.NA,
                                   np.int64(-1), pd.NaT], ids=repr)  # fmt: skip
def test_unlabelled(value):
    assert is_unlabelled(value)
    assert class_indices(["red", value, "blue"], LABELS).tolist() == [0, -1, 2]


@pytest.mark.parametrize("value", ["-1", "", "nan", "None", 0, 1, np.str_("red")], ids=repr)
def test_labelled(value):
    assert not is_unlabelled(value)


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_columns_of_labels(kind):
    columns = class_indices(kind(["blue", "red", "blue"]), LABELS)
    assert (columns.tolist(), columns.dtype) == ([2, 0, 2], np.int64)


def test_columns_of_nothing():
    assert class_indices([], LABELS).shape == (0,)
    assert class_indices(pd.array(["red", None]), LABELS).tolist() == [0, -1]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("gren", r"y holds 'gren', which is not one of the 3 labels \(did you mean 'green'\?\)"),
        ("Red", r"\(did you mean 'red'\?\)"),
        ("xyzzy", "the 3 labels$"),
        (7, "y holds 7"),
        (["red"], r"y holds \['red'\]"),
        ("-1", "y holds '-1'"),
    ],
)
def test_what_is_no_label(value, message):
    with pytest.raises(LabelError, match=message):
        class_indices(["red", None, value], LABELS)


def test_learned_from_seen_classes():
    X, y, S, X_new, y_new = world()
    learned = learn(X, y, S, scale=SCALE)
    assert learned.seen_mask.tolist() == [True] * 6 + [False] * 3
    assert isinstance(learned.mapping, PrototypeMapping)
    assert isinstance(learned.chain.seen, SeenPenalty)
    assert isinstance(learned.chain.scaling, TemperatureScaling)
    assert learned.chain.scaling.temperature != SCALE.temperature
    assert (learned.chain.null, learned.chain.prior, learned.chain.abstention) == (None,) * 3
    scores = learned.mapping.compatibility(np.vstack([X, X_new]), S)
    truth = np.concatenate([y, y_new])
    before = seen_unseen(truth, scores.argmax(axis=1), learned.seen_mask)
    after = learned.chain.adjust(scores, learned.seen_mask).argmax(axis=1)
    assert seen_unseen(truth, after, learned.seen_mask).H >= before.H > 0.3


def test_the_given_mapping_is_not_changed():
    X, y, S, *_ = world()
    mapping = RidgeMapping()
    learned = learn(X, y, S, mapping=mapping, scale=SCALE)
    assert isinstance(learned.mapping, RidgeMapping)
    assert learned.mapping is not mapping
    assert not hasattr(mapping, "seen_")


@pytest.mark.parametrize("gamma", [0.0, 0.3, -1.0])
def test_gamma_that_is_given(gamma):
    X, y, S, *_ = world()
    assert learn(X, y, S, gamma=gamma, scale=SCALE).chain.seen == SeenPenalty(gamma)
    with pytest.raises(OptionError, match="gamma must be a finite number"):
        learn(X, y, S, gamma=np.nan, scale=SCALE)


def test_gate():
    X, y, S, *_ = world()
    learned = learn(X, y, S, gate=True, scale=SCALE)
    assert isinstance(learned.chain.seen, SoftGate)
    p = learned.chain.proba(learned.mapping.compatibility(X, S), learned.seen_mask)
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_multi_label_learns_a_sigmoid():
    X, y, S, *_ = world()
    scaling = learn(X, y, S, multi_label=True, scale=SCALE).chain.scaling
    assert isinstance(scaling, PlattScaling)
    assert scaling.A < 0
    assert scaling != SCALE.scaling(len(S), multi_label=True)


def test_all_classes_seen():
    X, y, S, *_ = world(n_seen=9)
    for options in ({}, {"gate": True}):
        learned = learn(X, y, S, scale=SCALE, **options)
        assert learned.seen_mask.all()
        assert learned.chain.seen is None
        assert learned.chain.scaling.temperature != SCALE.temperature  # of rows held out


@pytest.mark.parametrize("n_seen", [2, 4])
def test_too_few_seen_classes_to_hide_any(n_seen):
    X, y, S, *_ = world(n_seen=n_seen)
    learned = learn(X, y, S, scale=SCALE)
    assert learned.chain.seen is None
    assert learned.seen_mask.sum() == n_seen
    assert learned.chain.scaling.temperature != SCALE.temperature


def check_usable(learned, X, S):
    scores = learned.mapping.compatibility(X, S)
    p = learned.chain.proba(scores, learned.seen_mask)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)


def test_one_labelled_example_in_all():
    X, y, S, X_new, _ = world()
    learned = learn(X[:1], y[:1], S, scale=SCALE)
    assert learned.seen_mask.tolist() == [True] + [False] * 8
    assert learned.chain.scaling == TemperatureScaling(SCALE.temperature)
    assert learned.chain.seen is None
    check_usable(learned, X_new, S)


def test_one_row_a_class_and_more_dimensions_than_rows():
    X, y, S, X_new, y_new = world(n_rows=1, dim=200)
    assert len(X) < X.shape[1]
    learned = learn(X, y, S, scale=SCALE)
    check_usable(learned, X_new, S)
    assert learned.chain.scaling == TemperatureScaling(SCALE.temperature)
    scores = learned.mapping.compatibility(X_new, S)
    assert (scores.argmax(axis=1) == y_new).all()


def test_a_class_with_one_row_among_others():
    X, y, S, X_new, _ = world()
    keep = (y != 2) | (np.cumsum(y == 2) == 1)
    learned = learn(X[keep], y[keep], S, scale=SCALE)
    assert learned.seen_mask[2]
    check_usable(learned, X_new, S)


def test_features_and_attributes_that_are_constant():
    X, y, S, X_new, _ = world()
    X, X_new, S = X.copy(), X_new.copy(), S.copy()
    X[:, 3] = X_new[:, 3] = 5.0
    S[:, 7] = 2.0
    check_usable(learn(X, y, S, scale=SCALE), X_new, S)
    check_usable(learn(np.ones_like(X), y, S, scale=SCALE), X_new, S)
    check_usable(learn(X, y, np.ones_like(S), scale=SCALE), X_new, np.ones_like(S))


@pytest.mark.parametrize("unlabelled", [0, 5])
def test_row_folds_score_every_row_once_by_a_model_that_did_not_see_it(unlabelled):
    X, y, S, *_ = world(n_rows=4, n_seen=3)
    X = np.vstack([X, X[:unlabelled] + 100.0])
    y = np.append(y, np.full(unlabelled, -1))
    log = []
    folds = row_folds(Recorder(log), X, y, S)
    assert len(folds) == len(log) == 3
    scored = []
    for fold, (X_fit, y_fit) in zip(folds, log, strict=True):
        for scores, truth in zip(fold.scores, fold.y, strict=True):
            (row,) = np.flatnonzero(np.isclose(X @ S.T, scores).all(axis=1))
            assert y[row] == truth
            assert not (X_fit == X[row]).all(axis=1).any()
            scored.append(row)
        assert (y_fit == -1).sum() == unlabelled
        assert set(y_fit) - {-1} == {0, 1, 2}  # no class is held out whole
        assert fold.seen_mask.tolist() == [True] * 3 + [False] * 6
    assert sorted(scored) == list(range(12))


def test_row_folds_of_few_rows():
    X, y, S, *_ = world(n_rows=1)
    assert row_folds(PrototypeMapping(), X, y, S) == []
    X, y, S, *_ = world(n_rows=2)
    folds = row_folds(PrototypeMapping(), X, y, S)
    assert [len(fold.y) for fold in folds] == [6, 6]
    y = np.where(np.arange(12) == 1, -1, y)  # class 0 has one row left: it lends none
    folds = row_folds(PrototypeMapping(), X, y, S)
    assert sorted(np.concatenate([fold.y for fold in folds])) == sorted([1, 2, 3, 4, 5] * 2)


def state_of(learned):
    parts = learned.mapping.to_state(), learned.chain.to_state()
    return [(s.kind, str(s.values), {k: a.tobytes() for k, a in s.arrays.items()}) for s in parts]


def test_no_row_enters_that_was_not_given_and_no_label_that_was_hidden():
    """Every array that a mapping is fitted on holds rows of X alone, under their labels or none."""
    X, y, S, *_ = world()
    X_u = X[::5] + 50.0
    X_all, y_all = np.vstack([X, X_u]), np.append(y, [-1] * len(X_u))
    log = []
    learned = learn(X_all, y_all, S, mapping=Recorder(log), scale=SCALE)
    assert len(log) == 7  # itself and a fold for every seen class
    true = {row.tobytes(): c for row, c in zip(X_all, y_all, strict=True)}
    for X_fit, y_fit in log:
        assert all(c in (-1, true[x.tobytes()]) for x, c in zip(X_fit, y_fit, strict=True))
        assert set(y_fit) <= set(range(6)) | {-1}
    for _, y_fit in log[1:]:
        assert len(set(range(6)) - set(y_fit)) == 1  # hidden
    assert not learned.seen_mask[6:].any()


def test_folds_score_rows_of_seen_classes_alone(monkeypatch):
    """No row of an unseen class takes part where penalty and temperature are chosen."""
    X, y, S, *_ = world()
    given = []
    choose = SeenPenalty.from_folds.__func__

    def noting(cls, folds):
        given.extend(folds)
        return choose(cls, folds)

    monkeypatch.setattr(SeenPenalty, "from_folds", classmethod(noting))
    learn(X, y, S, scale=SCALE)
    assert len(given) == 6
    for scores, truth, seen in given:
        assert scores.shape[1] == len(seen) == 9
        assert seen.sum() == 5
        assert set(truth) == set(range(6))


def test_the_test_rows_change_nothing():
    """Corrupt what a benchmark would test on: what was learned and chosen stays the same."""
    X, y, S, X_new, y_new = world()
    X_all, y_all = np.vstack([X, X_new]), np.append(y, y_new)
    train = np.flatnonzero(y_all < 6)
    corrupted, wrong = X_all.copy(), y_all.copy()
    corrupted[len(X) :] = np.random.default_rng(5).normal(size=X_new.shape) * 1e6
    wrong[len(y) :] = 0
    states = [
        state_of(learn(data[train], labels[train], S, scale=SCALE))
        for data, labels in ((X_all, y_all), (corrupted, wrong))
    ]
    assert states[0] == states[1]


def test_unseen_rows_that_are_lent_without_labels_do_not_lend_labels():
    """Semi-supervised: rows of unseen classes may be given, their labels are not looked at."""
    X, y, S, X_new, y_new = world()
    X_all = np.vstack([X, X_new])
    hidden = np.append(y, [-1] * len(y_new))
    learned = learn(X_all, hidden, S, scale=SCALE)
    order = np.append(np.arange(len(y)), len(y) + np.random.default_rng(0).permutation(len(y_new)))
    shuffled = learn(X_all[order], hidden, S, scale=SCALE)
    assert not learned.seen_mask[6:].any()
    np.testing.assert_allclose(
        learned.mapping.compatibility(X_new, S), shuffled.mapping.compatibility(X_new, S), atol=1e-9
    )


def test_the_same_rows_learn_the_same():
    X, y, S, *_ = world()
    assert state_of(learn(X, y, S, scale=SCALE)) == state_of(learn(X, y, S, scale=SCALE))


def test_mappings_that_learn_nothing():
    X, y, S, *_ = world()
    learned = learn(X, y, S, mapping=IdentityMapping(), scale=SCALE)
    assert learned.seen_mask.sum() == 6
    assert abs(learned.chain.seen.gamma) < 0.5


def few_rows(*, noise, names, rows=10, n_classes=4, dim=48):
    """Items around directions of their classes; descriptions are those, or say nothing."""
    rng = np.random.default_rng(1)
    T = np.linalg.qr(rng.normal(size=(dim, dim)))[0][:n_classes]
    y = np.repeat(np.arange(n_classes), rows)
    X = T[y] + noise / np.sqrt(dim) * rng.normal(size=(len(y), dim))
    S = T if names else np.linalg.qr(rng.normal(size=(dim, dim)))[0][:n_classes]
    return X, y, S


def test_rows_held_out_say_what_a_description_is_worth():
    encoder = WordEncoder()
    clear = few_rows(noise=1.0, names=False)  # items alone tell the classes
    assert default_mapping(encoder, *clear).kappa == WORTHS[0]
    blurred = few_rows(noise=4.0, names=True)  # the names do
    assert default_mapping(encoder, *blurred).kappa in WORTHS[2:]


def test_without_rows_of_every_class_a_description_is_worth_what_it_usually_is():
    X, y, S = few_rows(noise=4.0, names=True)
    of_one = np.where((y == 0) & (np.arange(len(y)) % 10 > 0), -1, y)  # it has a single row
    for shown in (np.where(y == 0, -1, y), of_one):
        assert default_mapping(WordEncoder(), X, shown, S).kappa == WORTHS[0]
