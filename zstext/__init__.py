"""zstext: zero-shot text classification. Documents and category names in, honest tags out, offline.

>>> import zstext
>>> tag = zstext.pipeline()
>>> tag("The striker scored twice.", candidate_labels=["sports", "politics"])["labels"][0]
'sports'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zstext.errors import (
    InputError,
    LabelError,
    MissingExtraError,
    ModelError,
    OptionError,
    OutputError,
    PersistenceError,
    TemplateError,
    ZstextError,
)
from zstext.labels import LabelSpace
from zstext.predictions import Prediction, Reason
from zstext.templates import HypothesisTemplate
from zstext.version import __version__

if TYPE_CHECKING:
    from zstext.assessment import evaluate
    from zstext.classifier import ZeroShotClassifier
    from zstext.encoders import load_encoder
    from zstext.nli import load_entailer
    from zstext.pipelines import pipeline

__all__ = [
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

# What needs scikit-learn or torch is imported when it is first asked for: `import zstext` stays
# light.
_LAZY = {
    "ZeroShotClassifier": "zstext.classifier",
    "evaluate": "zstext.assessment",
    "load_encoder": "zstext.encoders",
    "load_entailer": "zstext.nli",
    "pipeline": "zstext.pipelines",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'zstext' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
