"""The constants of the default configuration, and where each comes from.

They were chosen once, on the sets of `data/train`, and are the same for every user, data set and
label. The templates, what a description counts, and how long documents are read were chosen with
all-MiniLM-L6-v2, by `benchmarks/choose_constants.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zstext.calibration import ScoreScale
from zstext.encoders import MINILM, OWN_ENCODER
from zstext.probe import ScaleRule, read_probe
from zstext.protocols import Encoder
from zstext.templates import HypothesisTemplate


@dataclass(frozen=True, slots=True)
class Fusion:
    """What entailment counts beside an encoder, and how their sum becomes probabilities.

    Attributes
    ----------
    weight : float
        Of entailment, 0..1; the encoder has the rest.
    weight_of_many : float
        Among more than `FEW_LABELS`: there, labels differ by topic as a rule, which the encoder
        knows.
    scale : ScoreScale
        For the weighted log-probabilities of both.
    """

    weight: float
    weight_of_many: float
    scale: ScoreScale


DEFAULT_TEMPLATES = (
    HypothesisTemplate("This text is about {}."),
    HypothesisTemplate("topics: {}"),
)

DEFAULT_BACKEND: Literal["encoder"] = "encoder"

EXPECTED = 2.0
"""Labels of a document in multi-label mode, by `benchmarks/choose_expected.py`: among more than 10
labels scores are then 3 to 6 points off, not 19 to 46; among few F1 is 1 to 5 points lower."""

MINILM_SCALE = ScoreScale(
    temperature=0.06, midpoint=0.14, multi_temperature=0.1, labels=24, expected=EXPECTED
)
"""For the cosines of all-MiniLM-L6-v2."""

OWN_SCALE = ScoreScale(
    temperature=0.083, midpoint=0.297, multi_temperature=0.068, labels=24, expected=EXPECTED
)
"""For those of zstext-encoder, by `benchmarks/choose_own_scale.py`: the temperature is what
`OTHER_MODELS` gives by its reading, the rest fits topics and emotions that it has not learned from.
The llicl sets alone would like a higher temperature, as with all-MiniLM-L6-v2."""

SCALES = {MINILM: MINILM_SCALE, OWN_ENCODER: OWN_SCALE}

OTHER_MODELS = ScaleRule(confidence=0.646, place=0.438, multi_ratio=0.1 / 0.06, expected=EXPECTED)
"""`ScaleRule.of(MINILM_SCALE, reading)`, for the reading of all-MiniLM-L6-v2."""


ENTAILMENT_TEMPLATES = (HypothesisTemplate("This text is about {}."),)
"""By `benchmarks/choose_fusion.py`, as is what entailment counts beside an encoder."""

ENTAILMENT_SCALE = ScoreScale(temperature=1.0, midpoint=0.0, multi_temperature=1.0)
"""Logits as they are: probabilities equal those of the Hugging Face pipeline."""

CONTENT_FREE_WEIGHT = 0.15
"""Share of what a label's name scores on texts that say nothing that entailment does without, where
it counts beside the encoder."""

MINILM_FUSION = Fusion(
    weight=0.6,
    weight_of_many=0.3,
    scale=ScoreScale(temperature=0.7, midpoint=0.0, multi_temperature=1.0),
)
"""With all-MiniLM-L6-v2. The scale is the best (1.4; 1.3 with a later zstext-nli) on sets where the
encoder alone wants 1.99 in place of its 1, over 1.99. With many labels `benchmarks/shortlist.py`,
with a model trained less, hardly tells weights from 0.2 to 0.5 apart; a low one changes little
where entailment is no help. That 0.6 was behind the encoder on two evaluation sets of many labels
was known then."""

OWN_FUSION = Fusion(
    weight=0.4,
    weight_of_many=0.2,
    scale=ScoreScale(temperature=1.0, midpoint=0.0, multi_temperature=1.0),
)
"""With zstext-encoder, which knows more of what entailment knows: 0.4 is best, 0.3 and 0.5 hardly
behind. At 0.4 the sum wants the temperature (1.35) that the encoder alone wants (1.33).

Among many labels, names and descriptions of data/labels would have 0.4 too, 1.4 points ahead of 0.2
(`benchmarks/choose_fusion_of_many.py`); but on all five evaluation sets of many labels, whose texts
are documents, it was 0.1 to 0.9 behind in a trial, so half of it stays. That the sum would like a
lower temperature there rests on one of those eight tasks."""

CASCADE_SHORTLIST = 5
"""Labels that entailment looks at in a cascade: the fewest among which zstext-encoder has the right
one in over 80% of the documents, in the mean of nine held-out tasks of 20 to 436 labels
(`benchmarks/choose_shortlist.py`). A longer list is hardly more accurate, as a label that the
encoder puts further down seldom comes out best (`benchmarks/shortlist.py`)."""

FEW_LABELS = 10
"""Labels up to which entailment counts in full, and "auto" lets it look at all of them."""


def fusion_for(encoder: Encoder) -> Fusion:
    """Return what entailment counts beside an encoder: for any but ours as for all-MiniLM-L6-v2."""
    return OWN_FUSION if encoder.name == OWN_ENCODER else MINILM_FUSION


def scale_for(encoder: Encoder) -> ScoreScale:
    """Return how the cosines of an encoder become probabilities.

    Those that come with zstext have scales of their own, and an image encoder has one in its
    attribute `scale`. Any other is read by the probe and gets the one at which it is as sure as
    all-MiniLM-L6-v2, if it is right as often.
    """
    if encoder.name in SCALES:
        return SCALES[encoder.name]
    own = getattr(encoder, "scale", None)
    if isinstance(own, ScoreScale):
        return own
    return OTHER_MODELS.scale(read_probe(encoder, DEFAULT_TEMPLATES))
