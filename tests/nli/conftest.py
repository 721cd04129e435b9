import pytest

from tests.nli.checkpoints import KINDS, make_checkpoint


@pytest.fixture(scope="session", params=list(KINDS))
def checkpoint(request, tmp_path_factory):
    """A folder with a small checkpoint of every architecture."""
    return make_checkpoint(request.param, tmp_path_factory.mktemp(request.param))
