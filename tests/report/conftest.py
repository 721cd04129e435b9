import numpy as np
import pytest

from zstext.evaluation import evaluate_scores, provenance
from zstext.report.style import style

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def plain_style():
    with style(["DejaVu Sans"]):
        yield


def synthetic(names, n_items, *, noise=1.5, **options):
    """Items around class centres, scored by distance; every other class is seen."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(len(names), 8))
    y = rng.integers(0, len(names), n_items)
    X = centres[y] + noise * rng.normal(size=(n_items, 8))
    F = -((X[:, None] - centres) ** 2).sum(axis=2)
    P = np.exp(F - F.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    if options.get("multi_label"):
        return evaluate_scores(P, np.eye(len(names), dtype=bool)[y], names, features=X, **options)
    seen = np.arange(len(names)) % 2 == 0
    return evaluate_scores(P, y, names, scores=F, seen_mask=seen, gamma=0.0, features=X, **options)


@pytest.fixture(scope="session")
def ten():
    names = [SCRIPT, "cost in $ or $x$", *(f"class {k}" for k in range(8))]
    answered = np.arange(300) % 5 != 0
    origin = provenance(models={"encoder": (SCRIPT, "f" * 64)}, labels=names)
    return synthetic(names, 300, answered=answered, provenance=origin)
