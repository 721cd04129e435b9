import pytest
import torch

from tests.encoders.images.tiny import make_backbone
from tests.encoders.tiny import make_model
from tests.nli.checkpoints import make_checkpoint
from zstext.encoders import load_encoder
from zstext.encoders.device import move
from zstext.encoders.images import load_image_encoder
from zstext.errors import OptionError
from zstext.nli import load_entailer


def accelerator(monkeypatch, device, *, here):
    """Let torch say that it was built for a device, and whether the machine has one."""
    monkeypatch.setattr("torch.accelerator.current_accelerator", lambda: torch.device(device))
    monkeypatch.setattr("torch.accelerator.is_available", lambda: here)


@pytest.fixture(params=["encoder", "entailer", "images"])
def load(request, tmp_path):
    """Load a small model of every kind."""
    if request.param == "encoder":
        return lambda **options: load_encoder(make_model(tmp_path), **options)
    if request.param == "entailer":
        return lambda **options: load_entailer(make_checkpoint("bert", tmp_path / "m"), **options)
    return lambda **options: load_image_encoder(make_backbone(tmp_path, "vit"), **options)


def device_of(model):
    return getattr(model, "tower", model)._device


def test_the_accelerator_is_taken_if_there_is_one(load, monkeypatch):
    accelerator(monkeypatch, "meta", here=True)
    assert device_of(load()) == torch.device("meta")
    assert device_of(load(device="cpu")) == torch.device("cpu")


def test_an_accelerator_that_the_machine_lacks_is_not_taken(load, monkeypatch):
    accelerator(monkeypatch, "cuda:99", here=False)
    assert device_of(load()) == torch.device("cpu")


def test_a_device_that_is_not_there(load):
    with pytest.raises(OptionError, match="device 'cuda:99' cannot be used"):
        load(device="cuda:99")


def test_a_network_is_moved_and_ready(monkeypatch):
    network = torch.nn.Linear(2, 2)
    assert move(network, "meta") == torch.device("meta")
    assert network.weight.device == torch.device("meta")
    assert not network.training
