import pytest
from typer.testing import CliRunner

import zstext.persistence  # noqa: F401  # before a test replaces what it takes from the encoders
from zstext.cli.app import app


@pytest.fixture
def run(encoder, monkeypatch):
    """Run the command line in this process, with the encoder that is loaded already."""

    def loaded(model=None, *, device=None, batch_size=64):
        assert model is None
        return encoder

    monkeypatch.setattr("zstext.encoders.load_encoder", loaded)

    def run(*args, input=None, code=0):
        result = CliRunner().invoke(app, [str(a) for a in args], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def words(monkeypatch):
    """Like `run`, quicker: over the word encoder, for models that are saved and loaded too."""
    from tests.fakes import WordEncoder

    for place in ("zstext.encoders", "zstext.persistence"):
        monkeypatch.setattr(f"{place}.load_encoder", lambda *args, **options: WordEncoder())

    def run(*args, code=0):
        result = CliRunner().invoke(app, [str(a) for a in args])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run
