from huggingface_hub.utils import _cache_manager

from zstext.encoders import catalogue
from zstext.encoders.catalogue import available
from zstext.encoders.embedded import NAME
from zstext.errors import ModelError

from .test_models import snapshot


def test_the_embedded_model_comes_first():
    (entry,) = available()
    assert (entry.name, entry.state) == (NAME, "embedded")
    assert 90 < entry.megabytes < 92
    assert entry.directory


def test_complete_models_in_the_hub_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(_cache_manager, "HF_HUB_CACHE", str(tmp_path))
    folder = snapshot(tmp_path, "modules.json", "model.safetensors")
    (folder / "model.safetensors").write_bytes(b"0" * 2_500_000)
    entry = available()[1]
    assert (entry.name, entry.state, entry.megabytes) == ("owner/name", "cached", 2.5)
    assert entry.directory == str(folder)
    (folder / "modules.json").unlink()
    assert len(available()) == 1


def test_an_embedded_model_that_is_broken_says_why(monkeypatch):
    def broken():
        raise ModelError("gone; do this")

    monkeypatch.setattr(catalogue, "embedded_model_dir", broken)
    assert available()[0].state == "not usable: gone; do this"
