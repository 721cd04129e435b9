import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zstext.errors import InputError, LabelError
from zstext.records import parse_label, read_labels


def labels(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    space = read_labels(path)
    return dict(zip(space.names, space.descriptions, strict=True))


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("sports", ("sports", None)),
        (" sports = games = fun ", ("sports", "games = fun")),
        ("=x=y", ("=x=y", None)),
        ("a=", ("a", "")),
        ("a, b {}", ("a, b {}", None)),
    ],
)
def test_parse_label(argument, expected):
    assert parse_label(argument) == expected


BOTH = {"sports": ("games, teams",), "no": ()}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "\ufeffsports=games, teams\r\n\r\nno"),
        ("a.txt", "sports = games, teams\nno\n".encode("utf-16")),
        ("a.csv", 'name,description\nsports,"games, teams"\nno,\n'),
        ("a.tsv", "description\tname\ngames, teams\tsports\n\tno\n"),
        ("a.json", '{"sports": "games, teams", "no": null}'),
        ("a.json", '[{"name": "sports", "description": ["games, teams"]}, {"name": "no"}]'),
        ("a.yaml", "sports: games, teams\nno:\n"),
        ("a.yml", "- name: sports\n  description: games, teams\n- name: no\n  description: ~\n"),
        ("a.YAML", 'sports: ["games, teams"]\nno: []\n'),
    ],
)
def test_every_format_says_the_same(tmp_path, name, text):
    assert labels(tmp_path, name, text) == BOTH


def test_yaml_names_are_taken_as_they_are_written(tmp_path):
    names = ["no", "yes", "on", "1", "1.0", "2024-01-02", "null", "0x1F", "1_000", "~"]
    text = "".join(f"- {name}\n" for name in names)
    assert list(labels(tmp_path, "a.yaml", text)) == names
    keys = "".join(f"{name}: ok\n" for name in names)
    assert list(labels(tmp_path, "b.yaml", keys)) == names
    assert labels(tmp_path, "c.yaml", "a: no\nb: 'null'\n") == {"a": ("no",), "b": ("null",)}


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names.filter(str.strip), min_size=1, unique_by=str.strip))
def test_json_names_come_back_in_order(tmp_path, wanted):
    import json

    assert list(labels(tmp_path, "a.json", json.dumps(wanted))) == wanted


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "", "a.txt: no labels given"),
        ("a.txt", "x\ny\nx\n", "a.txt: label 'x' is given twice, at 1 and 3"),
        ("a.txt", "x=\n", "a.txt: the description of label 'x' is empty"),
        ("a.csv", "name,color\na,b\n", "a.csv: unknown column 'color'; expected name and desc"),
        ("a.csv", "name,description\na,b,c\n", "a.csv: row 1: malformed_row"),
        ("a.csv", "name\na\na\n", "a.csv: label 'a' is given twice"),
        ("a.json", "[1, 2]", "a.json: label 1 must be text, got 1"),
        ("a.json", '{"a": null, "a": "x"}', "a.json: not JSON: the key 'a' is given twice"),
        ("a.json", '"a"', "a.json: expected a list of names.* got 'a'"),
        ("a.json", '[{"label": "x"}]', "a.json: label 1 has the keys label; expected name"),
        ("a.json", '{"a": 1}', "a.json: the description of label 'a' must be text"),
        ("a.json", "[" * 100_000, "a.json: not JSON"),
        ("a.yaml", "a: x\na: y\n", "a.yaml: the key 'a' is given twice"),
        ("a.yaml", "a: [", "a.yaml: not YAML"),
        ("a.yaml", "", "a.yaml: expected a list of names.* got nothing"),
        ("a.yaml", "- [[[[a]]]]", "a.yaml: nested too deeply"),
        ("a.yaml", "? [a]\n: x\n", "a.yaml: a name at line 1 is no text"),
        ("a.yaml", "a: &a [x, *a]\n", "a.yaml: "),
    ],
)
def test_files_that_are_no_labels(tmp_path, name, text, message):
    with pytest.raises(LabelError, match=message):
        labels(tmp_path, name, text)


def test_python_objects_in_yaml_are_never_made(tmp_path):
    text = "- !!python/object/apply:os.system [exit 1]\n"
    with pytest.raises(LabelError):
        labels(tmp_path, "a.yaml", text)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "labels.txt").touch()
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    for name, message in [
        ("lables.txt", r"No such file or directory .did you mean 'labels.txt'"),
        ("labels.doc", "expected one of .txt .yaml .yml .json .csv .tsv"),
        ("bad.txt", "is not valid UTF-8"),
        ("no/labels.txt", "No such file"),
    ]:
        with pytest.raises(InputError, match=message):
            read_labels(tmp_path / name)
