"""Tiny sentence-transformers models with random weights, made on the spot."""

import json
from pathlib import Path

WORDS = ["query", "passage", ":", "cats", "purr", "at", "night", "dogs", "bark", "loudly", "a", "."]


def make_model(
    folder: Path,
    *,
    pooling: str = "mean",
    prompts: dict[str, str] | None = None,
    default_prompt: str | None = None,
    include_prompt: bool = True,
    bytes_bpe: bool = False,
    normalize: bool = False,
    window: int = 16,
) -> Path:
    """A BERT of two layers with a word-piece vocabulary, or with a byte-level one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers import sentence_transformer as st
    from transformers import BertConfig, BertModel, logging

    logging.disable_progress_bar()
    tokenizer = _byte_level() if bytes_bpe else _word_piece()
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=64,
        initializer_range=0.5,  # so that one token more or less shows
        pad_token_id=tokenizer.pad_token_id,
    )
    raw = folder / "raw"
    BertModel(config).eval().save_pretrained(raw)
    tokenizer.save_pretrained(raw)
    transformer = st.modules.Transformer(str(raw), max_seq_length=window)
    modules = [transformer, st.modules.Pooling(24, pooling, include_prompt=include_prompt)]
    if normalize:
        modules.append(st.modules.Normalize())
    model = SentenceTransformer(modules=modules, device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    path = folder / "model" / "config_sentence_transformers.json"
    settings = json.loads(path.read_text())
    settings |= {"prompts": prompts or {}, "default_prompt_name": default_prompt}
    path.write_text(json.dumps(settings))
    return folder / "model"


def _word_piece():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    special = ["<pad>", "<s>", "</s>", "<unk>"]
    vocabulary = {word: i for i, word in enumerate([*special, *WORDS])}
    inner = Tokenizer(models.WordPiece(vocabulary, unk_token="<unk>"))
    inner.normalizer = normalizers.BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _with_ends(inner)


def _byte_level():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<pad>", "<s>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(["query: cats purr at night passage: dogs bark loudly"] * 9, trainer)
    return _with_ends(inner)


def _with_ends(inner):
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    inner.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
    )
