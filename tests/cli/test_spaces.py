import pytest

from zstext import LabelError
from zstext.cli.spaces import label_space


def test_all_options_in_their_order(tmp_path):
    (tmp_path / "more.yaml").write_text("e: things\nf: [one, two]\n")
    space = label_space(" a , b ", ["c", "d=a description"], tmp_path / "more.yaml")
    assert space.names == ("a", "b", "c", "d", "e", "f")
    assert space.descriptions == ((), (), (), ("a description",), ("things",), ("one", "two"))


def test_otherwise_only_where_there_is_no_option():
    assert label_space(None, None, None, otherwise=["x", "y=z"]).names == ("x", "y=z")
    assert label_space("a,b", None, None, otherwise=["x"]).names == ("a", "b")
    assert label_space(None, ["a"], None, otherwise=["x"], optional=True).names == ("a",)


def test_optional():
    assert label_space(None, None, None, optional=True) is None
    assert label_space(None, [], None, optional=True) is None
    with pytest.raises(LabelError, match="no labels given; use --labels a,b,c"):
        label_space(None, None, None)


@pytest.mark.parametrize("optional", [True, False])
def test_what_is_given_must_be_labels(optional):
    with pytest.raises(LabelError, match="label 2 is empty"):
        label_space("a,,b", None, None, optional=optional)
    with pytest.raises(LabelError, match="label 1 is empty"):
        label_space("", None, None, optional=optional)
    with pytest.raises(LabelError, match="'a' is given twice, at 1 and 3"):
        label_space("a,b", ["a"], None, optional=optional)
