import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zstext import HypothesisTemplate, TemplateError
from zstext.templates import as_templates


@pytest.mark.parametrize(
    ("template", "label", "filled"),
    [
        ("About {}.", "sports", "About sports."),
        ("{}", "x", "x"),
        ("a {} b", "{}", "a {} b"),
        ("a {} b", "{0.__class__}", "a {0.__class__} b"),
        ("a {x} {{ {} }}", "b", "a {x} {{ b }}"),
        ("{0} %s {}", "%s \\1", "{0} %s %s \\1"),
    ],
)
def test_fill(template, label, filled):
    assert HypothesisTemplate(template).fill(label) == filled


words = st.text(st.characters(exclude_categories=["Cs"]))


@given(words, words, words)
def test_nothing_but_the_slot_is_replaced(before, label, after):
    assume((before + "{}" + after).count("{}") == 1)
    filled = HypothesisTemplate(before + "{}" + after).fill(label)
    assert filled == before + label + after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "exactly one {} for the label, got 0 in ''"),
        ("no slot", "got 0 in 'no slot'"),
        ("{0.__class__}", "got 0 in '{0.__class__}'"),
        ("{ }", "got 0"),
        ("{} and {}", "got 2 in '{} and {}'"),
        (None, "a template is text with one {}, got None"),
        (b"{}", "a template is text with one {}, got b'{}'"),
        ("\ud800{}", "is not valid Unicode"),
    ],
)
def test_what_is_no_template(text, message):
    with pytest.raises(TemplateError) as caught:
        HypothesisTemplate(text)
    assert message in str(caught.value)


def test_one_or_many():
    one = HypothesisTemplate("{}!")
    assert as_templates("{}!") == as_templates(one) == as_templates(["{}!"]) == (one,)
    assert as_templates(t for t in ("{}!", one)) == (one, one)
    with pytest.raises(TemplateError, match="no template given"):
        as_templates([])
