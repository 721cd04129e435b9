import itertools

import numpy as np
import pandas as pd
import pytest

import zstext
from tests.fakes import TableEntailer, WordEncoder
from zstext import (
    InputError,
    LabelError,
    LabelSpace,
    ModelError,
    OptionError,
    TemplateError,
)
from zstext.documents import CHUNK
from zstext.pipelines import ZeroShotPipeline

LABELS = ["red car", "green tree"]


@pytest.fixture
def tag():
    return zstext.pipeline(WordEncoder())


def test_the_real_thing(encoder):
    tag = zstext.pipeline(device="cpu")
    result = tag("The striker scored twice.", candidate_labels=["politics", "sports"])
    assert list(result) == ["sequence", "labels", "scores", "calibrated", "truncated"]
    assert result["sequence"] == "The striker scored twice."
    assert result["labels"] == ["sports", "politics"]
    assert result["scores"] == sorted(result["scores"], reverse=True)
    assert sum(result["scores"]) == pytest.approx(1)
    assert (result["calibrated"], result["truncated"]) == (False, False)
    assert zstext.pipeline(encoder)("The striker scored twice.", ["politics", "sports"]) == result


def test_a_text_gives_a_dict_and_a_list_a_list(tag):
    one = tag("a red car", LABELS)
    assert one["labels"] == LABELS
    assert tag(["a red car"], LABELS) == [one]
    assert tag([], LABELS) == []
    assert [r["labels"][0] for r in tag(["green tree", "red"], LABELS)] == ["green tree", "red car"]
    assert all(type(score) is float for score in one["scores"])


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pd.array])
def test_columns(tag, kind):
    results = tag(kind(["a red car", "green tree"]), LABELS)
    assert isinstance(results, list)
    assert [r["labels"][0] for r in results] == LABELS


def test_a_datasets_column(tag):
    import datasets

    table = datasets.Dataset.from_dict({"text": ["a red car", None, "green tree"]})
    results = tag(table["text"], LABELS)
    assert [r["labels"][:1] for r in results] == [["red car"], [], ["green tree"]]
    assert results[1]["reason"] == "missing"


def test_a_generator_is_read_as_it_goes(tag):
    taken = []

    def endless():
        for i in itertools.count():
            taken.append(i)
            yield "red car" if i % 2 else "green tree"

    results = tag(endless(), LABELS)
    assert taken == []
    first = list(itertools.islice(results, 3))
    assert [r["labels"][0] for r in first] == ["green tree", "red car", "green tree"]
    assert len(taken) == CHUNK
    assert len(list(itertools.islice(results, CHUNK))) == CHUNK
    assert len(taken) == 2 * CHUNK


def test_mistakes_are_told_before_a_generator_is_read(tag):
    with pytest.raises(LabelError, match="no labels given"):
        tag(iter(["x"]), [])


def test_what_cannot_be_classified(tag):
    results = tag(["red car", "", None, 3], LABELS)
    assert ["reason" in r for r in results] == [False, True, True, True]
    assert results[1] == {
        "sequence": "", "labels": [], "scores": [], "calibrated": False, "truncated": False,
        "reason": "empty",
    }  # fmt: skip
    assert [r["reason"] for r in results[2:]] == ["missing", "not_text"]
    assert type(results[1]["reason"]) is str


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (("x", "a,b"), LabelError, "labels must be a list of names .* got 'a,b'"),
        (("x", []), LabelError, "no labels given"),
        (("x", ["a"]), LabelError, r"one label \('a'\) is no choice"),
        (("x", ["a", "a"]), LabelError, "given twice"),
        (("x", LABELS, "no slot"), TemplateError, "exactly one {}"),
        (("x", LABELS, []), TemplateError, "no template given"),
        ((None, LABELS), InputError, "sequences must be a text or texts, got NoneType"),
        ((3, LABELS), InputError, "got int"),
        ((b"x", LABELS), InputError, "got bytes"),
        (({"text": "x"}, LABELS), InputError, "got dict"),
        ((pd.DataFrame({"text": ["x"]}), LABELS), InputError, "choose the column that holds the"),
        ((np.array([["x"]]), LABELS), InputError, "got 2 dimensions"),
    ],
)
def test_misuse(tag, args, error, message):
    with pytest.raises(error, match=message):
        tag(*args)


def test_one_label_in_multi_label_mode(tag):
    result = tag("red car", ["red car"], multi_label=True)
    assert result["labels"] == ["red car"]
    assert 0.5 < result["scores"][0] <= 1


def test_multi_label(tag):
    result = tag("red tree", ["red", "tree", "moon"], multi_label=True)
    assert set(result["labels"][:2]) == {"red", "tree"}
    assert sum(result["scores"]) > 1


def test_descriptions_and_label_spaces(tag):
    told = {"one": "red car", "two": "green tree"}
    assert tag("red", told)["labels"][0] == "one"
    assert tag("red", LabelSpace.of(told)) == tag("red", told)


def test_templates(tag):
    assert tag("red", LABELS, "{}") == tag("red", LABELS, hypothesis_template=["{}"])
    assert tag("red", LABELS, "{}") != tag("red", LABELS, ["{}", "some {} noise"])


def test_labels_used_last_stay_embedded():
    class Counting(WordEncoder):
        label_calls = 0

        def encode(self, items, *, role="document", whole=True):
            self.label_calls += role == "label"
            return super().encode(items, role=role, whole=whole)

    encoder = Counting()
    tag = ZeroShotPipeline({"encoder": encoder})
    tag("x", LABELS)
    after_one = encoder.label_calls
    tag("y", LABELS)
    tag("y", list(LABELS))
    assert encoder.label_calls == after_one
    tag("y", LABELS[::-1])
    tag("y", LABELS, multi_label=True)
    assert encoder.label_calls > after_one
    assert tag("red car", LABELS)["labels"] == LABELS


class Entailer(TableEntailer):
    """Affirms the red label of a red text."""

    def entail(self, items, hypotheses, **options):
        for pair in itertools.product(items, hypotheses):
            self.table[pair] = np.atleast_2d([9.0 * all("red" in text for text in pair), 0.0])
        return super().entail(items, hypotheses, **options)


def test_a_loaded_model_leaves_the_other_options_their_meaning(monkeypatch):
    encoder, entailer, loaded = WordEncoder(), Entailer({}), []

    def load(name, **options):
        loaded.append((name, options))
        return entailer

    monkeypatch.setattr("zstext.nli.load_entailer", load)
    tag = zstext.pipeline(
        encoder, backend="cascade", nli_model="x", entailment_id=1, device="cpu", batch_size=2
    )
    assert tag.models == {"backend": "cascade", "encoder": encoder, "entailer": entailer}
    assert loaded == [("x", {"entailment_id": 1, "device": "cpu", "batch_size": 2})]
    assert tag("something red", LABELS)["labels"][0] == "red car"
    both = zstext.pipeline(encoder, backend="auto", nli_model=entailer)
    assert both.models == {"backend": "auto", "encoder": encoder, "entailer": entailer}
    assert zstext.pipeline(entailer).models == {"backend": "nli", "entailer": entailer}
    assert zstext.pipeline(entailer, backend="nli").models["entailer"] is entailer


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        (WordEncoder(), {"nli_model": "x"}, "an entailment model is for the backends"),
        (WordEncoder(), {"entailment_id": 0}, "an entailment id is for the backends"),
        (WordEncoder(), {"backend": "nli"}, "this one is an encoder"),
        (Entailer({}), {"backend": "encoder"}, "name it as nli_model"),
        (Entailer({}), {"backend": "cascade"}, "name it as nli_model"),
        ("zstext-nli", {"backend": "auto"}, "no encoder: the backends nli, .* without being told"),
        (Entailer({}), {"nli_model": "x"}, "name it once"),
        (Entailer({}), {"entailment_id": 0}, "give the entailment id to load_entailer"),
        (
            WordEncoder(),
            {"backend": "auto", "nli_model": Entailer({}), "entailment_id": 0},
            "give the entailment id to load_entailer",
        ),
    ],
)
def test_options_that_a_loaded_model_excludes(model, options, message):
    with pytest.raises(OptionError, match=message):
        zstext.pipeline(model, **options)


def test_a_model_that_is_not_here():
    with pytest.raises(ModelError, match="is not a model directory"):
        zstext.pipeline("./nowhere")
