"""All sources together, drawn in fixed shares."""

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
from training.teacher import confusions, teacher
from training.wordnet import definitions, wordnet

HERE = Path(__file__).parent
_FEW = 4  # labels up to which all are asked for, and none need be looked for
_TEACHER_TEXTS = 16000
_TEACHER_WORDS = 10  # of a text, at least: of fewer the encoder says little


@dataclass(frozen=True, slots=True)
class Mixture:
    """Sources with weights, in families with shares of the pairs."""

    families: tuple[tuple[float, tuple[tuple[Source, float], ...]], ...]

    def chunk(self, seed: int, number: int, pairs: int) -> list[Group]:
        """Return the groups of a chunk: always the same for the same seed and number."""
        rng = Random(f"{seed}-{number}")
        shares = [share for share, _ in self.families]
        drawn = [0.0] * len(shares)
        groups: list[Group] = []
        while sum(drawn) < pairs:
            # the family that is furthest behind its share
            f = min(range(len(shares)), key=lambda k: drawn[k] / shares[k])
            sources, weights = zip(*self.families[f][1], strict=True)
            group = rng.choices(sources, weights)[0].draw(rng)
            drawn[f] += len(group.hypotheses)
            groups.append(group)
        return groups


def load_mixture(config: Mapping[str, Any]) -> Mixture:
    """Read everything that the configuration names."""
    data = (HERE.parent / config["data"]).resolve()
    archives = Path(config["archives"]).expanduser()
    fetch(archives)
    meanings = wordnet(archives)
    wordings = _yaml("wordings.yaml")
    lexicon = with_public_words(_yaml("lexicon.yaml"), rated_words(archives), meanings)
    settings = {k: config[k] for k in ("hypotheses", "negated", "hard", "max_words")}
    banned = evaluation_texts(data)
    pairs = entailment_pairs(data, config["nli"], config["measured_on"], banned)
    families: dict[str, list[tuple[Source, float]]] = {
        "nli": [(source, config["nli"][name] * len(source.pairs)) for name, source in pairs.items()]
    }
    texts = [premise for source in pairs.values() for premise, _, _ in source.pairs]
    for family in ("sentiment", "topic", "emotion", "other"):
        families[family] = []
        for name, weight in config[family].items():
            source = labelled_texts(data, archives, name, wordings, banned, settings)
            _find_confusions(source)
            texts += [text for text, _ in source.texts]
            families[family].append((source, weight * len(source.texts)))
    families["generated"] = [(generated(lexicon, wordings, settings), 1.0)]
    defined = definitions(meanings, wordings["templates"]["topic"], config["hypotheses"])
    families["definitions"] = [(defined, 1.0)]
    told = wordings["teacher"]
    names = sorted({*told["names"], *defined.fields})
    long = sorted({text for text in texts if len(text.split()) >= _TEACHER_WORDS})
    sample = Random(config["seed"]).sample(long, _TEACHER_TEXTS)
    families["teacher"] = [(teacher(sample, names, told["templates"], config["hypotheses"]), 1.0)]
    shares = config["mixture"]
    return Mixture(tuple((shares[name], tuple(families[name])) for name in shares))


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


def _yaml(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
