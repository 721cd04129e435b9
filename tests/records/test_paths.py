import pytest

from zstext.errors import InputError
from zstext.records.paths import expand, names_stdin


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ["b.csv", "a.csv", "sub/c.JSONL", "sub/.hidden.csv", ".git/d.csv", "notes.md"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


def test_files_stay_in_the_order_given(folder):
    assert expand(["b.csv", "-", "a.csv", "b.csv"]) == ["b.csv", "-", "a.csv", "b.csv"]


def test_folders_and_globs_are_sorted(folder):
    assert expand(["."]) == ["a.csv", "b.csv", "sub/c.JSONL"]
    assert expand(["*.csv"]) == ["a.csv", "b.csv"]
    assert expand(["**/*.JSONL"]) == ["sub/c.JSONL"]
    assert expand(["*"]) == ["a.csv", "b.csv", "notes.md"]


def test_any_suffix_if_the_format_is_given(folder):
    assert expand(["."], any_suffix=True) == ["a.csv", "b.csv", "notes.md", "sub/c.JSONL"]


def test_a_name_with_brackets_is_a_name_first(folder):
    (folder / "[a].csv").touch()
    assert expand(["[a].csv"]) == ["[a].csv"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.cvs", r"no such file: 'a.cvs' .did you mean 'a.csv'"),
        ("no/a.csv", "there is no folder 'no' either"),
        ("*.tsv", r"no file matches '\*.tsv'"),
        ("empty", "has no file that can be read; expected .txt .csv .tsv .jsonl .parquet .ndjson"),
    ],
)
def test_what_is_not_there(folder, name, message):
    with pytest.raises(InputError, match=message):
        expand([name])


def test_an_empty_name_is_not_the_current_folder():
    with pytest.raises(InputError, match="empty name"):
        expand([""])


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
def test_standard_input_by_any_name(name):
    assert expand([name]) == ["-"]
    assert names_stdin(["a.csv", name])
    assert not names_stdin(["a.csv", "stdin"])
