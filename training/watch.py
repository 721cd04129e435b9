"""What is looked at while training runs: entailment held out, and label sets never trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from sklearn.metrics import f1_score
from torch import nn

from training.groups import read

_ROWS = 1000
_TEMPLATE = "This example is {}."
_SETS = (
    "llicl_news_data", "llicl_emo", "llicl_app_reviews", "llicl_poem_sentiment", "llicl_is_humor",
    "llicl_climate_sentiment", "llicl_student_question_categories", "llicl_toxic_conversations",
    "llicl_disaster_response_message", "llicl_silicone_dyda_da",
)  # fmt: skip


def watch(model: nn.Module, tokenizer: Any, data: Path) -> dict[str, float]:
    """Return accuracy (two classes) and macro-F1, in percent."""
    model.eval()
    out = {
        name: _entailment(model, tokenizer, data, name)
        for name in ("snli_test", "mnli_taxinli_dev")
    }
    for name in _SETS:
        rows = list(read(data / "train" / name / "test.csv"))
        labels = sorted({row["label"] for row in rows})
        pairs = [(row["text"], _TEMPLATE.replace("{}", label)) for row in rows for label in labels]
        margin = _margins(model, tokenizer, pairs).reshape(len(rows), len(labels))
        found = [labels[i] for i in margin.argmax(1).tolist()]
        out[name] = 100 * f1_score([row["label"] for row in rows], found, average="macro")
    out["mean"] = sum(out[name] for name in _SETS) / len(_SETS)
    return {name: round(float(value), 1) for name, value in out.items()}


def _entailment(model: nn.Module, tokenizer: Any, data: Path, name: str) -> float:
    rows = list(read(data / "nli" / f"{name}.csv"))[:_ROWS]
    margin = _margins(model, tokenizer, [(row["premise"], row["hypothesis"]) for row in rows])
    right = [
        (m > 0) == (row["label"] == "entailment")
        for m, row in zip(margin.tolist(), rows, strict=True)
    ]
    return 100 * sum(right) / len(right)


@torch.inference_mode()
def _margins(model: nn.Module, tokenizer: Any, pairs: list[tuple[str, str]]) -> torch.Tensor:
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
    margins = torch.empty(len(pairs))
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        tokens = tokenizer(
            [pairs[i][0] for i in rows],
            [pairs[i][1] for i in rows],
            truncation="only_first",
            max_length=256,
            padding=True,
            return_tensors="pt",
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(**tokens).logits.float()
        margins[rows] = logits[:, 0] - logits[:, 1]
    return margins
