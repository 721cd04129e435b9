import pytest

from tests.encoders.images.tiny import make_clip


@pytest.fixture(scope="session")
def clip_dir(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="session")
def siglip_dir(tmp_path_factory):
    return make_clip(tmp_path_factory.mktemp("siglip"), siglip=True)
