import json

import pytest
from huggingface_hub.utils import _cache_manager

from tests.encoders.test_models import snapshot
from zstext.encoders.minilm import NAME
from zstext.encoders.own import NAME as OWN
from zstext.errors import ModelError
from zstext.nli import COMPACT_MODEL, catalogue
from zstext.nli.catalogue import available


def test_the_models_of_zstext_come_first():
    encoder, entry, compact, images = available()
    assert (encoder.name, encoder.kind, encoder.state) == (OWN, "encoder", "embedded")
    assert (images.kind, images.state) == ("images", "installed")
    assert (compact.name, compact.kind, compact.state) == (COMPACT_MODEL, "entailment", "embedded")
    assert 0 < compact.megabytes < 50
    assert (entry.name, entry.state) == (NAME, "embedded")
    assert 90 < entry.megabytes < 92
    assert entry.directory


def test_complete_models_in_the_hub_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(_cache_manager, "HF_HUB_CACHE", str(tmp_path))
    folder = snapshot(tmp_path, "modules.json", "model.safetensors")
    (folder / "model.safetensors").write_bytes(b"0" * 2_500_000)
    entry = available()[4]
    assert (entry.name, entry.state, entry.megabytes) == ("owner/name", "cached", 2.5)
    assert entry.kind == "encoder"
    assert entry.directory == str(folder)
    (folder / "modules.json").unlink()
    assert len(available()) == 4


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ({"id2label": {"0": "Entailment", "1": "Not_Entailment"}}, "entailment"),
        ({"id2label": {"0": "NEGATIVE", "1": "POSITIVE"}}, None),
        ({"id2label": {str(i): "x" for i in range(5)}}, None),
        ({"model_type": "bert"}, None),
        ([], None),
    ],
)
def test_entailment_models_in_the_hub_cache(tmp_path, monkeypatch, config, kind):
    monkeypatch.setattr(_cache_manager, "HF_HUB_CACHE", str(tmp_path))
    folder = snapshot(tmp_path, "config.json", "model.safetensors")
    (folder / "model.safetensors").write_bytes(b"0" * 2_500_000)
    (folder / "config.json").write_text(json.dumps(config))
    assert [entry.kind for entry in available()[4:]] == ([kind] if kind else [])


def test_a_model_of_zstext_that_is_broken_says_why(monkeypatch):
    def broken():
        raise ModelError("gone; do this")

    monkeypatch.setattr(catalogue, "minilm_dir", broken)
    assert [entry.state for entry in available()[:3]] == ["not usable: gone; do this"] * 3
