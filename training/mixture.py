"""All sources together, in families that have shares of the pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from training.entailment_pairs import entailment_pairs
from training.fetch import fetch, rated_words
from training.generated import generated, with_public_words
from training.groups import Group, Source, normal, read
from training.labelled_texts import LabelledTexts, labelled_texts
from training.shortlists import shortlists
from training.teacher import confusions, teacher
from training.wordnet import definitions, wordnet
from training.written import written

HERE = Path(__file__).parent
_LABELLED = ("sentiment", "topic", "emotion", "other")
_FEW = 4  # labels up to which all are asked for, and none need be looked for
_TEACHER_TEXTS = 16000
_TEACHER_WORDS = 10  # of a text, at least: of fewer the encoder says little


@dataclass(frozen=True, slots=True)
class Family:
    """Sources of one kind, each with how often it is drawn from."""

    sources: tuple[tuple[Source, float], ...]

    def draw(self, seed: int | str, pairs: int) -> list[Group]:
        """Return groups with about as many pairs: always the same for the same seed."""
        rng = Random(f"{seed}")
        sources, weights = zip(*self.sources, strict=True)
        groups: list[Group] = []
        drawn = 0
        while drawn < pairs:
            group = rng.choices(sources, weights)[0].draw(rng)
            drawn += len(group.hypotheses)
            groups.append(group)
        return groups


def load_mixture(config: Mapping[str, Any]) -> dict[str, Family]:
    """Read everything that the configuration names, and ask the encoder: the families by name."""
    families = load_families(config)
    families["teacher"] = _teacher(families, config)
    for family in families.values():
        for source, _ in family.sources:
            if isinstance(source, LabelledTexts):
                _find_confusions(source)
    if "shortlists" in config["mixture"]:
        learned = shortlists(families, config)
        families |= {name: Family(((source, 1.0),)) for name, source in learned.items()}
    return {name: families[name] for name in config["mixture"]}


def load_families(config: Mapping[str, Any]) -> dict[str, Family]:
    """Read everything that the configuration names, but what the encoder is asked for."""
    data = (HERE.parent / config["data"]).resolve()
    archives = Path(config["archives"]).expanduser()
    fetch(archives)
    meanings = wordnet(archives)
    wordings = in_yaml("wordings.yaml")
    lexicon = with_public_words(in_yaml("lexicon.yaml"), rated_words(archives), meanings)
    settings = {k: config[k] for k in ("hypotheses", "negated", "hard", "max_words")}
    banned = evaluation_texts(data)
    pairs = entailment_pairs(data, config["nli"], config["measured_on"], banned)
    families: dict[str, list[tuple[Source, float]]] = {
        "nli": [(source, config["nli"][name] * len(source.pairs)) for name, source in pairs.items()]
    }
    for family in _LABELLED:
        families[family] = []
        for name, weight in config[family].items():
            source = labelled_texts(data, archives, name, wordings, banned, settings)
            families[family].append((source, weight * len(source.texts)))
    families["written"] = [
        (source, config["written"].get(name, 1.0) * len(source.texts))
        for name, source in written(HERE / "written", wordings, settings, banned).items()
    ]
    families["generated"] = [(generated(lexicon, wordings, settings), 1.0)]
    defined = definitions(meanings, wordings["templates"]["topic"], config["hypotheses"])
    families["definitions"] = [(defined, 1.0)]
    return {name: Family(tuple(sources)) for name, sources in families.items()}


def _teacher(families: Mapping[str, Family], config: Mapping[str, Any]) -> Family:
    """Return texts of the other families with names of topics, graded by the encoder."""
    texts = {text for source, _ in families["nli"].sources for text, _, _ in source.pairs}
    for name in _LABELLED:
        texts |= {text for source, _ in families[name].sources for text, _ in source.texts}
    told = in_yaml("wordings.yaml")["teacher"]
    ((defined, _),) = families["definitions"].sources
    names = sorted({*told["names"], *defined.fields})
    long = sorted(text for text in texts if len(text.split()) >= _TEACHER_WORDS)
    sample = Random(config["seed"]).sample(long, _TEACHER_TEXTS)
    graded = teacher(sample, names, told["templates"], config["hypotheses"])
    return Family(((graded, 1.0),))


def evaluation_texts(data: Path) -> set[str]:
    """Return every text of data/eval, and every sentence of a film review, as compared."""
    banned = set()
    for path in sorted((data / "eval").glob("*/*.csv")):
        for row in read(path):
            banned.add(normal(row["text"]))
            if path.parent.name == "imdb":
                banned |= {normal(part) for part in row["text"].split(".")}
    return banned - {""}


def _find_confusions(source: LabelledTexts) -> None:
    if len(source.labels) > _FEW:
        texts = [text for text, _ in source.texts]
        near = confusions(texts, source.labels)
        source.confused.update(zip(texts, near, strict=True))


def in_yaml(name: str) -> Any:
    """Return what a file beside this one says."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
