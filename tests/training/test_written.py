"""The texts written for training: how they are read, and that every file can be."""

from random import Random

import pytest
import yaml

from training.labelled_texts import LabelledTexts
from training.mixture import HERE
from training.written import Statements, shared_runs, written

WORDINGS = yaml.safe_load((HERE / "wordings.yaml").read_text(encoding="utf-8"))
SETTINGS = {"hypotheses": 3, "negated": 0.0, "hard": 0.5, "max_words": 110}

LABELLED = """templates: topic
= billing
names: billing; money charged
says: The customer asks about a bill. / A charge is wrong.
- took 40 off my card twice
= delivery
names: delivery
- it never came
- this text has exactly the eight words here
"""
STATED = """> The train was late and we missed the play.
+ a complaint
- praise of the railway
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mail.txt").write_text(LABELLED)
    (tmp_path / "told.txt").write_text(STATED)
    return tmp_path


def test_labelled_texts(folder):
    mail = written(folder, WORDINGS, SETTINGS, [])["mail"]
    assert isinstance(mail, LabelledTexts)
    assert mail.texts[:2] == [
        ("took 40 off my card twice", "billing"),
        ("it never came", "delivery"),
    ]
    assert mail.names == {"billing": ("billing", "money charged"), "delivery": ("delivery",)}
    assert mail.sentences == {"billing": ("The customer asks about a bill.", "A charge is wrong.")}


def test_statements(folder):
    told = written(folder, WORDINGS, SETTINGS, [])["told"]
    assert isinstance(told, Statements)
    group = told.draw(Random(0))
    assert group.premise == "The train was late and we missed the play."
    answers = dict(zip(group.hypotheses, group.targets, strict=True))
    assert answers == {"a complaint": 1, "praise of the railway": 0}


def test_a_text_that_shares_eight_words_with_one_kept_out_is_dropped(folder):
    kept_out = ["Well: this text has EXACTLY the eight words, here and there", "it never came to"]
    mail = written(folder, WORDINGS, SETTINGS, kept_out)["mail"]
    assert [text for text, _ in mail.texts] == ["took 40 off my card twice", "it never came"]


def test_shared_runs_of_short_texts_are_the_whole_text():
    assert shared_runs(["Play music!", "play it again"], ["play music", "play it"]) == {
        "play music"
    }


def test_a_line_of_no_kind_is_an_error(tmp_path):
    (tmp_path / "bad.txt").write_text("templates: topic\n= a\nnames: a\nwhat is this\n")
    with pytest.raises(ValueError, match="what is this"):
        written(tmp_path, WORDINGS, SETTINGS, [])


def test_every_file_of_the_repository_can_be_drawn_from():
    sources = written(HERE / "written", WORDINGS, SETTINGS, [])
    for name, source in sources.items():
        assert source.draw(Random(0)).hypotheses, name
        if isinstance(source, LabelledTexts):
            assert {label for _, label in source.texts} == set(source.labels), name
            assert len(source.labels) > 1, name
