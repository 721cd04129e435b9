import json
import sys

import pytest

from tests.encoders.images.tiny import make_backbone
from tests.encoders.tiny import make_model
from zstext.encoders import MINILM
from zstext.encoders.images import EFFICIENTNET, is_image_model, load_image_encoder
from zstext.errors import MissingExtraError, ModelError, OptionError


def test_what_is_an_image_model(clip_dir, tmp_path):
    assert is_image_model(EFFICIENTNET)
    assert is_image_model(clip_dir)
    assert is_image_model(str(clip_dir))
    assert not is_image_model(None)
    assert not is_image_model("all-MiniLM-L6-v2")
    assert not is_image_model("zstext-encoder")
    assert not is_image_model(make_model(tmp_path))


def test_a_text_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="is no image model"):
        load_image_encoder(make_model(tmp_path))


def test_a_hub_id_that_is_not_here_says_so():
    with pytest.raises(ModelError, match="not on this machine and the model hub cannot be reached"):
        load_image_encoder("nobody/no-such-clip")


def test_pickled_weights_are_refused(tmp_path):
    folder = make_backbone(tmp_path, "resnet")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="pickled weights are never loaded"):
        load_image_encoder(folder)


def test_code_of_a_model_is_never_run(tmp_path):
    folder = make_backbone(tmp_path, "resnet")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModel": "evil.Evil"}
    config["model_type"] = "evil"
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_image_encoder(folder)


def test_a_device_that_is_not_there(tmp_path):
    with pytest.raises(OptionError, match="device 'cuda:99' cannot be used"):
        load_image_encoder(make_backbone(tmp_path, "resnet"), device="cuda:99")


def test_without_pillow_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtraError, match=r"zstext\[image\]"):
        load_image_encoder()


def test_names_are_embedded_in_the_space_that_saved_classifiers_were_fitted_to():
    assert load_image_encoder().label_encoder.name == MINILM
