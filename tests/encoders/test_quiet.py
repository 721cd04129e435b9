import os
import subprocess
import sys
import warnings

import pytest

from zstext.encoders.quiet import quiet_libraries


def test_settings_are_put_back(monkeypatch):
    from transformers.utils import logging

    monkeypatch.setenv("TRANSFORMERS_VERBOSITY", "info")
    monkeypatch.setenv("HF_HUB_VERBOSITY", "debug")
    monkeypatch.delenv("TOKENIZERS_PARALLELISM", raising=False)
    logging.set_verbosity_info()
    logging.enable_progress_bar()
    before = dict(os.environ)
    with quiet_libraries():
        assert logging.get_verbosity() == logging.ERROR
        assert not logging.is_progress_bar_enabled()
        assert os.environ["HF_HUB_VERBOSITY"] == "debug"  # the user's own
        assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"
        warnings.warn("not seen", stacklevel=1)
    assert dict(os.environ) == before
    assert logging.get_verbosity() == logging.INFO
    assert logging.is_progress_bar_enabled()
    logging.set_verbosity_warning()


def test_settings_are_put_back_after_an_error():
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), quiet_libraries():
        1 / 0  # noqa: B018
    assert dict(os.environ) == before


def test_nothing_is_printed_by_a_fresh_process():
    code = (
        "from zstext import load_encoder\n"
        "e = load_encoder(device='cpu')\n"
        "e.encode(['a', 'word ' * 3000], role='document')\n"
        "import os; print(sorted(n for n in os.environ if n.startswith(('HF_', 'TRANSF', 'TOKE'))))"
    )
    env = {"PYTHONPATH": ":".join(sys.path), "HF_HOME": os.environ["HF_HOME"], "HOME": "/nowhere"}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("['HF_HOME']\n", "")
