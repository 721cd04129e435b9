import matplotlib as mpl
from PIL import Image

from zstext.report.style import DPI, axes_at, new_figure, style, to_png


def drawn():
    with style(["DejaVu Sans"]):
        figure = new_figure(3, 2)
        axes_at(figure, 0.5, 0.5, 2, 1).set_xlabel("a label")
        return to_png(figure)


def test_a_users_settings_have_no_say_and_come_back():
    plain = drawn()
    with mpl.rc_context({"axes.facecolor": "black", "font.size": 30, "savefig.dpi": 20}):
        assert drawn() == plain
        assert mpl.rcParams["font.size"] == 30


def test_axes_are_where_they_should_be():
    figure = new_figure(4, 3)
    box = axes_at(figure, 1, 0.5, 2, 1.5).get_window_extent()
    assert [v / DPI for v in box.bounds] == [1, 0.5, 2, 1.5]


def test_the_picture_is_cropped_to_what_is_drawn(tmp_path):
    (tmp_path / "p.png").write_bytes(drawn())
    with Image.open(tmp_path / "p.png") as image:
        assert 2 * DPI < image.width < 3 * DPI
