import base64
import re
import struct
import subprocess
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from tests.report.conftest import SCRIPT, synthetic
from zstext.errors import InputError, MissingExtraError, OutputError, ZstextError
from zstext.evaluation import evaluate_scores
from zstext.report import write_report

ALL = {"classes", "confusion_matrix", "embedding", "reliability", "risk_coverage", "seen_unseen"}
VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """Collects what is in a page, and fails if a tag is not closed in its place."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.images, self.text = [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def report(ten, tmp_path_factory):
    directory = tmp_path_factory.mktemp("deep") / "er" / "report"
    texts = [f"<b>text {i}</b> & {SCRIPT}" for i in range(300)]
    path = write_report(ten, directory, texts=texts)
    return path, Page(path.read_text(encoding="utf-8"))


def test_a_page_and_a_png_for_every_picture(report):
    path, page = report
    assert path.name == "report.html"
    assert {p.stem for p in path.parent.glob("*.png")} == ALL
    assert sorted(p.name for p in path.parent.iterdir()) == sorted(
        [*(f"{name}.png" for name in ALL), "report.html"]
    )
    assert len(page.images) == len(ALL)


def test_pictures_decode_and_have_a_plausible_size(report):
    for png in report[0].parent.glob("*.png"):
        with Image.open(png) as image:
            image.load()
            assert 300 < image.width < 2000
            assert 200 < image.height < 2000
            assert len(image.convert("L").getcolors()) > 10  # something is drawn


def test_the_page_holds_the_same_pictures(report):
    path, page = report
    files = {p.read_bytes() for p in path.parent.glob("*.png")}
    embedded = set()
    for image in page.images:
        kind, data = image["src"].split(",")
        assert kind == "data:image/png;base64"
        embedded.add(base64.b64decode(data))
        width, _ = struct.unpack(">II", base64.b64decode(data)[16:24])
        assert int(image["width"]) == round(width * 96 / 150)
        assert len(image["alt"]) > 40
    assert embedded == files


def test_the_page_needs_nothing_else(report):
    path, page = report
    html = re.sub(r"base64,[^\"]+", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"https?://|url\(|@import|<link|<iframe", html)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert not {"href", "srcset", "onclick"} & {a for _, attrs in page.tags for a in attrs}
    (csp,) = [a["content"] for tag, a in page.tags if a.get("http-equiv")]
    assert csp.startswith("default-src 'none'; img-src data:;")


def test_names_and_texts_are_shown_as_they_are(report):
    path, page = report
    assert SCRIPT in page.text  # parsed as text: it was escaped
    assert any(t.startswith("<b>text ") for t in page.text)
    assert "<script" not in path.read_text(encoding="utf-8")


def test_all_sections_are_there(report):
    text = " ".join(report[1].text)
    for heading in ("Summary", "Most confused pairs", "Surest errors", "Provenance", "AUSUC"):
        assert heading in text


def test_the_same_evaluation_gives_the_same_bytes(ten, report, tmp_path):
    again = write_report(ten, tmp_path, texts=[f"<b>text {i}</b> & {SCRIPT}" for i in range(300)])
    assert again.read_bytes() == report[0].read_bytes()


def test_multi_label_and_pictures_of_an_earlier_report_go(report, tmp_path):
    (tmp_path / "confusion_matrix.png").write_bytes(b"old")
    (tmp_path / "mine.png").write_bytes(b"mine")
    path = write_report(synthetic(list("abcd"), 60, multi_label=True), tmp_path)
    drawn = {p.stem for p in tmp_path.glob("*.png")}
    assert drawn == {"classes", "reliability", "embedding", "mine"}
    Page(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("proba", "y"),
    [
        ([[1.0]], [0]),
        ([[np.nan, np.nan], [np.nan, np.nan]], [0, 1]),
        ([[0.5, 0.5], [0.5, 0.5]], [0, -1]),
    ],
)
def test_degenerate_evaluations(proba, y, tmp_path):
    features = np.ones((len(y), 3))
    e = evaluate_scores(proba, y, ["a", "b"][: len(proba[0])], features=features)
    Page(write_report(e, tmp_path).read_text(encoding="utf-8"))
    assert not (tmp_path / "embedding.png").exists()


def test_names_without_glyphs_are_numbered_and_it_is_said(tmp_path):
    names = ["plain", "\U0010fff0\U0010fff1"]
    html = write_report(synthetic(names, 30), tmp_path).read_text(encoding="utf-8")
    assert "No font on this machine has 2 characters of the class names" in html
    assert names[1] in html


def test_150_classes(tmp_path):
    names = [f"a class with the number {k}" for k in range(150)]
    write_report(synthetic(names, 1500, noise=0.7), tmp_path)
    with Image.open(tmp_path / "confusion_matrix.png") as image:
        assert min(image.size) > 3200  # 150 cells of 0.145 inches at 150 dpi
    with Image.open(tmp_path / "classes.png") as image:
        assert image.height > 4200


def test_matplotlib_settings_are_left_alone(ten, tmp_path):
    before = dict(mpl.rcParams)
    write_report(ten, tmp_path)
    assert dict(mpl.rcParams) == before


def test_one_text_for_each_item(ten, tmp_path):
    with pytest.raises(InputError, match="2 texts for 300 items"):
        write_report(ten, tmp_path, texts=["a", "b"])


def test_a_directory_that_cannot_be_written(ten, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written to"):
        write_report(ten, tmp_path / "file")


def test_without_matplotlib_the_extra_is_named(ten, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'zstext\[report\]'") as caught:
        write_report(ten, tmp_path)
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, ZstextError)
    assert list(tmp_path.iterdir()) == []


def test_importing_the_report_does_not_import_matplotlib_and_drawing_no_pyplot():
    code = (
        "import sys, zstext.report\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import zstext.report.build\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
