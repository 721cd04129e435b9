"""Sentences made from our own words: feelings, judgements, and what is good for a company.

The sets at hand say little about films and less about companies, and they name four feelings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from training.groups import Group
from training.labelled_texts import LabelledTexts
from training.wordnet import Key, Meaning, feeling_words

_STRONG = 1.3  # rating from which a word is an opinion
_OWN = 5  # how often our words stand beside the public ones: they are fewer


@dataclass(frozen=True, slots=True)
class Generated:
    """Draws a sentence and asks for its sentiment or its feeling.

    Attributes
    ----------
    words : mapping
        The lexicon.
    polarity, emotion : LabelledTexts
        The wordings of labels; their texts are not used.
    """

    words: Mapping[str, Any]
    polarity: LabelledTexts
    emotion: LabelledTexts

    def draw(self, rng: Random) -> Group:
        """Return a generated text with hypotheses."""
        kind = rng.choices(["emotion", "review", "company"], [0.4, 0.35, 0.25])[0]
        if kind == "emotion":
            return _about(self.emotion, self._feeling(rng), rng)
        return _about(
            self.polarity, self._review(rng) if kind == "review" else self._company(rng), rng
        )

    def _feeling(self, rng: Random) -> tuple[str, str]:
        feeling = rng.choice(list(self.words["emotions"]))
        word = rng.choice(self.words["emotions"][feeling])
        return rng.choice(self.words["emotion_frames"]).replace("{}", word), feeling

    def _review(self, rng: Random) -> tuple[str, str]:
        w = self.words
        subject = rng.choice(w["subjects"])
        label = rng.choice(["positive", "negative"])
        this, that = ("good", "bad") if label == "positive" else ("bad", "good")
        one, other = rng.choice(w[this]), rng.choice(w[that])
        clause = rng.choice(w[f"{this}_clauses"])
        shape = rng.randrange(10)
        if shape == 0:
            return f"The {subject} is {one}, and {clause}.", label
        if shape == 1:
            return f"The {subject} may be {other}, but {clause}.", label
        if shape == 2:
            return f"{clause} even though the {subject} is {other}", label
        if shape == 3:
            return f"a {subject} that is {one} and never {other}", label
        if shape == 4:
            return f"the {subject} is not {other} at all", label
        if shape == 5:
            return f"anything but {other}: {clause}", label
        if shape == 6:
            return f"{one} and {rng.choice(w[this])}; {clause}", label
        if shape == 7:
            return f"a {one} {subject} , {rng.choice(w[this])} and {rng.choice(w[this])} .", label
        if shape == 8:
            return f"This {subject} is {one}.", label
        return f"About the {subject}: {rng.choice(w['plain_clauses'])}.", "neutral"

    def _company(self, rng: Random) -> tuple[str, str]:
        w = self.words
        who = rng.choice(w["companies"])
        shape = rng.randrange(4)
        if shape == 0:
            label = rng.choice(["positive", "negative"])
            event = rng.choice(w["good_events" if label == "positive" else "bad_events"])
            return f"{who.capitalize()} {event}.", label
        if shape == 1:
            return f"{who.capitalize()} {rng.choice(w['plain_events'])}.", "neutral"
        up, burden = rng.random() < 0.5, rng.random() < 0.3
        what = rng.choice(w["burdens" if burden else "gains"])
        verb = rng.choice(w["rises" if up else "falls"])
        return (
            f"{what.capitalize()} of {who} {verb} {_figures(up, rng)}.",
            "positive" if up != burden else "negative",
        )


def _figures(up: bool, rng: Random) -> str:
    low = round(rng.uniform(0.4, 400), 1)
    high = round(low * rng.uniform(1.03, 2.5), 1)
    unit = rng.choice(
        ["million euros", "mln dollars", "EUR mn", "percent of sales", "thousand units"]
    )
    new, old = (high, low) if up else (low, high)
    return rng.choice(
        [
            f"to {new} {unit} from {old} {unit}",
            f"by {rng.randrange(2, 60)} % in the third quarter",
            f"to {new} {unit} , compared with {old} a year earlier",
            "slightly during the year",
            f"by {low} {unit}",
        ]
    )


def _about(wordings: LabelledTexts, labelled: tuple[str, str], rng: Random) -> Group:
    wordings.texts[:] = [labelled]  # LabelledTexts draws the hypotheses
    return wordings.draw(rng)


def with_public_words(
    lexicon: Mapping[str, Any], rated: Mapping[str, float], meanings: Mapping[Key, Meaning]
) -> dict[str, Any]:
    """Return the lexicon with the adjectives of VADER as opinions, of WordNet as feelings."""
    adjectives = {word for (part, _), m in meanings.items() if part == "a" for word in m.words}
    feelings = {feeling: feeling_words(meanings, feeling) for feeling in lexicon["emotions"]}
    return {
        **lexicon,
        "good": lexicon["good"] * _OWN
        + [word for word, rating in rated.items() if word in adjectives and rating >= _STRONG],
        "bad": lexicon["bad"] * _OWN
        + [word for word, rating in rated.items() if word in adjectives and rating <= -_STRONG],
        "emotions": {
            feeling: own * _OWN + [word for word in feelings[feeling] if _only_in(feelings, word)]
            for feeling, own in lexicon["emotions"].items()
        },
    }


def _only_in(feelings: Mapping[str, tuple[str, ...]], word: str) -> bool:
    """Return whether a word goes with one feeling alone."""
    return sum(word in words for words in feelings.values()) == 1


def generated(
    lexicon: Mapping[str, Any], wordings: Mapping[str, Any], settings: Mapping[str, Any]
) -> Generated:
    """Return the source of generated texts."""
    polarity = wordings["sentiment"]
    return Generated(
        lexicon,
        LabelledTexts(
            [],
            {k: tuple(v["names"]) for k, v in polarity.items()},
            {k: tuple(v["sentences"]) for k, v in polarity.items()},
            tuple(wordings["templates"]["sentiment"]),
            **settings,
        ),
        LabelledTexts(
            [],
            {feeling: (feeling,) for feeling in lexicon["emotions"]},
            {},
            tuple(wordings["templates"]["emotion"]),
            **settings,
        ),
    )
