"""Small entailment checkpoints with random weights: real architectures, real tokenizers, no hub."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    PreTrainedTokenizerFast,
)

SENTENCES = [
    "The striker scored twice in the last minute of the game.",
    "Parliament passed the budget after a long night of debate.",
    "This example is sports. This text is about politics. The battery is bad!",
]
_SMALL = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 130,
}
_BART = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 130,
}
THREE = ["contradiction", "neutral", "entailment"]
KINDS = {
    "bert": (_SMALL, ["entailment", "not_entailment"]),
    "roberta": (_SMALL, THREE),
    "bart": (_BART, THREE),
    "deberta-v2": (
        {
            **_SMALL,
            "relative_attention": True,
            "pos_att_type": ["p2c", "c2p"],
            "type_vocab_size": 0,
        },
        ["entailment", "neutral", "contradiction"],
    ),
    "gpt2": ({"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 130}, THREE),
}


def make_checkpoint(kind: str, folder: Path, labels: list[str] | None = None) -> Path:
    """Write a checkpoint of a kind and return its folder."""
    sizes, default = KINDS[kind]
    labels = labels or default
    tokenizer = _byte_pairs() if kind in ("roberta", "bart", "gpt2") else _unigrams()
    special = {name: getattr(tokenizer, f"{name}_token_id") for name in ("pad", "bos", "eos")}
    config = AutoConfig.for_model(
        kind,
        **sizes,
        vocab_size=len(tokenizer),
        **{f"{name}_token_id": i for name, i in special.items() if i is not None},
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    torch.manual_seed(0)
    model = AutoModelForSequenceClassification.from_config(config)
    for parameter in model.parameters():  # the usual initial weights say the same of everything
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.5)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _byte_pairs() -> PreTrainedTokenizerFast:
    own = Tokenizer(models.BPE())
    own.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    own.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    own.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet),
    )
    own.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=own,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=128,
        model_input_names=["input_ids", "attention_mask"],
    )


def _unigrams() -> PreTrainedTokenizerFast:
    own = Tokenizer(models.Unigram())
    own.pre_tokenizer = pre_tokenizers.Metaspace()
    own.train_from_iterator(
        SENTENCES,
        trainers.UnigramTrainer(
            vocab_size=150,
            special_tokens=["[PAD]", "[CLS]", "[SEP]", "[UNK]"],
            unk_token="[UNK]",
            initial_alphabet=list("abcdefghijklmnopqrstuvwxyzTPIB.!"),
        ),
    )
    own.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=own,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
        model_max_length=128,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
