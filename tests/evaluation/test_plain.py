import json

import numpy as np

from zstext.evaluation import evaluate_scores
from zstext.evaluation.plain import CURVE_POINTS


def test_a_single_label_evaluation_is_json():
    rng = np.random.default_rng(0)
    proba, y = rng.dirichlet(np.ones(4), 500), rng.integers(-1, 3, 500)
    proba[7] = np.nan
    seen = np.array([True, True, False, False])
    e = evaluate_scores(
        proba, y, list("abcd"), scores=proba, seen_mask=seen, gamma=0.5, provenance={"model": "m"}
    )
    out = json.loads(json.dumps(e.to_dict(), allow_nan=False))
    assert out["accuracy"] == e.accuracy
    assert (out["n_items"], out["n_no_label"]) == (500, 1)
    assert out["n_out_of_scope"] == int((y == -1).sum())
    assert out["classes_without_items"] == ["d"]
    assert out["generalized"]["H"] == e.generalized.point.H
    assert out["selective"]["aurc"] == e.selective.curve.area
    assert out["per_class"][2] == {
        "label": "c",
        "precision": e.classes.precision[2],
        "recall": e.classes.recall[2],
        "f1": e.classes.f1[2],
        "support": int((y == 2).sum()),
        "predicted": e.classes.predicted[2],
        "seen": False,
    }
    assert np.array(out["confusion"]).shape == (4, 4)
    assert out["provenance"] == {"model": "m"}


def test_long_curves_are_thinned_out_and_keep_their_ends():
    rng = np.random.default_rng(0)
    proba, y = rng.dirichlet(np.ones(3), 1000), rng.integers(0, 3, 1000)
    e = evaluate_scores(proba, y, list("abc"))
    curve = e.to_dict()["selective"]["curve"]
    assert len(curve["risk"]) == CURVE_POINTS
    assert curve["coverage"][0] == e.selective.curve.coverage[0]
    assert (curve["coverage"][-1], curve["risk"][-1]) == (1, e.selective.curve.risk[-1])


def test_undefined_is_none():
    proba = [[1.0, 0.0]]
    seen = np.array([True, False])
    out = evaluate_scores(proba, [0], list("ab"), seen_mask=seen).to_dict()
    assert out["generalized"] == {"S": 1.0, "U": None, "H": None, "gamma": None}
    assert out["calibration"]["bins"]["accuracy"][0] is None
    nothing = evaluate_scores([[np.nan, np.nan]], [0], list("ab")).to_dict()
    assert "calibration" not in nothing
    assert nothing["selective"]["precision"] is None


def test_multi_label():
    e = evaluate_scores([[0.9, 0.1], [0.2, 0.6]], [[1, 0], [1, 0]], list("ab"), multi_label=True)
    out = json.loads(json.dumps(e.to_dict(), allow_nan=False))
    assert out["multi_label"] is True
    assert out["exact_match"] == 0.5
    assert out["micro_f1"] == 0.5
    assert out["mean_average_precision"] == 1.0
    assert out["per_class"][1]["average_precision"] is None
    assert not {"accuracy", "confusion", "selective", "generalized"} & set(out)
