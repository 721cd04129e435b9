import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "examples" / "synthetic_zero_shot.py"
BIASED = ["ridge", "SAE", "ESZSL"]
MAPPINGS = [*BIASED, "reverse ridge", "prototype"]
PICTURES = [
    "confusion_matrix",
    "predictions",
    "cross_validation",
    "class_report",
    "seen_unseen_curve",
    "before_after",
]
GUESS_AMONG_UNSEEN = 20.0


def run(*args, path=()):
    paths = os.pathsep.join(str(p) for p in (*path, ROOT))
    env = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error", str(SCRIPT), *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def without_matplotlib(tmp_path_factory):
    """A folder that makes matplotlib look as if it were not installed."""
    folder = tmp_path_factory.mktemp("hidden")
    text = "raise ImportError('no matplotlib')\n"
    (folder / "matplotlib.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(without_matplotlib):
    done = run(path=[without_matplotlib])
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def rows(printed):
    """The numbers of every row of the table: S, U, H at gamma 0, then at the chosen gamma..."""
    found = {}
    for line in printed.splitlines():
        name, _, figures = line.partition("|")
        if name.strip() and figures:
            found[name.strip()] = [float(v) for v in re.findall(r"\d+(?:\.\d+)?", figures)]
    return found


def test_the_textbook_figures(printed):
    assert "accuracy          0.995\n" in printed
    assert "confusion matrix  [[89, 0], [1, 110]]" in printed
    assert "best C            10\n" in printed


def test_says_why_the_textbook_is_not_zero_shot(printed):
    assert "Both classes were trained on" in printed
    assert "semantic vectors are never used" in printed


@pytest.mark.parametrize("name", MAPPINGS)
def test_unseen_classes_are_answered_far_above_chance(rows, name):
    U_after = rows[name][4]
    assert U_after > GUESS_AMONG_UNSEEN + 50


@pytest.mark.parametrize("name", BIASED)
def test_calibration_raises_the_harmonic_mean_where_there_is_bias(rows, name):
    S_0, U_0, H_0, S, U, H = rows[name][:6]
    assert H > H_0 + 5
    assert S_0 > S
    assert U > U_0 + 20


@pytest.mark.parametrize("name", MAPPINGS)
def test_calibration_never_costs_much_and_stays_below_the_best_gamma(rows, name):
    H_0, H, best = rows[name][2], rows[name][5], rows[name][8]
    assert H_0 - 2 < H <= best


def test_controls(rows):
    U_shuffled_0, U_shuffled = rows["prototype, shuffled"][1], rows["prototype, shuffled"][4]
    assert U_shuffled_0 < 10
    assert U_shuffled < GUESS_AMONG_UNSEEN
    assert rows["logistic regression"][1:3] == [0, 0]
    assert all(v < 10 for v in rows["guessing"][:3])


def test_pictures(tmp_path):
    pytest.importorskip("matplotlib")
    from PIL import Image

    done = run("--out", str(tmp_path / "new" / "folder"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    written = sorted((tmp_path / "new" / "folder").iterdir())
    assert [p.name for p in written] == sorted(f"{name}.png" for name in PICTURES)
    assert all(f"wrote {p}" in done.stdout for p in written)
    for path in written:
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert min(image.size) >= 400
            image.load()
            assert len(image.convert("RGB").getcolors(image.width * image.height)) > 10


def test_pictures_without_matplotlib_say_what_to_install(tmp_path, without_matplotlib):
    done = run("--out", str(tmp_path / "out"), path=[without_matplotlib])
    assert done.returncode == 1
    assert done.stderr.strip() == "--out needs matplotlib; run: pip install 'zstext[report]'"
    assert not (tmp_path / "out").exists()
