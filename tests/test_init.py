import subprocess
import sys

import pytest

import zstext


def python(code):
    env = {"PYTHONPATH": ":".join(sys.path), "HF_ENDPOINT": "http://127.0.0.1:9"}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)


def test_the_public_names():
    assert zstext.__all__ == [
        "HypothesisTemplate",
        "InputError",
        "LabelError",
        "LabelSpace",
        "MissingExtraError",
        "ModelError",
        "OptionError",
        "OutputError",
        "PersistenceError",
        "Prediction",
        "Reason",
        "TemplateError",
        "ZeroShotClassifier",
        "ZstextError",
        "__version__",
        "evaluate",
        "load_encoder",
        "load_entailer",
        "pipeline",
    ]
    assert all(getattr(zstext, name) is not None for name in zstext.__all__)
    assert dir(zstext) == zstext.__all__


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match="module 'zstext' has no attribute 'pipelin'"):
        getattr(zstext, "pipelin")  # noqa: B009


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import zstext", {"torch", "sklearn", "numpy", "scipy", "transformers", "datasets"}),
        ("import zstext.cli", {"torch", "sklearn", "transformers", "datasets", "pyarrow"}),
        ("import zstext; zstext.ZeroShotClassifier", {"torch", "transformers", "datasets"}),
        ("import zstext.encoders, zstext.pipelines", {"torch", "transformers", "datasets"}),
    ],
)
def test_importing_is_light(code, heavy):
    run = python(f"import sys\n{code}\nprint(*{heavy} & set(sys.modules))")
    assert (run.stdout, run.stderr) == ("\n", "")
