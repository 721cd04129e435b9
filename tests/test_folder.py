import hashlib
import json
import os

import numpy as np
import pytest

from zstext import OptionError, PersistenceError
from zstext.folder import CONFIG, check_target, is_saved, read_arrays, read_config, write

ONE, OTHER = {"x": np.arange(3.0)}, {"x": np.arange(4.0)}


def read(folder):
    config = read_config(folder)
    return config["what"], read_arrays(folder, config)["x"].tolist()


def written_by_format_2(folder):
    """What the version before wrote: arrays of a fixed name."""
    write(folder, {"what": "one"}, ONE)
    config = json.loads((folder / CONFIG).read_text())
    del config["config_sha256"]
    config["format_version"] = 2
    config["config_sha256"] = hashlib.sha256(
        json.dumps(config, sort_keys=True).encode()
    ).hexdigest()
    (folder / CONFIG).write_text(json.dumps(config))
    [arrays] = folder.glob("arrays-*")
    arrays.rename(folder / "arrays.safetensors")
    return folder


def test_what_is_written_is_read(tmp_path):
    folder = tmp_path / "deep" / "folder"
    assert not is_saved(folder)
    write(folder, {"what": "one"}, ONE)
    assert is_saved(folder)
    assert read(folder) == ("one", [0, 1, 2])


@pytest.mark.parametrize("first", [lambda f: write(f, {"what": "one"}, ONE), written_by_format_2])
def test_another_takes_its_place(tmp_path, first):
    first(tmp_path)
    write(tmp_path, {"what": "two"}, OTHER)
    assert read(tmp_path) == ("two", [0, 1, 2, 3])
    assert len(os.listdir(tmp_path)) == 2


def test_other_files_stay(tmp_path):
    (tmp_path / "arrays.safetensors").write_text("the user's own")
    write(tmp_path, {"what": "one"}, ONE)
    write(tmp_path, {"what": "two"}, OTHER)
    assert (tmp_path / "arrays.safetensors").read_text() == "the user's own"


def test_the_format_before_is_read(tmp_path):
    assert is_saved(written_by_format_2(tmp_path))
    assert read(tmp_path) == ("one", [0, 1, 2])


def test_a_format_that_is_no_longer_read(tmp_path):
    (tmp_path / CONFIG).write_text('{"format_version": 1, "zstext_version": "0.1"}')
    with pytest.raises(PersistenceError, match="by zstext 0.1 in format 1; .*fit it again"):
        read_config(tmp_path)


@pytest.mark.parametrize("first", [lambda f: write(f, {"what": "one"}, ONE), written_by_format_2])
@pytest.mark.parametrize("arrays", [ONE, OTHER])
@pytest.mark.parametrize("writes", [0, 1])
def test_a_write_that_breaks_off_leaves_what_was_there(
    tmp_path, monkeypatch, first, arrays, writes
):
    first(tmp_path)
    files, left = sorted(os.listdir(tmp_path)), [True] * writes
    replace = os.replace

    def full(source, target):
        if not left:
            raise OSError("No space left on device")
        left.pop()
        replace(source, target)

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path, {"what": "two"}, arrays)
    assert sorted(os.listdir(tmp_path)) == files
    assert read(tmp_path) == ("one", [0, 1, 2])


def test_targets(tmp_path):
    check_target(tmp_path / "new" / "folder")
    check_target(tmp_path)
    (tmp_path / "weights.safetensors").touch()
    check_target(tmp_path)
    write(tmp_path / "saved", {}, ONE)
    check_target(tmp_path / "saved")
    check_target(written_by_format_2(tmp_path / "before"))


@pytest.mark.parametrize("config", ['{"model_type": "bert"}', "{", "[]", '{"zstext_version": "1"}'])
def test_the_folder_of_something_else_is_no_target(tmp_path, config):
    (tmp_path / CONFIG).write_text(config)
    (tmp_path / "model.safetensors").touch()
    for attempt in (check_target, lambda folder: write(folder, {}, ONE)):
        with pytest.raises(OptionError, match="not one of a saved classifier"):
            attempt(tmp_path)
    assert (tmp_path / CONFIG).read_text() == config
    assert len(os.listdir(tmp_path)) == 2


def test_a_file_is_no_target(tmp_path):
    (tmp_path / "file").touch()
    for target in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(OptionError, match="file is a file: name a folder"):
            check_target(target)
