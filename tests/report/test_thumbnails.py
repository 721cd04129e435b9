import base64
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.report.test_write import Page
from zstext.errors import InputError
from zstext.evaluation import evaluate_scores
from zstext.report import write_report
from zstext.report.thumbnails import MAX_THUMBNAILS, SIDE, galleries

NAMES = ["red & <b>", "blue"]
PROBA = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.7, 0.3], [np.nan, np.nan], [0.45, 0.55]])
TRUTH = [0, 1, 1, -1, 0, 1]
ANSWERED = [True, True, True, True, False, False]


def picture(width, height, colour):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


IMAGES = [
    picture(640, 320, "red"),
    picture(40, 30, "blue"),
    picture(20, 900, "blue"),
    b"not an image",
    b"",
    picture(100, 100, "blue"),
]
E = evaluate_scores(PROBA, TRUTH, NAMES, answered=ANSWERED)


def test_right_wrong_and_abstained_the_surest_first():
    right, wrong, abstained = galleries(E, IMAGES)
    assert [t.lines for t in right.thumbnails] == [
        ("red & <b> 0.900", "row 0"),
        ("blue 0.800", "row 1"),
    ]
    assert [t.lines for t in wrong.thumbnails] == [
        ("red & <b> 0.700", "truth: (no class)", "row 3", "not_an_image"),
        ("red & <b> 0.600", "truth: blue", "row 2"),
    ]
    assert [t.lines for t in abstained.thumbnails] == [("blue 0.550", "row 5")]
    assert [g.title for g in (right, wrong, abstained)] == [
        "Surest right answers",
        "Surest wrong answers",
        "Abstained",
    ]


def test_thumbnails_are_small_jpegs_that_keep_their_shape():
    right, wrong, _ = galleries(E, IMAGES)
    big, small = right.thumbnails
    assert (big.width, big.height) == (SIDE, SIDE // 2)
    assert (small.width, small.height) == (40, 30)  # nothing is enlarged
    opened = Image.open(io.BytesIO(big.jpeg))
    assert opened.format == "JPEG"
    assert np.abs(np.asarray(opened.resize((1, 1)))[0, 0] - np.array([255.0, 0, 0])).max() < 8
    assert wrong.thumbnails[0].jpeg == b""  # it cannot be read


def test_there_are_not_more_than_a_dozen_and_only_those_are_decoded():
    proba = np.full((50, 2), 0.5) + np.arange(50)[:, None] * [0.001, -0.001]
    e = evaluate_scores(proba, [0] * 50, NAMES)
    images = [object()] * (50 - MAX_THUMBNAILS) + [IMAGES[1]] * MAX_THUMBNAILS
    (right,) = galleries(e, images)
    assert len(right.thumbnails) == MAX_THUMBNAILS
    assert all(t.jpeg for t in right.thumbnails)


def test_an_easy_class_does_not_fill_the_gallery():
    easy = np.repeat([[0.99, 0.01]], 20, axis=0)
    hard = np.repeat([[0.4, 0.6]], 30, axis=0)
    e = evaluate_scores(np.concatenate([easy, hard]), [0] * 20 + [1] * 30, NAMES)
    (right,) = galleries(e, [IMAGES[0]] * 50)
    answers = [t.lines[0].rpartition(" ")[0] for t in right.thumbnails]
    assert answers[:3] == ["red & <b>"] * 3
    assert len(answers) == MAX_THUMBNAILS
    assert answers.count("blue") >= 3


def test_with_several_labels_the_whole_set_has_to_be_right():
    e = evaluate_scores([[0.9, 0.8], [0.9, 0.1]], [[1, 1], [1, 1]], NAMES, multi_label=True)
    right, wrong = galleries(e, IMAGES[:2])
    assert right.thumbnails[0].lines[0] == "red & <b>, blue 0.900"
    assert wrong.thumbnails[0].lines == ("red & <b> 0.900", "truth: red & <b>, blue", "row 1")


def test_the_page_holds_them(tmp_path):
    html = write_report(E, tmp_path, images=IMAGES).read_text(encoding="utf-8")
    page = Page(html)
    jpegs = [i for i in page.images if i["src"].startswith("data:image/jpeg")]
    assert len(jpegs) == 4
    assert base64.b64decode(jpegs[0]["src"].partition(",")[2])[:2] == b"\xff\xd8"
    assert "<b>red & <b>" not in html
    assert "truth: (no class)" in page.text


def test_one_image_for_each_item(tmp_path):
    with pytest.raises(InputError, match="2 images for 6 items"):
        write_report(E, tmp_path, images=IMAGES[:2])


def test_thumbnails_need_no_torch():
    code = "import sys, zstext.report.thumbnails; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
