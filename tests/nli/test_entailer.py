import json
import pickle

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sklearn.base import clone
from transformers import AutoModelForSequenceClassification
from transformers import pipeline as hugging_face_pipeline

from tests.fakes import WordEncoder
from tests.nli.checkpoints import SENTENCES, make_checkpoint
from zstext import ModelError, OptionError, ZeroShotClassifier, load_encoder
from zstext.nli import load_entailer
from zstext.nli.columns import Columns
from zstext.nli.pairs import pair_batches

LABELS = ["sports", "politics", "the weather", "bad batteries"]
load_model = AutoModelForSequenceClassification.from_pretrained
TEXTS = [*SENTENCES, "a", "The game. " * 10, "Budget, budget!"]


@pytest.mark.parametrize("multi_label", [False, True])
def test_scores_equal_those_of_the_hugging_face_pipeline(checkpoint, multi_label):
    theirs = hugging_face_pipeline("zero-shot-classification", str(checkpoint), device="cpu")
    clf = ZeroShotClassifier(
        LABELS, backend="nli", entailer=str(checkpoint), multi_label=multi_label
    ).fit()
    proba = clf.predict_proba(TEXTS)
    assert np.ptp(proba, axis=0).max() > 0.01  # not the same for every text
    for text, row in zip(TEXTS, proba, strict=True):
        expected = theirs(
            text, LABELS, multi_label=multi_label, hypothesis_template="This text is about {}."
        )
        ours = dict(zip(LABELS, row, strict=True))
        for label, score in zip(expected["labels"], expected["scores"], strict=True):
            assert ours[label] == pytest.approx(score, abs=1e-5)


def test_a_pair_does_not_depend_on_its_batch(checkpoint):
    hypotheses = [f"This example is {label}." for label in LABELS]
    all_at_once = load_entailer(checkpoint).entail(TEXTS, hypotheses).logits
    one_by_one = load_entailer(checkpoint, batch_size=1)
    for text, expected in zip(TEXTS, all_at_once, strict=True):
        alone = one_by_one.entail([text], hypotheses[::-1]).logits[0][::-1]
        np.testing.assert_allclose(alone, expected, rtol=1e-4, atol=1e-5)


def test_pairs_not_asked_for_are_not_a_number(checkpoint):
    entailer = load_entailer(checkpoint)
    asked = np.zeros((len(TEXTS), 2), dtype=bool)
    asked[2, 1] = asked[0, 0] = True
    logits = entailer.entail(TEXTS, ["one", "two"], asked=asked).logits
    np.testing.assert_array_equal(np.isnan(logits).any(axis=2), ~asked)
    everything = entailer.entail(TEXTS, ["one", "two"]).logits
    np.testing.assert_allclose(logits[asked], everything[asked], rtol=1e-4, atol=1e-5)


def test_a_long_premise_is_read_in_windows(checkpoint):
    entailer = load_entailer(checkpoint)
    long = "The striker scored twice. " * 40
    entailed = entailer.entail(["a", long], ["This example is sports."])
    assert entailed.counts[0] == 1 < entailed.counts[1]
    assert len(entailed.logits) == entailed.counts.sum()
    assert not entailed.truncated.any()
    cut = entailer.entail(["a", long], ["This example is sports."], whole=False)
    assert cut.counts.tolist() == [1, 1]
    assert cut.truncated.tolist() == [False, True]


def test_a_document_cannot_end_a_pair(checkpoint):
    """The text of a special token is text: a document must not smuggle in a second premise."""
    entailer = load_entailer(checkpoint)
    hostile = ["a </s> b", "a [SEP] b", "a<s></s></s>b [CLS]", "\ud800"]
    assert np.isfinite(entailer.entail(hostile, ["This example is sports."]).logits).all()
    ids = entailer._token_ids(["a </s> [SEP] b"])[0]
    assert not {entailer._tokenizer.sep_token_id, entailer._tokenizer.eos_token_id} & set(ids)


def test_nothing_in_nothing_out(checkpoint):
    entailer = load_entailer(checkpoint)
    assert entailer.entail([], ["a"]).logits.shape == (0, 1, 2)
    assert entailer.entail(["a"], []).logits.shape == (1, 0, 2)


def test_a_text_by_itself_is_the_mean_of_a_middle_layer(checkpoint):
    """As transformers has it, text by text: of the two layers the first, of BART's encoder too."""
    entailer, plain = load_entailer(checkpoint), load_model(checkpoint)
    ours = entailer.represent(TEXTS).windows
    assert (ours.shape, ours.dtype) == ((len(TEXTS), 32), np.float32)
    for text, features in zip(TEXTS, ours, strict=True):
        ids, one = tuple(entailer._token_ids([text])[0]), np.zeros((1, 2), dtype=int)
        (batch,) = pair_batches([ids], [()], one, entailer._layout, pad=0, max_items=1)
        pair = {name: torch.from_numpy(array) for name, array in batch.inputs.items()}
        with torch.inference_mode():
            out = plain.base_model(**pair, output_hidden_states=True)
        states = getattr(out, "encoder_hidden_states", None) or out.hidden_states
        np.testing.assert_allclose(features, states[1][0].mean(dim=0), rtol=1e-4, atol=1e-5)


def test_a_long_text_by_itself_has_windows(checkpoint):
    entailer = load_entailer(checkpoint)
    long = "The striker scored twice. " * 40
    whole, first = entailer.represent([long, "a"]), entailer.represent([long], whole=False)
    assert whole.counts[0] > 1 == whole.counts[1] == first.counts[0]
    alone = entailer.represent(["a"]).windows
    np.testing.assert_allclose(whole.windows[-1:], alone, rtol=1e-4, atol=1e-5)
    assert entailer.represent([]).windows.shape == (0, 32)


def test_a_hypothesis_longer_than_the_model(checkpoint):
    with pytest.raises(OptionError, match="no document fits beside it"):
        load_entailer(checkpoint).entail(["a"], ["sports " * 200])


@pytest.mark.parametrize("options", [{"backend": "nli"}, {"backend": "auto", "multi_label": True}])
def test_a_description_longer_than_the_model_is_told_by_fit(checkpoint, options):
    labels = {"sports": "games " * 200, "politics": None}
    clf = ZeroShotClassifier(
        labels, encoder=WordEncoder(), entailer=load_entailer(checkpoint), **options
    )
    with pytest.raises(OptionError, match="shorten the label's description"):
        clf.fit()


def test_copies_share_weights_and_pickles_hold_none(checkpoint):
    entailer = load_entailer(checkpoint, batch_size=3)
    assert clone(entailer) is entailer
    data = pickle.dumps(entailer)
    assert len(data) < 2000
    again = pickle.loads(data)
    assert again.fingerprint == entailer.fingerprint
    assert again.batch_size == 3


def test_a_configuration_that_does_not_name_entailment(tmp_path):
    folder = make_checkpoint("bert", tmp_path / "m", ["LABEL_0", "LABEL_1"])
    with pytest.raises(ModelError, match="--entailment-id"):
        load_entailer(folder)
    one, other = (load_entailer(folder, entailment_id=i) for i in (0, 1))
    np.testing.assert_array_equal(
        one.entail(["a"], ["b"]).logits[0, 0], other.entail(["a"], ["b"]).logits[0, 0, ::-1]
    )
    assert one.fingerprint != other.fingerprint
    with pytest.raises(OptionError, match="entailment id 2 is no class"):
        load_entailer(folder, entailment_id=2)


def test_a_configuration_that_names_its_classes_in_label2id_alone(tmp_path):
    """transformers passes over them, and takes two classes for granted."""
    folder = make_checkpoint("bert", tmp_path / "m", ["contradiction", "entailment", "neutral"])
    named = load_entailer(folder)
    config = json.loads((folder / "config.json").read_bytes())
    del config["id2label"]
    (folder / "config.json").write_text(json.dumps(config))
    again = load_entailer(folder)
    assert again.columns == named.columns == Columns(entailment=1, opposite=0)
    np.testing.assert_array_equal(
        again.entail(["a"], ["b"]).logits, named.entail(["a"], ["b"]).logits
    )


def test_a_sentence_encoder_is_no_entailment_model():
    from zstext.encoders.minilm import minilm_dir

    with pytest.raises(ModelError, match="no entailment model: its architecture is"):
        load_entailer(minilm_dir())
    with pytest.raises(ModelError, match="zstext-encoder is an encoder and says of no text"):
        load_entailer("zstext-encoder")


@pytest.mark.parametrize("backend", ["encoder", "auto"])
def test_the_entailment_model_is_no_encoder(backend):
    clf = ZeroShotClassifier(["a", "b"], backend=backend, encoder="zstext-nli")
    for call in (clf.fit, lambda: load_encoder("zstext-nli")):
        with pytest.raises(OptionError, match="zstext-nli is an entailment model and no encoder"):
            call()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"batch_size": 0}, "batch_size must be at least 1"), ({"device": "cuba"}, "device 'cuba'")],
)
def test_options(options, message):
    with pytest.raises(OptionError, match=message):
        load_entailer(**options)


def test_pickled_weights_are_refused(tmp_path):
    folder = make_checkpoint("bert", tmp_path / "m")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="not in safetensors"):
        load_entailer(folder)


def test_a_damaged_checkpoint(tmp_path):
    folder = make_checkpoint("bert", tmp_path / "m")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_entailer(folder)


def test_a_checkpoint_without_its_head_is_refused(tmp_path):
    """The library would make one up, another one at every start."""
    folder = make_checkpoint("bert", tmp_path / "m")
    weights = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="lacks 2 weights, for example 'classifier.bias'"):
        load_entailer(folder)


def edited(file, **changes):
    settings = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({k: v for k, v in settings.items() if v is not None}))


def test_a_causal_model_takes_the_padding_of_its_tokenizer(tmp_path):
    """It reads the last token that is not padding, and must know which those are."""
    folder = make_checkpoint("gpt2", tmp_path / "m")
    expected = load_entailer(folder).entail(TEXTS, ["one", "another one"]).logits
    edited(folder / "config.json", pad_token_id=None)
    logits = load_entailer(folder).entail(TEXTS, ["one", "another one"]).logits
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)
    edited(folder / "tokenizer_config.json", pad_token=None)
    with pytest.raises(ModelError, match="write a pad_token_id"):
        load_entailer(folder)


def test_the_padding_is_that_of_the_configuration_before_that_of_the_tokenizer(tmp_path):
    folder = make_checkpoint("gpt2", tmp_path / "m")
    expected = load_entailer(folder).entail(TEXTS, ["one"]).logits
    edited(folder / "tokenizer_config.json", pad_token="<unk>")
    logits = load_entailer(folder).entail(TEXTS, ["one"]).logits
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)
