"""No network, no user settings, one thread, and the real encoder loaded once."""

import atexit
import os
import shutil
import tempfile

import pytest

for _name in list(os.environ):
    if _name.lower() in {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}:
        del os.environ[_name]
    if _name.startswith(("HF_", "HUGGINGFACE_", "TRANSFORMERS_", "SENTENCE_TRANSFORMERS_")):
        del os.environ[_name]
for _name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "GITHUB_ACTIONS"):
    os.environ.pop(_name, None)
_caches = tempfile.mkdtemp(prefix="zstext-tests-")  # read when the libraries are imported
atexit.register(shutil.rmtree, _caches, ignore_errors=True)
os.environ["HF_HOME"] = os.path.join(_caches, "hf")
os.environ["XDG_CACHE_HOME"] = _caches
os.environ["HF_ENDPOINT"] = "http://127.0.0.1:9"  # nobody listens: on any machine there is no hub
os.environ["OMP_NUM_THREADS"] = "1"  # two that share busy cores wait for each other: 40x slower


@pytest.fixture(scope="session")
def encoder():
    """The default encoder."""
    import torch

    from zstext import load_encoder

    torch.set_num_threads(1)
    return load_encoder(device="cpu")
