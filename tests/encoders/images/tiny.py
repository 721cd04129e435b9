"""Tiny vision models with random weights, made on the spot."""

from pathlib import Path

WORDS = ["a", "photo", "of", "cat", "dog", "red", "car", "house", "this", "is", ".", "picture"]


def make_clip(folder: Path, *, siglip: bool = False) -> Path:
    """Two towers of two layers, a word-level tokenizer, 32 x 32 pixels."""
    import torch
    from transformers import (
        CLIPConfig,
        CLIPImageProcessorPil,
        CLIPModel,
        SiglipConfig,
        SiglipImageProcessorPil,
        SiglipModel,
        logging,
    )

    logging.disable_progress_bar()
    tokenizer = _tokenizer(64 if siglip else 16)
    layers = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
    }
    text = layers | {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": 64 if siglip else 16,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = layers | {"image_size": 32, "patch_size": 8}
    torch.manual_seed(3)
    if siglip:
        model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
        torch.nn.init.constant_(model.logit_bias, -1.5)
        torch.nn.init.constant_(model.logit_scale, 2.0)
        processor = SiglipImageProcessorPil(size={"height": 32, "width": 32})
    else:
        config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)
        model = CLIPModel(config)
        processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32)
    for parameter in model.parameters():  # as initialised, all images look alike
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    for part in (model.eval(), tokenizer, processor):
        part.save_pretrained(folder)
    return folder


def make_backbone(folder: Path, kind: str) -> Path:
    """A ResNet, a ViT or a DINOv2, 32 x 32 pixels."""
    import torch
    import transformers as t

    t.logging.disable_progress_bar()
    layers = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 32,
        "patch_size": 8,
    }
    torch.manual_seed(5)
    model = {
        "resnet": lambda: t.ResNetForImageClassification(
            t.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], num_labels=3)
        ),
        "vit": lambda: t.ViTForImageClassification(t.ViTConfig(**layers, num_labels=3)),
        "dinov2": lambda: t.Dinov2Model(
            t.Dinov2Config(**{k: v for k, v in layers.items() if k != "intermediate_size"})
        ),
    }[kind]()
    model.eval().save_pretrained(folder)
    t.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def _tokenizer(size):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "<s>", "</s>", "<unk>"]
    # CLIP pools at the highest id: the end of the text is the last entry.
    entries = [s for s in special if s != "</s>"] + WORDS + ["</s>"]
    vocabulary = {word: i for i, word in enumerate(entries)}
    inner = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    inner.normalizer = normalizers.Lowercase()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[(s, vocabulary[s]) for s in ("<s>", "</s>")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        model_max_length=size,
        model_input_names=["input_ids"] if size == 64 else ["input_ids", "attention_mask"],
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
    )
