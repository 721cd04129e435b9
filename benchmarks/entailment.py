"""Accuracy of the backends side by side: encoder, nli, cascade and auto; and entailment itself.

All see the same documents, label names, templates and compact entailment model. Every pair of a
document and a hypothesis is computed once and kept (`remembering.py`): the four share it, and a
later run with the same weights. With --sets or a --limit below the default it is a trial, which
prints only. With --model another encoder takes the place of the default one, on the sets of the
prototype's table alone.
"""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks import data, measures
from benchmarks.cached import cached
from benchmarks.data import BY_NAME, EvalSet, Rows
from benchmarks.remembering import RememberingEncoder, RememberingEntailer
from benchmarks.results import report, table
from zstext import ZeroShotClassifier, load_entailer
from zstext.defaults import CASCADE_SHORTLIST
from zstext.encoders.sentence import SentenceEncoder
from zstext.nli.entailer import EntailmentModel
from zstext.scoring import shortlisted

BACKENDS = ("encoder", "nli", "cascade", "auto")
WORDS = 350_000
"""As many documents of a set are drawn as make so many words to read, for every label again."""

LIMIT = 2000
LEAST = 250
"""But no fewer of a set, if it has them."""

WINDOW = 350
"""Words of a document that are counted, at most."""
MANY = 20
"""Labels beyond which full entailment sees fewer documents: it takes a pair for every label."""

MANY_LIMIT = 150
IN_FULL = ("banking77", "clinc150")
"""Sets of many labels that entailment reads in full at all."""

PAIRS_READ = 2000
PAIRS = ("snli_test", "mnli_taxinli_dev")
PUBLISHED = {
    "nli-MiniLM2-L6-H768 (82M)": "86.9 on MNLI-mm, three classes",
    "nli-deberta-v3-xsmall (71M)": "87.8 on MNLI-mm, three classes",
}
VERSION = 4

ADAPTED = ("encoder", "auto")
COUNTS = (500, 1000)
DRAWS = 3
PROTOTYPE_TABLE = (
    "ag_news", "banking77", "clinc150", "emotion", "rotten_tomatoes", "trec6", "20newsgroups",
    "yahoo_answers", "imdb", "financial_phrasebank", "snips",
)  # fmt: skip
PUBLISHED_SEVEN = (
    "ag_news", "banking77", "emotion", "rotten_tomatoes", "imdb", "financial_phrasebank",
    "yahoo_answers",
)  # fmt: skip


def measure(
    rows: Rows, encoder: Any, entailer: Any, *, multi_label: bool, in_full: bool
) -> dict[str, Any]:
    """Return the figures of every backend on one set; of nli only if it is read in full."""
    out: dict[str, Any] = {}
    models = {"encoder": encoder, "entailer": entailer}
    for backend in BACKENDS:
        if backend == "nli" and not in_full:
            continue
        few = rows if backend != "nli" else _fewer(rows)
        clf = ZeroShotClassifier(
            rows.labels, backend=backend, multi_label=multi_label, **models
        ).fit()
        proba = clf.predict_proba(few.texts)
        out[backend] = _figures(few, proba, multi_label=multi_label)
        if backend in ADAPTED and not multi_label:
            adapted = clf.adapt(rows.texts).scorer is not None
            figures = _figures(rows, clf.predict_proba(rows.texts), multi_label=False)
            out[f"{backend} adapted"] = {**figures, "adapted": adapted}
            if backend == "auto":
                plain = out[backend]["macro_f1"]
                out["gains"] = {str(n): _gains(rows, models, plain, n) for n in COUNTS}
        if backend == "encoder":
            out["recall"] = _recall(rows, proba)
        if backend != "nli" and len(rows.labels) > MANY and in_full:
            fewer = _fewer(rows)
            out[f"{backend} on those"] = _figures(
                fewer, proba[: len(fewer.texts)], multi_label=multi_label
            )
    return out


def _gains(rows: Rows, models: dict[str, Any], plain: float, count: int) -> list[float]:
    """Return what "auto" gains on all rows by adapting on so many, drawn several times."""
    found = []
    for seed in range(DRAWS if len(rows.texts) > count else 0):
        order = np.random.default_rng([data.SEED, seed]).permutation(len(rows.texts))
        drawn = [rows.texts[i] for i in np.sort(order[:count])]
        clf = ZeroShotClassifier(rows.labels, backend="auto", **models).fit(drawn)
        proba = clf.predict_proba(rows.texts)
        found.append(_figures(rows, proba, multi_label=False)["macro_f1"] - plain)
    return found


def _fewer(rows: Rows) -> Rows:
    """Return the documents that full entailment sees: fewer where labels are many."""
    if len(rows.labels) <= MANY:
        return rows
    n = MANY_LIMIT
    return Rows(rows.texts[:n], rows.truth[:n], rows.labels, rows.digest)


def _figures(rows: Rows, proba: Any, *, multi_label: bool) -> dict[str, float]:
    column = {label: j for j, label in enumerate(rows.labels)}
    if multi_label:
        truth = np.zeros(proba.shape, dtype=int)
        for i, labels in enumerate(rows.truth):
            truth[i, [column[label] for label in labels]] = 1
        return dict(measures.multi_label(truth, proba))
    within = [i for i, labels in enumerate(rows.truth) if labels]
    best = proba.argmax(axis=1)
    truth_names = [rows.truth[i][0] for i in within]
    found = [rows.labels[best[i]] for i in within]
    right = [t == f for t, f in zip(truth_names, found, strict=True)]
    ece = measures.calibration_error([proba[i, best[i]] for i in within], right)
    return {**measures.single_label(truth_names, found), "ece": ece}


def _recall(rows: Rows, proba: Any) -> float:
    """Return how often the encoder's shortlist holds a right label."""
    listed = shortlisted(proba, min(CASCADE_SHORTLIST, len(rows.labels)))
    column = {label: j for j, label in enumerate(rows.labels)}
    hits = [
        any(listed[i, column[label]] for label in labels)
        for i, labels in enumerate(rows.truth)
        if labels
    ]
    return mean(hits)


def entailment(folder: Path, entailer: EntailmentModel) -> dict[str, float]:
    """Return the share of pairs whose entailment is told right, of two classes."""
    out = {}
    for name in PAIRS:
        with open(folder / "nli" / f"{name}.csv", encoding="utf-8", newline="") as file:
            pairs = list(csv.DictReader(file))[:PAIRS_READ]
        right = 0
        for start in range(0, len(pairs), 256):
            chunk = pairs[start : start + 256]
            texts = [pair["hypothesis"] for pair in chunk]
            asked = np.eye(len(chunk), dtype=np.bool_)
            logits = entailer.entail([p["premise"] for p in chunk], texts, asked=asked).logits
            margin = np.array([logits[i, i, 0] - logits[i, i, 1] for i in range(len(chunk))])
            truth = np.array([pair["label"] == "entailment" for pair in chunk])
            right += int(((margin > 0) == truth).sum())
        out[name] = right / len(pairs)
    return out


def run(options: Namespace) -> tuple[list[tuple[EvalSet, dict[str, Any]]], dict[str, float]]:
    """Measure the sets, or read what was measured before."""
    encoder, entailer = SentenceEncoder(options.model), load_entailer()
    results = []
    for chosen in options.sets:
        rows = _read(options.data, chosen, options.limit)
        few = len(rows.labels) <= MANY
        in_full = few or chosen.name in IN_FULL
        key = {
            "data": rows.digest,
            "limit": len(rows.texts),
            "many": [MANY, MANY_LIMIT, in_full],
            "entailer": entailer.fingerprint,
            "version": VERSION,
            "encoder": encoder.fingerprint,
        }

        def one(s: EvalSet = chosen, r: Rows = rows, full: bool = in_full) -> dict[str, Any]:
            print(f"{s.name} ({len(r.texts)} documents)", file=sys.stderr, flush=True)
            models = RememberingEncoder(encoder, s.name), RememberingEntailer(entailer, s.name)
            figures = measure(r, *models, multi_label=s.multi_label, in_full=full)
            for model in models:
                model.keep()
            return {"rows": len(r.texts), "classes": len(r.labels), **figures}

        results.append((chosen, cached(f"nli-{chosen.name}", key, one)))
    key = {"entailer": entailer.fingerprint, "pairs": [*PAIRS, PAIRS_READ], "version": VERSION}
    pairs = cached("nli-pairs", key, lambda: entailment(options.data, entailer))
    return results, pairs


def _read(folder: Path, chosen: EvalSet, most: int) -> Rows:
    """Return a draw of documents that entailment can read for its labels in reasonable time."""
    rows = data.load(folder, chosen)
    read = len(rows.labels) if len(rows.labels) <= MANY else CASCADE_SHORTLIST
    words = mean(min(len(text.split()), WINDOW) for text in rows.texts)
    return data.load(folder, chosen, limit=min(most, max(LEAST, int(WORDS / (read * words)))))


def render(results: Sequence[tuple[EvalSet, dict[str, Any]]], pairs: dict[str, float]) -> str:
    """Return the section."""
    single = [(s, r) for s, r in results if not s.multi_label]
    several = [(s, r) for s, r in results if s.multi_label]
    parts = [
        "Macro-F1 in percent with the compact entailment model; the same fixed templates for every "
        f"set. So many rows are drawn as make {WORDS:,} words, every label a reading, {LEAST} to "
        f"{LIMIT:,}. What the model was trained on is in `training/MODEL_CARD.md`; no text of "
        "these sets was.",
        _accuracy_table(single),
        *_of_many_labels(single),
        ADAPTING,
        _adapted_table(single),
        "What `auto` gains on all rows by adapting on so many of them: mean and, in brackets, the "
        f"worst of {DRAWS} draws. Nothing: the set has no more rows.",
        _gains_table(single),
    ]
    for s, r in several:
        rows = [[b, *(_percent(v) for v in r[b].values())] for b in BACKENDS if b in r]
        parts += [f"{s.name}:", table(["backend", *r["encoder"]], rows)]
    rows = [[f"zstext-nli, {name}", _percent(value)] for name, value in pairs.items()]
    rows += [[name, text] for name, text in PUBLISHED.items()]
    parts.append("Entailment or not, share right; published figures are of three classes:")
    parts.append(table(["model", "accuracy"], rows))
    return "\n\n".join(parts)


def _accuracy_table(single: Sequence[tuple[EvalSet, dict[str, Any]]]) -> str:
    """Return every set with the backends that read all of its rows, and the means."""
    header = ["set", "classes", "rows", *BACKENDS, "ECE of auto"]
    header.append(f"in the shortlist of {CASCADE_SHORTLIST}")
    lines = [
        [
            s.name,
            str(r["classes"]),
            str(r["rows"]),
            *(_f1(r, b) if r["classes"] <= MANY or b != "nli" else "" for b in BACKENDS),
            _percent(r["auto"]["ece"]),
            _percent(r["recall"]),
        ]
        for s, r in single
    ]
    for name, backends, members in _groups(single):
        if len(members) > 1:
            means = [
                _percent(mean(r[b]["macro_f1"] for r in members)) if b in backends else ""
                for b in BACKENDS
            ]
            last = [mean(r["auto"]["ece"] for r in members), mean(r["recall"] for r in members)]
            lines.append([f"**{name}**", "", "", *means, *(_percent(x) for x in last)])
    return table(header, lines)


def _of_many_labels(single: Sequence[tuple[EvalSet, dict[str, Any]]]) -> list[str]:
    """Return what full entailment reads of sets with many labels, beside the others."""
    many = [(s, r) for s, r in single if "encoder on those" in r]
    if not many:
        return []
    names = ("encoder on those", "nli", "cascade on those", "auto on those")
    rows = [[s.name, *(_percent(r[n]["macro_f1"]) for n in names)] for s, r in many]
    said = f"With many labels full entailment reads the first {MANY_LIMIT} rows; all on those:"
    return [said, table(["set", *BACKENDS], rows)]


ADAPTING = """Adapted to the very rows that are judged, which is no strict zero-shot: their texts
are seen before, their labels never. Published figures (`shared/research/accuracy.md`) are of other
rows of those sets: landmarks. "(kept)": the rows did not support adapting."""


def _adapted_table(single: Sequence[tuple[EvalSet, dict[str, Any]]]) -> str:
    names = [name for b in ADAPTED for name in (b, f"{b} adapted")]
    by_name = {s.name: r for s, r in single}
    lines = []
    for name, r in by_name.items():
        cells = [_f1(r, n) + ("" if r[n].get("adapted", True) else " (kept)") for n in names]
        lines.append([name, str(r["rows"]), *cells, *(_percent(r[n]["ece"]) for n in names)])
    for title, members in (
        ("the 11 of the first prototype", PROTOTYPE_TABLE),
        ("the 7 of the published table", PUBLISHED_SEVEN),
    ):
        if members_of := [by_name[name] for name in members if name in by_name]:
            means = [
                _percent(mean(r[n][measure] for r in members_of))
                for measure in ("macro_f1", "ece")
                for n in names
            ]
            lines.append([f"**mean of {title}**", "", *means])
    return table(["set", "rows", *names, *(f"ECE, {n}" for n in names)], lines)


def _gains_table(single: Sequence[tuple[EvalSet, dict[str, Any]]]) -> str:
    lines = []
    for s, r in single:
        drawn = [[100 * gain for gain in r["gains"][str(n)]] for n in COUNTS]
        cells = [f"{mean(gains):+.1f} ({min(gains):+.1f})" if gains else "" for gains in drawn]
        whole = 100 * (r["auto adapted"]["macro_f1"] - r["auto"]["macro_f1"])
        lines.append([s.name, *cells, f"{whole:+.1f}"])
    return table(["gain of auto", *(f"{n:,}" for n in COUNTS), "all"], lines)


def _groups(
    single: Sequence[tuple[EvalSet, dict[str, Any]]],
) -> list[tuple[str, Sequence[str], list[dict[str, Any]]]]:
    averaged = [r for s, r in single if s.averaged]
    few = [r for r in averaged if r["classes"] <= MANY]
    without = [b for b in BACKENDS if b != "nli"]
    return [
        (f"mean of {len(few)} English sets of at most {MANY} labels", BACKENDS, few),
        (f"mean of {len(averaged)} English sets", without, averaged),
    ]


def _f1(r: dict[str, Any], backend: str) -> str:
    return _percent(r[backend]["macro_f1"])


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def main() -> None:
    """Measure, print, and write the section."""
    parser = data.parser(__doc__)
    parser.add_argument("--limit", type=data.positive, default=LIMIT, help="documents a set")
    parser.add_argument("--sets", nargs="+", choices=list(BY_NAME), help="a trial on these alone")
    parser.add_argument("--model", help="another encoder than the default")
    options = parser.parse_args()
    trial = options.sets is not None or options.limit < LIMIT
    names = options.sets or (PROTOTYPE_TABLE if options.model else BY_NAME)
    options.sets = [BY_NAME[name] for name in names]
    results, pairs = run(options)
    body = render(results, pairs)
    report("entailment", "Entailment and both together", body, trial=trial, model=options.model)


if __name__ == "__main__":
    main()
