"""Of the last layer only what the head reads: the first token.

A classifier of pairs looks at the first token of the last layer. The other tokens are needed there
to attend to, and for nothing after that: their feed-forward network, most of a layer, is left out.
Every logit stays what it is.
"""

from __future__ import annotations

from typing import Any

_FIRST_TOKEN_HEADS = (
    "bert",
    "camembert",
    "deberta",
    "deberta-v2",
    "electra",
    "roberta",
    "xlm-roberta",
)
"""Model types whose head for sequence classification reads the first token."""


def compute_first_token_only(model: Any) -> None:
    """Make the last layer of a model compute its first token alone, if that is all that is read.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        For sequence classification.
    """
    if model.config.model_type in _FIRST_TOKEN_HEADS:
        attention = model.base_model.encoder.layer[-1].attention
        for module in (attention.self, attention):  # before and after its projection
            module.register_forward_hook(_first_token)


def _first_token(module: Any, inputs: Any, output: Any) -> Any:
    if isinstance(output, tuple):
        return (output[0][:, :1], *output[1:])
    return output[:, :1]
