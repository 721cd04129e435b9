"""Build the known categories (`zstext.known`): where documents of common category names lie.

For every label of DATA/train that says something by itself: the embedding of its name, and the mean
of its documents less the mean over the classes of its set. Prints what they gain on sets that were
left out, alone or with all related sets, and writes the file and its card.

    python -m benchmarks.build_known_categories --data ../shared/data
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from benchmarks.choose_constants import Array, TrainSet, grouped, load_sets, named, table
from zstext.defaults import DEFAULT_TEMPLATES
from zstext.encoders import load_encoder
from zstext.known import FILE, KnownCategories

ROOT = Path(__file__).parent.parent
CARD = ROOT / "docs" / "known-categories.md"
AT_LEAST = 10
"""Documents that a category needs to be known."""
SAYS_NOTHING = re.compile(
    r"\d|\b(not|no|non|none|neither|others?|against|favor|neutral|stars?)\b", re.I
)
RELATED = (
    ("reuters_r52", "llicl_news_data"),
    ("stackoverflow", "unspsc_software"),
    (
        "amazon_review_full",
        "yelp_review_full",
        "llicl_app_reviews",
        "mpqa",
        "tweet_eval_sentiment",
        "tweet_sentiment_extraction",
        "llicl_poem_sentiment",
        "llicl_climate_sentiment",
    ),
    ("tweet_eval_emotion", "llicl_emo", "tweet_eval_emoji"),
    (
        "hate_speech_offensive",
        "llicl_ethos",
        "llicl_hate_speech18",
        "llicl_toxic_conversations",
        "tweet_eval_hate",
        "tweet_eval_offensive",
    ),
    ("tweet_eval_irony", "llicl_is_humor", "llicl_pun_detection"),
    (
        "llicl_climate_commitments_actions",
        "llicl_environmental_claims",
        "llicl_tcfd_recommendations",
    ),
    ("sms_spam", "llicl_clickbait"),
    ("llicl_rct20k", "llicl_silicone_dyda_da", "llicl_pragmeval_verifiability"),
    ("llicl_prosocial_dialog", "llicl_jailbreak_classification"),
)


Known = tuple[list[str], Array, Array]


def known(s: TrainSet, bare: Array) -> Known:
    """Return the names, name embeddings and document directions of labels that say something."""
    seen = [c for c in range(len(s.labels)) if (s.y == c).sum() >= AT_LEAST]
    says = [not SAYS_NOTHING.search(s.labels[c]) for c in seen]
    if len(seen) < 2:
        return [], bare[:0], bare[:0]
    centroids = np.array([s.X[s.y == c].mean(axis=0) for c in seen])
    directions = (centroids - centroids.mean(axis=0))[says]
    return (
        [s.labels[c] for c, say in zip(seen, says, strict=True) if say],
        bare[seen][says],
        directions,
    )


def without(names: list[str], banks: dict[str, Known]) -> KnownCategories:
    """Return the known categories of all sets but these."""
    kept = [bank for name, bank in banks.items() if name not in names]
    return KnownCategories(
        np.concatenate([u for _, u, _ in kept]), np.concatenate([p for _, _, p in kept])
    )


def related_to(s: TrainSet, sets: list[TrainSet]) -> list[str]:
    """Return the names of the sets with a similar task, the set itself among them."""
    if "stance" in s.name:
        return [t.name for t in sets if "stance" in t.name]
    return next((list(group) for group in RELATED if s.name in group), [s.name])


def compare(
    sets: list[TrainSet],
    plain: dict[str, Array],
    bare: dict[str, Array],
    banks: dict[str, Known],
) -> str:
    """Macro-F1 without known categories, and with those of other, and of unrelated, sets."""
    f1: list[dict[str, float]] = [{}, {}, {}]
    for s in sets:
        moved = [
            without(names, banks).move(plain[s.name], bare[s.name])
            for names in ([s.name], related_to(s, sets))
        ]
        for column, S in zip(f1, (plain[s.name], *moved), strict=True):
            column[s.name] = s.f1(s.X @ S.T)
    rows: list[list[object]] = [[s.name, *(column[s.name] for column in f1)] for s in sets]
    means = [grouped(column) for column in f1]
    for i, title in enumerate(("topic", "sentiment", "other", "mean of 3")):
        rows.append([f"**{title}**", *(m[i] for m in means)])
    header = ["set", "without", "known, this set left out", "known, related sets left out"]
    return table("Known categories (macro-F1)", header, rows)


def card(banks: dict[str, Known], train: Path) -> str:
    """Return what the file was made from: sets, licences as stated, names."""
    lines = []
    for name, (names, _, _) in banks.items():
        if names:
            licence = json.loads((train / name / "meta.json").read_text())["license_as_stated"]
            lines.append(f"| {name} | {', '.join(names)} | {licence} |")
    return "\n".join(
        [
            "# Known categories",
            "",
            "What `zstext/known_categories.safetensors` was made from, by",
            "`python -m benchmarks.build_known_categories --data ../shared/data`: for each name,",
            "the embedding of the name and the mean direction of its labelled documents, by",
            "all-MiniLM-L6-v2. No text is stored. No evaluation set is among the sources.",
            "`known_categories=False` (`--no-known-categories`) does without.",
            "",
            "| set | categories | licence as stated |",
            "|---|---|---|",
            *lines,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds train/")
    parser.add_argument("--rows", type=int, default=2000, help="documents of a set (default 2000)")
    parser.add_argument("--out", type=Path, default=ROOT / "zstext" / FILE, help="file to write")
    args = parser.parse_args()
    encoder = load_encoder()
    sets = load_sets(args.data / "train", encoder, args.rows)
    bare = {s.name: named(s, encoder, ("{}",)) for s in sets}
    templates = tuple(t.text for t in DEFAULT_TEMPLATES)
    plain = {s.name: named(s, encoder, templates) for s in sets}
    banks = {s.name: known(s, bare[s.name]) for s in sets}
    print(compare(sets, plain, bare, banks))
    everything = without([], banks)
    print(f"{len(everything.names)} known categories")
    arrays = {
        "names": everything.names.astype(np.float16),
        "directions": everything.directions.astype(np.float16),
    }
    save_file(arrays, args.out, {"fingerprint": encoder.fingerprint})
    CARD.write_text(card(banks, args.data / "train"), encoding="utf-8")


if __name__ == "__main__":
    main()
