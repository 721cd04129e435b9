import json
from datetime import UTC, datetime

import numpy as np

import zstext
from zstext.evaluation import provenance
from zstext.state import State

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_everything_is_there_and_is_json():
    state = State("SeenPenalty", {"gamma": 0.1}, {"offsets": np.zeros((2, 3))})
    p = provenance(
        models={"encoder": ("m", "abc")},
        labels={"a": "about a", "b": None},
        settings={"templates": ["{}"]},
        calibrator=state,
        data_sha256="0f",
        date=NOW,
    )
    assert json.loads(json.dumps(p)) == p
    assert p["labels"]["count"] == 2
    assert p["calibrator"] == {"kind": "SeenPenalty", "gamma": 0.1, "arrays": {"offsets": [2, 3]}}
    assert p["packages"]["numpy"] == np.__version__
    assert p["zstext"] == zstext.__version__
    assert p["date"] == "2026-01-02T03:04:05+00:00"
    assert p["models"] == {"encoder": {"name": "m", "fingerprint": "abc"}}
    assert {"settings", "data_sha256", "python", "platform"} < set(p)


def test_the_hash_of_the_labels_sees_order_and_descriptions():
    def sha(labels):
        return provenance(models={}, labels=labels)["labels"]["sha256"]

    assert sha(["a", "b"]) == sha({"a": None, "b": None})
    assert len({sha(["a", "b"]), sha(["b", "a"]), sha({"a": "x", "b": None})}) == 3
