import pickle
import random

import numpy as np
import pytest

from tests.encoders.tiny import make_model
from zstext import ModelError, OptionError, load_encoder
from zstext.encoders.windows import MAX_WINDOWS
from zstext.protocols import Encoder

TEXTS = ["cats purr at night", "dogs bark", "loudly", "a", "  a dogs . ", "cats : query . a"]


@pytest.fixture(scope="session")
def sentence_transformer(encoder):
    return encoder._model


def test_it_is_an_encoder(encoder):
    assert isinstance(encoder, Encoder)
    assert (encoder.name, encoder.n_features) == ("zstext-encoder", 384)
    assert len(encoder.fingerprint) == 64


def test_short_texts_as_sentence_transformers_has_them(encoder, sentence_transformer):
    texts = [
        "The striker scored twice.", "Parlament", "", " x ", "naïve café 東京 😀", "UPPER lower",
        "a\tb\nc", "[CLS] [SEP] [MASK]", "word " * 200,
    ]  # fmt: skip
    theirs = sentence_transformer.encode(texts, normalize_embeddings=True)
    for role in ("document", "label"):
        ours = encoder.encode(texts, role=role)
        assert ours.windows.dtype == np.float32
        np.testing.assert_allclose(ours.windows, theirs, atol=1e-6)
        assert ours.counts.tolist() == [1] * len(texts)
        assert not ours.truncated.any()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"pooling": "cls"},
        {"pooling": "max", "normalize": True},
        {"prompts": {"query": "query: ", "document": "passage: "}, "pooling": "cls"},
        {"prompts": {"query": "query: ", "document": "passage: "}, "include_prompt": False},
        {"prompts": {"query": "query: ", "document": "passage: "}, "bytes_bpe": True},
        {"prompts": {"query": "query:", "document": "cats pu"}, "bytes_bpe": True},
        {"prompts": {"query": "", "document": "passage: "}, "default_prompt": "document"},
        {"prompts": {"query": "query: "}, "default_prompt": "query"},
    ],
)
def test_pooling_and_prompts_are_those_of_the_configuration(tmp_path, settings):
    from sentence_transformers import SentenceTransformer

    path = make_model(tmp_path, **settings)
    theirs, ours = SentenceTransformer(str(path), device="cpu"), load_encoder(path, device="cpu")
    documents = theirs.encode_document(TEXTS, normalize_embeddings=True)
    labels = theirs.encode_query(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(ours.encode(TEXTS).windows, documents, atol=1e-6)
    np.testing.assert_allclose(ours.encode(TEXTS, role="label").windows, labels, atol=1e-6)
    if settings.get("prompts", {}).get("document"):
        assert np.abs(documents - labels).max() > 0.01  # so the prefix does show


@pytest.mark.parametrize(
    ("prompts", "default", "document", "label"),
    [
        ({"query": "query: ", "passage": "passage: "}, None, "passage: ", "query: "),
        ({"query": "query: ", "corpus": "a "}, None, "a ", "query: "),
        ({"other": "cats "}, "other", "cats ", "cats "),
        ({"other": "cats "}, None, "", ""),
    ],
)
def test_which_prompt_is_whose(tmp_path, prompts, default, document, label):
    from sentence_transformers import SentenceTransformer

    path = make_model(tmp_path, prompts=prompts, default_prompt=default)
    theirs, ours = SentenceTransformer(str(path), device="cpu"), load_encoder(path, device="cpu")
    for role, prompt in (("document", document), ("label", label)):
        expected = theirs.encode(TEXTS, prompt=prompt, normalize_embeddings=True)
        np.testing.assert_allclose(ours.encode(TEXTS, role=role).windows, expected, atol=1e-6)


def test_every_window_of_a_long_document_has_the_prompt(tmp_path):
    path = make_model(tmp_path, prompts={"document": "passage: "}, window=10)  # 6 tokens of text
    ours = load_encoder(path, device="cpu")
    # 9 words: windows of 4 and 5
    words = ["cats", "purr", "at", "night", "dogs", "bark", "loudly", "a", "cats"]
    long = ours.encode([" ".join(words)])
    apart = ours.encode([" ".join(words[:4]), " ".join(words[4:])])
    assert long.counts.tolist() == [2]
    np.testing.assert_allclose(long.windows, apart.windows, atol=1e-6)


def test_a_prompt_that_leaves_no_room(tmp_path):
    path = make_model(tmp_path, prompts={"document": "passage: " * 20})
    with pytest.raises(
        ModelError, match=r"the document prompt of .* takes 40 tokens, and its window"
    ):
        load_encoder(path)


def test_windows_of_a_long_document(encoder, sentence_transformer):
    words = [f"word{i}" for i in range(300)]
    text = " ".join(words)
    n_tokens = len(encoder._tokenizer(text, add_special_tokens=False)["input_ids"])
    encoded = encoder.encode(["short", text, "short too"])
    assert encoded.counts.tolist() == [1, -(-n_tokens // 254), 1]
    assert encoded.windows.shape == (encoded.counts.sum(), 384)
    assert not encoded.truncated.any()
    np.testing.assert_allclose(np.linalg.norm(encoded.windows, axis=1), 1, rtol=1e-6)
    assert encoder.encode([text[: text.index("word40")]]).counts[0] == 1


def test_the_first_window_alone_is_what_sentence_transformers_reads(encoder, sentence_transformer):
    text = "The parliament passed the budget after a long debate. " * 60
    first = encoder.encode([text, "short"], whole=False)
    assert first.counts.tolist() == [1, 1]
    assert first.truncated.tolist() == [True, False]
    theirs = sentence_transformer.encode([text], normalize_embeddings=True)
    np.testing.assert_allclose(first.windows[:1], theirs, atol=1e-6)


def test_two_megabytes(encoder):
    encoded = encoder.encode(["The striker scored twice. " * 80_000])
    assert encoded.counts.tolist() == [MAX_WINDOWS]
    assert encoded.truncated.tolist() == [True]
    assert np.isfinite(encoded.windows).all()


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "a\0b", "\ud800", "x\udfffy", "\x1b[31m", "‮", "a" * 5000]
)
def test_hostile_texts_have_features(encoder, text):
    encoded = encoder.encode([text])
    assert encoded.counts[0] >= 1
    np.testing.assert_allclose(np.linalg.norm(encoded.windows, axis=1), 1, rtol=1e-6)


def test_lone_surrogates_are_read_as_the_replacement_character(encoder):
    one, other = encoder.encode(["a \ud83d b", "a � b"]).windows
    np.testing.assert_array_equal(one, other)
    pair, emoji = encoder.encode(["\ud83d\ude00", "😀"]).windows
    np.testing.assert_array_equal(pair, emoji)


def test_no_texts(encoder):
    encoded = encoder.encode([])
    assert encoded.windows.shape == (0, 384)
    assert (len(encoded.counts), len(encoded.truncated)) == (0, 0)


def test_features_do_not_depend_on_neighbours_order_or_batch_size(encoder):
    rng = random.Random(3)
    words = ["match", "goal", "vote", "law", "budget", "market", "film", "robot", "rain", "bank"]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 40))) for _ in range(60)]
    texts += texts[:5]
    reference = encoder.encode(texts).windows
    np.testing.assert_array_equal(reference[:5], reference[60:])
    batch_size = encoder.batch_size
    try:
        for size in (1, 7, 1000):
            encoder.batch_size = size
            chosen = rng.sample(range(len(texts)), rng.randint(5, 30))
            features = encoder.encode([texts[i] for i in chosen]).windows
            np.testing.assert_allclose(features, reference[chosen], atol=1e-6)
    finally:
        encoder.batch_size = batch_size


def test_equal_windows_are_encoded_once(encoder, monkeypatch):
    seen = []
    forward = encoder._forward
    monkeypatch.setattr(
        encoder, "_forward", lambda batch, *more: (seen.extend(batch), forward(batch, *more))[1]
    )
    encoder.encode(["one", "two", "one", "One", "two"])
    assert len(seen) == 2


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "nonsense:0", ""])
def test_a_device_that_is_not_there(device):
    with pytest.raises(OptionError, match=f"device {device!r} cannot be used"):
        load_encoder(device=device)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_size_that_cannot_be(batch_size):
    with pytest.raises(OptionError, match=f"batch_size must be at least 1, got {batch_size}"):
        load_encoder(batch_size=batch_size)


def test_weights_that_do_not_fit_the_configuration(tmp_path):
    path = make_model(tmp_path)
    (path / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0nonsense")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(path)


def test_loading_and_encoding_print_nothing(tmp_path, capfd):
    path = make_model(tmp_path, prompts={"other": "cats "}, default_prompt="other")
    capfd.readouterr()
    load_encoder(path, device="cpu").encode(["a", "cats " * 200])
    load_encoder(device="cpu").encode(["a", "word " * 2000])
    assert capfd.readouterr() == ("", "")


def test_a_pickle_holds_no_weights(encoder):
    data = pickle.dumps(encoder)
    assert len(data) < 1000
    again = pickle.loads(data)
    assert (again.name, again.fingerprint) == (encoder.name, encoder.fingerprint)
    assert (again.batch_size, again._device_asked) == (encoder.batch_size, "cpu")


def test_of_several_networks_none_is_listened_to(tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Router

    parts = [make_model(tmp_path / name) for name in ("queries", "documents")]
    modules = [list(SentenceTransformer(str(path), device="cpu")) for path in parts]
    router = Router.for_query_document(*modules, default_route="document")
    SentenceTransformer(modules=[router], device="cpu").save(
        str(tmp_path / "router"), create_model_card=False
    )
    ours = load_encoder(tmp_path / "router", device="cpu").encode(TEXTS)
    theirs = load_encoder(parts[1], device="cpu").encode(TEXTS)
    np.testing.assert_allclose(ours.windows, theirs.windows, atol=1e-6)
    assert ours.middle is None
    assert theirs.middle.shape == (len(TEXTS), 24)
