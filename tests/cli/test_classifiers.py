from pathlib import Path

import pytest

from tests.cli.labelled_rows import fit
from zstext import LabelSpace, OptionError, TemplateError
from zstext.cli.classifiers import cache_dir, classifier_for, given, is_saved_classifier

SPACE = LabelSpace.of(["red", "green"])


def make(space=SPACE, model=None, threshold=None, **options):
    return classifier_for(
        space, model=model, device="cpu", batch_size=8, threshold=threshold, options=options
    )


def test_a_new_classifier_is_checked_before_the_model_is_loaded(monkeypatch):
    def loaded(*args, **options):
        raise AssertionError("loaded")

    monkeypatch.setattr("zstext.encoders.load_encoder", loaded)
    with pytest.raises(OptionError, match="within 0 and 1"):
        make(threshold=2)
    with pytest.raises(TemplateError):
        make(templates=["no braces"])
    with pytest.raises(AssertionError, match="loaded"):
        make()()


def test_a_new_classifier(words):
    clf = make(threshold=0.25, multi_label=True)()
    assert clf.classes_.tolist() == ["red", "green"]
    assert (clf.threshold, clf.multi_label) == (0.25, True)


def test_a_saved_classifier(words, tmp_path):
    model = str(fit(words, tmp_path))
    assert is_saved_classifier(model)
    clf = make(None, model)()
    assert len(clf.classes_) == 8
    assert clf.threshold is None
    more = make(SPACE, model, threshold=0.5)()
    assert more.classes_.tolist()[-2:] == ["red", "green"]
    assert more.threshold == 0.5
    assert more.seen_mask_.tolist() == [True] * 6 + [False] * 4
    with pytest.raises(OptionError, match="templates, long cannot be changed"):
        make(None, model, templates=["{}"], long="max")
    with pytest.raises(OptionError, match="within 0 and 1"):
        make(None, model, threshold=-1)


def test_what_is_no_saved_classifier(tmp_path):
    assert not is_saved_classifier(None)
    assert not is_saved_classifier(str(tmp_path))
    assert not is_saved_classifier("org/model")
    (tmp_path / "config.json").write_text("{}")  # as models have it
    assert not is_saved_classifier(str(tmp_path))


def test_given_are_those_that_differ():
    assert given(templates=None, multi_label=False, long="mean") == {}
    assert given(templates=["{}"], multi_label=True, long="mean") == {
        "templates": ["{}"], "multi_label": True
    }  # fmt: skip


def test_cache_dir(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_dir() == Path("/somewhere/zstext/labels")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert cache_dir() == Path("/home/me/.cache/zstext/labels")

    def homeless():
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert cache_dir() is None
