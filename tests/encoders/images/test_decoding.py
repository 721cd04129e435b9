import random
import sys
import warnings

import numpy as np
import pytest
from PIL import Image

from tests.encoders.images.pictures import png_claiming, saved, scene
from zstext.encoders.images import decoding
from zstext.encoders.images.decoding import UndecodableError, decode, unusable
from zstext.errors import MissingExtraError
from zstext.predictions import Reason


def difference(a, b):
    a, b = (np.asarray(image, dtype=float) for image in (a, b))
    return np.abs(a - b).max() if a.shape == b.shape else np.inf


def reason_of(item):
    with pytest.raises(UndecodableError) as caught:
        decode(item)
    return caught.value.reason


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_formats_give_the_same_pixels(kind):
    assert difference(decode(saved(scene(), kind, lossless=True)), scene()) == 0


def test_a_jpeg_is_nearly_the_same():
    decoded = decode(saved(scene(), "JPEG", quality=95, subsampling=0))
    assert decoded.mode == "RGB"
    assert difference(decoded, scene()) < 30


def test_path_bytes_image_and_dataset_cell_are_one_picture(tmp_path):
    data = saved(scene(), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    cells = [{"bytes": data, "path": None}, {"bytes": None, "path": str(path)}]
    for item in [path, str(path), bytearray(data), scene(), *cells]:
        assert difference(decode(item), scene()) == 0


def test_of_an_animation_the_first_frame_is_taken():
    red, blue = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    animation = saved(red, "GIF", save_all=True, append_images=[blue])
    assert decode(animation).getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # the camera was turned: the file lies on its side
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = scene() if orientation == 1 else scene().transpose(undo[orientation])
    assert difference(decode(saved(stored, "PNG", exif=exif)), scene()) == 0


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow says so
def test_damaged_exif_turns_nothing():
    data = saved(scene(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert decode(data).size == scene().size


def test_cmyk_keeps_its_colours():
    decoded = decode(saved(scene().convert("CMYK"), "JPEG", quality=95))
    assert difference(decoded, scene()) < 40


@pytest.mark.parametrize("mode", ["L", "1"])
def test_grey_is_three_equal_channels(mode):
    pixels = np.asarray(decode(saved(scene().convert(mode), "PNG")))
    assert (pixels == pixels[:, :, :1]).all()
    assert len(np.unique(pixels)) > 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_over_white(mode):
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert decode(saved(clear, "PNG")).getpixel((1, 1)) == (255, 255, 255)


def test_half_transparent_is_half_white():
    assert decode(Image.new("RGBA", (4, 4), (0, 0, 0, 128))).getpixel((0, 0)) == (127, 127, 127)


def test_a_palette_with_a_transparent_colour_lies_over_white():
    image = scene().convert("P", palette=Image.Palette.ADAPTIVE)
    background = image.getpixel((90, 60))
    decoded = decode(saved(image, "PNG", transparency=background))
    assert decoded.getpixel((90, 60)) == (255, 255, 255)
    assert decoded.getpixel((5, 60))[0] > 150


def test_sixteen_bits_become_eight():
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    for kind in ("PNG", "TIFF"):
        pixels = np.asarray(decode(saved(Image.fromarray(values), kind)))
        assert pixels[0, :, 0].tolist() == [0, 1, 128, 255]


def test_float_pixels_have_no_known_white():
    image = Image.fromarray(np.array([[0.5, 2000.0]], dtype=np.float32))
    assert reason_of(saved(image, "TIFF")).startswith("unreadable_image: float32")


def test_a_large_jpeg_is_decoded_smaller_and_others_are_not():
    big = scene(4 * decoding.DRAFT_SIDE, 3 * decoding.DRAFT_SIDE)
    assert min(decode(saved(big, "JPEG")).size) >= decoding.DRAFT_SIDE
    assert max(decode(saved(big, "JPEG")).size) < max(big.size)
    just_below = scene(2 * decoding.DRAFT_SIDE - 1, 2 * decoding.DRAFT_SIDE - 1)
    assert decode(saved(just_below, "JPEG")).size == just_below.size


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        ("", "empty"),
        (b"", "empty"),
        ({"bytes": None, "path": None}, "missing"),
        (3.5, "not_an_image"),
        (b"This is text.", "not_an_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_an_image"),
        ("/no/such/photo.jpg", "unreadable_image: no such file"),
    ],
)
def test_what_is_no_image_has_a_reason(item, reason):
    assert reason_of(item) == reason


def test_a_folder_is_unreadable(tmp_path):
    assert reason_of(tmp_path).startswith("unreadable_image: ")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_truncated_file_is_unreadable(kind):
    data = saved(scene(400, 300), kind)
    assert reason_of(data[: len(data) // 2]).split(":")[0] in {"unreadable_image", "not_an_image"}


def test_a_decompression_bomb_is_refused_by_its_header(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("pixels were decoded"))
    assert reason_of(png_claiming(60_000, 60_000)).startswith(Reason.IMAGE_TOO_LARGE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for size in [(9_500, 9_500), (9_000, 9_000)]:  # beyond Pillow's warning, and below it
            assert reason_of(png_claiming(*size)).startswith(Reason.IMAGE_TOO_LARGE)


def test_a_thread_of_pixels_is_refused():
    assert "too narrow" in reason_of(Image.new("RGB", (1, 51)))
    assert decode(Image.new("RGB", (1, 50))).size == (1, 50)


def mode_or_reason(data):
    try:
        return decode(data).mode
    except UndecodableError as error:
        return error.reason.split(":")[0]


def test_hostile_bytes_never_raise_anything_else():
    rng = random.Random(0)
    originals = [saved(scene(), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(400):
            data = bytearray(rng.choice(originals))
            for _ in range(rng.randint(1, 12)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            assert mode_or_reason(bytes(data)) in {"RGB", *Reason}


def test_unusable_opens_nothing():
    assert unusable("/no/such/file") is None
    assert unusable(scene()) is None
    assert unusable(["a.png"]) is Reason.NOT_AN_IMAGE


def test_without_pillow_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtraError, match=r"zstext\[image\]"):
        decode(b"x")
