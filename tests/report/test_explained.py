from zstext.report import explained

from .test_adaptation import SCRIPT, moved


def test_the_lines_name_classes_terms_and_documents():
    changes, names, texts, _ = moved()
    lines = explained(changes, names, texts).splitlines()
    assert lines[0].endswith("10 of 40 changed their label")
    assert lines[1].startswith("  business: 0.0% -> 25.0%; joined by ")
    assert "barrel" in lines[1]
    assert lines[2] == f"  {SCRIPT}: 62.5% -> 37.5%"
    assert lines[4:] == [f"  {SCRIPT} -> business: oil barrel prices"] * 5


def test_a_refusal_is_one_line():
    changes, names, texts, _ = moved(reason="one reason")
    assert explained(changes, names, texts) == (
        "not adapted: one reason; the scores stay as they were"
    )
