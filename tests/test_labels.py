import pytest
from hypothesis import given
from hypothesis import strategies as st

from zstext import LabelError, LabelSpace

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(st.lists(names, min_size=1, unique_by=str.strip))
def test_names_stay_as_they_are_in_their_order(wanted):
    space = LabelSpace.of(wanted)
    assert list(space) == wanted
    assert len(space) == len(wanted)
    assert [space.index(name) for name in wanted] == list(range(len(wanted)))


HOSTILE = [
    "a, b", "{}", "{0.__class__}", '"quoted"', "it's", "=1+1", "@cmd", "مرحبا", "‮rtl", "😀",
    "two\nlines", " padded ", "[red]", "%s", "\\", "null", "a=b", "0",
]  # fmt: skip


def test_hostile_names_survive():
    assert LabelSpace.of(HOSTILE).names == tuple(HOSTILE)


def test_ten_thousand_labels():
    wanted = [f"label {i}" for i in range(10_000)]
    space = LabelSpace.of(wanted)
    assert list(space) == wanted
    with pytest.raises(LabelError, match="'label 7' is given twice, at 8 and 10001"):
        LabelSpace.of([*wanted, "label 7"])


def test_descriptions():
    space = LabelSpace.of({"a": "one", "b": ["two", "three"], "c": None, "d": ()})
    assert space.names == ("a", "b", "c", "d")
    assert space.descriptions == (("one",), ("two", "three"), (), ())
    assert LabelSpace.of(space) is space
    assert LabelSpace.of(dict(zip(space.names, space.descriptions, strict=True))) == space


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "no labels given"),
        ({}, "no labels given"),
        (["a", "b", "a"], "'a' is given twice, at 1 and 3"),
        (["a", " a"], "' a' is given twice, at 1 and 2"),
        (["a", ""], "label 2 is empty"),
        ([" \t\n"], "label 1 is empty"),
        ("a,b", "must be a list of names or a mapping to descriptions, got 'a,b'"),
        (b"ab", "must be a list of names"),
        (None, "must be a list of names"),
        (7, "must be a list of names"),
        (["a", 1], r"label 2 must be text, got 1 \(int\)"),
        (["a", None], "label 2 must be text, got None"),
        ([b"a"], "label 1 must be text, got b'a'"),
        ([["a"]], r"label 1 must be text, got \['a'\]"),
        (["a", "\ud800"], "label 2 is not valid Unicode: '.ud800'"),
        ({"a": "\udfff"}, "the description of label 'a' is not valid Unicode"),
        ({"a": " "}, "the description of label 'a' is empty"),
        ({"a": ["x", 1]}, "the description of label 'a' must be text, got 1"),
        ({"a": 1}, "must be text, a list of texts or nothing, got 1"),
        ({"a": b"x"}, "must be text, a list of texts or nothing, got b'x'"),
        ({"a": {"x": 1}}, "must be text, a list of texts or nothing"),
    ],
)
def test_what_a_label_space_cannot_hold(labels, message):
    with pytest.raises(LabelError, match=message):
        LabelSpace.of(labels)


def test_one_description_for_each_name():
    with pytest.raises(LabelError, match="2 labels but descriptions for 1"):
        LabelSpace(("a", "b"), ((),))


def test_an_unknown_name():
    with pytest.raises(LabelError, match=r"'sprots' is not one of the 2 labels \(did you mean 'sp"):
        LabelSpace.of(["sports", "politics"]).index("sprots")


def test_extend():
    space = LabelSpace.of({"a": "x", "b": None}).extend({"c": "y"})
    assert (space.names, space.descriptions) == (("a", "b", "c"), (("x",), (), ("y",)))
    with pytest.raises(LabelError, match="'a' is given twice, at 1 and 4"):
        space.extend(["a"])
