import pytest

from zstext.errors import OutputError
from zstext.report.place import check_place, page_at


def test_a_page_is_a_file_or_in_a_folder(tmp_path):
    assert page_at(tmp_path / "a.html") == tmp_path / "a.html"
    assert page_at(tmp_path / "new") == tmp_path / "new" / "adaptation.html"
    (tmp_path / "v1.2").mkdir()
    assert page_at(tmp_path / "v1.2") == tmp_path / "v1.2" / "adaptation.html"


def test_a_place_is_made_or_is_an_error(tmp_path):
    check_place(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written to .*file"):
        check_place(tmp_path / "file")
