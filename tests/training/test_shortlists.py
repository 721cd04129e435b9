"""Lists that are graded, and pairs that are held: by the models that come with zstext."""

from random import Random

import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax

from training.groups import Group
from training.labelled_texts import LabelledTexts
from training.mixture import Family
from training.shortlists import Graded, graded, held, near_labels, shortlists
from zstext import load_encoder
from zstext.defaults import MINILM_SCALE, OWN_SCALE
from zstext.encoders import MINILM
from zstext.nli import load_entailer

NAMES = ("cooking", "baking", "sailing", "tax law", "chess", "gardening", "opera", "cycling")
TEXTS = [("Fold the flour into the eggs.", "baking"), ("She castled on the queen's side.", "chess")]
SETTINGS = {
    "lists": ["topic"],
    "share": 1.0,
    "nearest": 3,
    "others": {"topic": 6, "nli": 2},
    "held": {"topic": 4},
    "weights": {"encoder": 0.5, "minilm": 0.2, "entailment": 0.3},
    "sharpen": 1.2,
    "right": 0.25,
}
GROUP = Group(
    TEXTS[0][0], tuple(f"This text is about {n}." for n in NAMES[:3]), (0.0, 1.0, 0.0), "choice"
)


def labelled(names=NAMES):
    wordings = {name: (name,) for name in names}
    return LabelledTexts(TEXTS, wordings, {}, ("This text is about {}.",), 4, 0.0, 0.0, 60)


def families():
    alone = Graded([Group("Six people walked.", ("People are out.",), (1.0,))])
    return {
        "topic": Family(((labelled(), 1.0), (labelled(("baking", "chess")), 1.0))),
        "nli": Family(((alone, 1.0),)),
    }


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def entailer():
    return load_entailer()


def margins(entailer, group):
    logits = entailer.entail([group.premise], list(group.hypotheses)).logits[0].astype(float)
    return logits[:, 0] - logits[:, 1]


def test_the_right_label_stands_beside_those_that_the_encoder_puts_first(encoder):
    groups = list(near_labels(families(), encoder, SETTINGS, Random(0)))
    assert len(groups) == 2  # a set of two labels has no shortlist
    for group in groups:
        assert group.targets == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        assert len(set(group.hypotheses)) == 6
        right = dict(TEXTS)[group.premise]
        assert group.hypotheses[0] == f"This text is about {right}."
        if right == "baking":
            assert group.hypotheses[1] == "This text is about cooking."


def test_shares_are_what_all_say_and_in_part_what_is_right(encoder, entailer):
    both = encoder, load_encoder(MINILM)
    (found,) = graded([GROUP], both, entailer, SETTINGS)
    said = 0.3 * log_softmax(margins(entailer, GROUP))
    for model, scale, weight in zip(both, (OWN_SCALE, MINILM_SCALE), (0.5, 0.2), strict=True):
        x, *S = model.encode([GROUP.premise, *GROUP.hypotheses]).windows
        said += weight * log_softmax(np.array(S) @ x / scale.temperature)
    expected = 0.75 * softmax(1.2 * said) + 0.25 * np.array(GROUP.targets)
    np.testing.assert_allclose(found.targets, expected, atol=1e-4)
    assert found.kind == "soft"
    assert found.hypotheses == GROUP.hypotheses


def test_pairs_are_held_to_what_the_model_says(entailer):
    groups = [GROUP, Group("Six people walked.", ("People are out.",), (1.0,))]
    found = held(groups, entailer)
    assert [group.kind for group in found] == ["pairs", "pairs"]
    for group in found:
        np.testing.assert_allclose(group.targets, expit(margins(entailer, group)), atol=1e-4)


def test_a_family_of_lists_and_one_of_pairs():
    sources = shortlists(families(), {"seed": 1, "shortlists": SETTINGS})
    learned, kept = sources["shortlists"].groups, sources["held"].groups
    assert {group.kind for group in learned} == {"soft"}
    assert all(sum(group.targets) == pytest.approx(1) for group in learned)
    assert all(len(group.hypotheses) > 1 for group in learned)  # one alone says nothing
    assert {group.kind for group in kept} == {"pairs"}
    assert sources["held"].draw(Random(3)) == sources["held"].draw(Random(3))
