"""zstext's own encoder."""

import pickle

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from zstext import ModelError, ZeroShotClassifier, load_encoder
from zstext.backends import scale_of
from zstext.encoders import MINILM, own
from zstext.encoders.minilm import minilm_dir

TEXTS = ["I loved every minute of it.", "Nobody should bother with this.", "a word " * 400]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(own.NAME)


def test_it_is_small():
    assert (own.directory() / own.WEIGHTS).stat().st_size < 50e6


def test_features_are_those_of_sentence_transformers(encoder):
    theirs = SentenceTransformer(str(minilm_dir()), device="cpu")
    before = theirs.encode(TEXTS[:2])
    own.put_into(theirs)
    found = encoder.encode(TEXTS[:2]).windows
    np.testing.assert_allclose(found, theirs.encode(TEXTS[:2]), rtol=0, atol=1e-5)
    assert np.abs(found - before).max() > 0.01


def test_every_trained_weight_has_its_place():
    network = SentenceTransformer(str(minilm_dir()), device="cpu")[0].auto_model
    names = dict(network.named_parameters()).keys()
    stored = own.read_weights(own.directory() / own.WEIGHTS, own.NAME).keys()
    assert stored <= names
    left = {name for name in names - stored if not name.startswith("pooler")}
    assert left == {"embeddings.word_embeddings.weight"}


def test_it_tells_praise_from_complaint(encoder):
    clf = ZeroShotClassifier(["positive", "negative"], encoder=encoder).fit()
    assert clf.predict(TEXTS[:2]).tolist() == ["positive", "negative"]


def test_entailment_counts_less_beside_it(encoder):
    labels = ["positive", "negative"]
    beside = ZeroShotClassifier(labels, backend="auto", encoder=encoder).fit().scorer_
    assert (beside.weight, beside.weight_of_many) == (0.4, 0.2)
    assert scale_of(beside).temperature == 1.0
    other = ZeroShotClassifier(labels, backend="auto", encoder=MINILM).fit().scorer_
    assert (other.weight, other.weight_of_many) == (0.6, 0.3)
    assert scale_of(other).temperature == 0.7


def test_it_is_the_default_and_known_by_name(encoder):
    assert encoder.name == load_encoder().name == own.NAME
    assert encoder.fingerprint == load_encoder().fingerprint
    assert encoder.fingerprint != load_encoder(MINILM).fingerprint
    again = pickle.loads(pickle.dumps(encoder))
    np.testing.assert_array_equal(again.encode(TEXTS).windows, encoder.encode(TEXTS).windows)


def test_a_saved_classifier_loads_it_again(tmp_path):
    clf = ZeroShotClassifier(["positive", "negative"], encoder=own.NAME).fit()
    clf.save(tmp_path / "model")
    again = ZeroShotClassifier.load(tmp_path / "model")
    np.testing.assert_array_equal(again.predict_proba(TEXTS), clf.predict_proba(TEXTS))


def test_damaged_weights(tmp_path, monkeypatch):
    (tmp_path / own.WEIGHTS).write_bytes(b"\0" * 20)
    monkeypatch.setattr(own, "directory", lambda: tmp_path)
    with pytest.raises(ModelError, match="zstext-encoder is missing or damaged .*; reinstall"):
        load_encoder(own.NAME)
