import pytest

from zstext import ModelError, OptionError
from zstext.nli.columns import class_names, find_columns


@pytest.mark.parametrize(
    ("labels", "entailment", "opposite"),
    [
        (["entailment", "not_entailment"], 0, 1),
        (["Not Entailment", "Entailment"], 1, 0),
        (["contradiction", "neutral", "entailment"], 2, 0),
        (["CONTRADICTION", "ENTAILMENT", "NEUTRAL"], 1, 0),
        (["entailment", "neutral", "contradiction"], 0, 2),
        (["LABEL_0", "neutral", "Entails"], 2, 0),
        (["non-entailment", "entailment"], 1, 0),
        (["entailed", "whatever"], 0, 1),
        (["entailment", "neutral"], 0, 1),
        (["entailment", "refutes", "neutral"], 0, 1),
        (["unrelated", "Entailment (1)", "refuted"], 1, 2),
        (["no_entailment", "entailment_label"], 1, 0),
        (["REFUTES", "NOT ENOUGH INFO", "entails"], 2, 0),
    ],
)
def test_what_configurations_say(labels, entailment, opposite):
    columns = find_columns(dict(enumerate(labels)), name="m")
    assert (columns.entailment, columns.opposite) == (entailment, opposite)


@pytest.mark.parametrize(("given", "opposite"), [(0, 2), (1, 0), (2, 0)])
def test_a_configuration_that_names_nothing(given, opposite):
    labels = {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}
    with pytest.raises(ModelError, match="does not say which .* --entailment-id"):
        find_columns(labels, name="m")
    assert find_columns(labels, name="m", entailment_id=given).opposite == opposite


def test_in_the_middle_the_opposite_must_be_named():
    with pytest.raises(ModelError, match="which of its three classes is contradiction"):
        find_columns({0: "A", 1: "entailment", 2: "B"}, name="m")


def test_not_a_column():
    with pytest.raises(OptionError, match="entailment id 5 is no class"):
        find_columns({0: "a", 1: "b"}, name="m", entailment_id=5)


@pytest.mark.parametrize("n", [1, 4])
def test_another_number_of_classes(n):
    with pytest.raises(ModelError, match=f"has {n} classes"):
        find_columns(dict.fromkeys(range(n), "entailment"), name="m")


def test_two_classes_of_the_same_name():
    with pytest.raises(ModelError, match="does not say"):
        find_columns({0: "entailment", 1: "Entailment"}, name="m")


@pytest.mark.parametrize("labels", [["entailment", "A", "B"], ["entailment", "LABEL_1", "B"]])
def test_words_that_do_not_say_which_is_contradiction(labels):
    with pytest.raises(ModelError, match="write it into id2label"):
        find_columns(dict(enumerate(labels)), name="m")


@pytest.mark.parametrize(("given", "opposite"), [(0, 2), (1, 0), (2, 0)])
def test_who_names_entailment_goes_by_places(given, opposite):
    labels = {0: "yes", 1: "so so", 2: "no"}
    assert find_columns(labels, name="m", entailment_id=given).opposite == opposite


def test_classes_are_numbered_from_0():
    with pytest.raises(ModelError, match="number its classes from 0"):
        find_columns({1: "contradiction", 2: "neutral", 3: "entailment"}, name="m")


@pytest.mark.parametrize(
    ("config", "names"),
    [
        ({"id2label": {"0": "yes", "1": "no"}}, {0: "yes", 1: "no"}),
        ({"label2id": {"yes": 1, "no": 0, "so": 2}}, {1: "yes", 0: "no", 2: "so"}),
        (
            {"id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "label2id": {"yes": 1, "no": 0}},
            {0: "no", 1: "yes"},
        ),
        ({"id2label": {"0": "a", "1": "b"}, "label2id": {"b": 0, "a": 1}}, {0: "a", 1: "b"}),
        ({"id2label": {"0": "yes", "1": "no"}, "label2id": {"0": "yes"}}, {0: "yes", 1: "no"}),
    ],
)
def test_names_by_column(config, names):
    assert class_names(config) == names


@pytest.mark.parametrize("config", [{}, {"label2id": {}}, {"id2label": None}, {"id2label": {}}])
def test_no_names(config):
    with pytest.raises(KeyError):
        class_names(config)
