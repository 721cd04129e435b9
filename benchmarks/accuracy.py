"""Accuracy and speed on every evaluation set, beside the plain sentence-transformers recipe.

Both see the same documents, label names and weights in the same run, set by set in turns. Results
are kept set by set: a run that was stopped goes on where it was, unless something that decides the
figures has changed. With --sets it is a trial, which prints only; --limit draws documents, with
a seed, and says so.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import data, measures
from benchmarks.cached import cached
from benchmarks.data import BY_NAME, SETS, EvalSet, Rows
from benchmarks.plain import BATCH_SIZE, TEMPLATE, PlainRecipe
from benchmarks.results import report, table
from benchmarks.timing import seconds
from zstext import Prediction, ZeroShotClassifier, load_encoder
from zstext.encoders import MINILM

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "one-template": {"templates": [TEMPLATE]},
    MINILM: {"encoder": MINILM},
}
"""Parameters of ZeroShotClassifier by name."""

LONG = ("mean", "max", "truncate")
WARM_UP = 64
VERSION = 2
"""Of the measurements: with another number, what was kept before does not count."""


class Bench:
    """One configuration and the plain recipe, both loaded when the first set is measured."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = {"long": "mean", **params}
        self._encoder: Any = None
        self._plain: PlainRecipe | None = None

    def measure(self, chosen: EvalSet, rows: Rows, *, long: str, plain_first: bool) -> Any:
        """Return the figures of one set as JSON values."""
        clf = self._classifier(chosen, rows, long)
        plain = self._plain = self._plain or PlainRecipe(self.params.get("encoder"))
        S = plain.embed_labels(rows.labels)
        top_k = None if chosen.multi_label else 1
        clf.classify(rows.texts[:WARM_UP])
        plain.score(rows.texts[:WARM_UP], S)
        out: dict[str, Any] = {}

        def run_zstext() -> None:
            out["predictions"] = clf.classify(rows.texts, top_k=top_k)

        def run_plain() -> None:
            out["cosines"] = plain.score(rows.texts, S)

        turns: list[tuple[str, Callable[[], None]]] = [("zstext", run_zstext), ("plain", run_plain)]
        took = {name: seconds(call) for name, call in (turns[::-1] if plain_first else turns)}
        predictions, cosines = out["predictions"], out["cosines"]
        quality = _multi_label if chosen.multi_label else _single_label
        found = quality(rows, predictions, cosines)
        if "auroc" in found:
            tagging = self._classifier(replace(chosen, multi_label=True), rows, long)
            found["auroc"]["multi_label"] = _detected(rows, tagging.classify(rows.texts, top_k=1))
        return {
            "classes": len(rows.labels),
            "rows": len(rows.texts),
            **found,
            "seconds": took,
            "several_windows": mean(p.windows > 1 for p in predictions),
            "truncated": mean(p.truncated for p in predictions),
        }

    def _classifier(self, chosen: EvalSet, rows: Rows, long: str) -> ZeroShotClassifier:
        self._encoder = self._encoder or load_encoder(self.params.get("encoder"))
        params = {**self.params, "encoder": self._encoder, "long": long}
        return ZeroShotClassifier(rows.labels, multi_label=chosen.multi_label, **params).fit()


def _single_label(
    rows: Rows, predictions: Sequence[Prediction], cosines: NDArray[Any]
) -> dict[str, Any]:
    best = [rows.labels[i] for i in cosines.argmax(axis=1)]
    within = [i for i, labels in enumerate(rows.truth) if labels]
    truth = [rows.truth[i][0] for i in within]
    labels = [predictions[i].label for i in within]
    scores = [predictions[i].score or 0.0 for i in within]
    result: dict[str, Any] = {
        "judged": len(within),
        "zstext": measures.single_label(truth, labels),
        "plain": measures.single_label(truth, [best[i] for i in within]),
        "ece": measures.calibration_error(
            scores, [t == p for t, p in zip(truth, labels, strict=True)]
        ),
    }
    if len(within) < len(rows.truth):
        in_scope = [bool(labels) for labels in rows.truth]
        plain = measures.detection(cosines.max(axis=1), in_scope)
        result["auroc"] = {"zstext": _detected(rows, predictions), "plain": plain}
    return result


def _detected(rows: Rows, predictions: Sequence[Prediction]) -> float:
    tops = [prediction.score or 0.0 for prediction in predictions]
    return measures.detection(tops, [bool(labels) for labels in rows.truth])


def _multi_label(
    rows: Rows, predictions: Sequence[Prediction], cosines: NDArray[Any]
) -> dict[str, Any]:
    column = {label: j for j, label in enumerate(rows.labels)}
    truth = np.zeros(cosines.shape, dtype=int)
    scores = np.zeros(cosines.shape)
    for i, (labels, prediction) in enumerate(zip(rows.truth, predictions, strict=True)):
        truth[i, [column[label] for label in labels]] = 1
        scores[i, [column[label] for label in prediction.labels]] = prediction.scores
    return {
        "judged": len(truth),
        "zstext": measures.multi_label(truth, scores),
        "plain": measures.multi_label(truth, cosines),
        "ece": measures.calibration_error(scores.ravel(), truth.ravel()),
    }


Result = tuple[EvalSet, str, dict[str, Any]]


def run(options: Namespace) -> list[Result]:
    """Measure the sets, or read what was measured before."""
    bench = Bench(CONFIGURATIONS[options.config])
    usual = bench.params["long"]
    tasks = [(s, usual) for s in options.sets]
    tasks += [(s, long) for s in options.sets if s.long for long in LONG if long != usual]
    results = []
    for turn, (chosen, long) in enumerate(tasks):
        rows = data.load(options.data, chosen, limit=options.limit)
        key = {
            "params": {**bench.params, "long": long},
            "plain": [TEMPLATE, BATCH_SIZE],
            "data": rows.digest,
            "limit": options.limit,
            "seed": data.SEED,
            "version": VERSION,
        }

        def measure(
            s: EvalSet = chosen, r: Rows = rows, long: str = long, first: bool = turn % 2 == 1
        ) -> Any:
            print(f"{s.name} ({len(r.texts)} documents, long={long})", file=sys.stderr, flush=True)
            return bench.measure(s, r, long=long, plain_first=first)

        results.append((chosen, long, cached(chosen.name, key, measure, fresh=options.fresh)))
    return results


def render(results: Sequence[Result], *, usual: str) -> str:
    """Return the tables of a section."""
    main = [(s, r) for s, long, r in results if long == usual]
    single = [(s, r) for s, r in main if not s.multi_label]
    parts = [
        "Macro-F1, accuracy and calibration error (ECE, 15 bins) in percent; macro-F1 is over the "
        "classes that occur. Plain: `SentenceTransformer.encode`, the one template "
        f'"{TEMPLATE}", cosine, argmax, batches of {BATCH_SIZE}; same weights, same run, in turns. '
        "Documents/s without the labels' embedding; ratio: zstext over plain. Plain reads the "
        "first window of a document, zstext all of them: "
        '"> 1 window" is the share of documents where that matters.',
        _main_table(single),
    ]
    parts += _notes(s for s, _ in main)
    parts += [_scope_table(s, r) for s, r in single if "auroc" in r]
    parts += [_multi_label_table(s, r) for s, r in main if s.multi_label]
    if any(s.long for s, _ in main):
        parts.append(_long_table([x for x in results if x[0].long]))
    return "\n\n".join(parts)


def _main_table(single: Sequence[tuple[EvalSet, dict[str, Any]]]) -> str:
    header = ["set", "classes", "rows", "macro-F1", "plain", "accuracy", "plain", "ECE"]
    header += ["docs/s", "plain", "ratio", "> 1 window"]
    lines = [
        [
            s.name,
            str(r["classes"]),
            str(r["judged"]),
            *_both(r, "macro_f1"),
            *_both(r, "accuracy"),
            _percent(r["ece"]),
            *_speed(r),
            _percent(r["several_windows"]),
        ]
        for s, r in single
    ]
    averaged = [r for s, r in single if s.averaged]
    if len(averaged) > 1:
        means = [
            _percent(mean(r[who][measure] for r in averaged))
            for measure in ("macro_f1", "accuracy")
            for who in ("zstext", "plain")
        ]
        ece = _percent(mean(r["ece"] for r in averaged))
        name = f"mean of {len(averaged)} English sets"
        lines.append([name, "", "", *means, ece, "", "", "", ""])
    return table(header, lines)


def _notes(sets: Any) -> list[str]:
    notes = [f"{s.name}: {s.note}." for s in sets if s.note]
    outside = "Means leave out clinc150_oos (a repeat of clinc150) and ko_nsmc_raw (not English)."
    return ["  \n".join([*notes, outside])] if notes else []


def _scope_table(chosen: EvalSet, r: dict[str, Any]) -> str:
    values = [f"{r['auroc'][who]:.3f}" for who in ("zstext", "multi_label", "plain")]
    lines = [[chosen.name, str(r["judged"]), str(r["rows"] - r["judged"]), *values]]
    header = ["top score, AUROC", "in scope", "out of scope", "zstext", "multi-label", "plain"]
    return table(header, lines)


def _multi_label_table(chosen: EvalSet, r: dict[str, Any]) -> str:
    header = ["multi-label", "classes", "rows", "micro-F1", "plain", "macro-F1", "plain", "mAP"]
    header += ["plain", "ECE", "docs/s", "plain", "ratio"]
    both = [x for measure in ("micro_f1", "macro_f1", "map") for x in _both(r, measure)]
    line = [chosen.name, str(r["classes"]), str(r["rows"]), *both, _percent(r["ece"]), *_speed(r)]
    return (
        table(header, [line])
        + "\n\nF1: scores from .5 up; the plain recipe has no probabilities, its cosine is taken."
    )


def _long_table(results: Sequence[Result]) -> str:
    header = ["long documents", "> 1 window", "macro-F1", "plain", "accuracy", "plain", "ECE"]
    header += ["docs/s", "plain", "ratio"]
    longer = {s.name: r["several_windows"] for s, long, r in results if long != "truncate"}
    ordered = sorted(results, key=lambda x: (x[0].name, LONG.index(x[1])))
    return table(
        header,
        [
            [
                f"{s.name}, long={long}",
                _percent(longer[s.name]),
                *_both(r, "macro_f1"),
                *_both(r, "accuracy"),
                _percent(r["ece"]),
                *_speed(r),
            ]
            for s, long, r in ordered
        ],
    )


def _both(r: dict[str, Any], measure: str) -> tuple[str, str]:
    return _percent(r["zstext"][measure]), _percent(r["plain"][measure])


def _speed(r: dict[str, Any]) -> tuple[str, str, str]:
    ours, plain = (r["rows"] / r["seconds"][who] for who in ("zstext", "plain"))
    return f"{ours:.0f}", f"{plain:.0f}", f"{ours / plain:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def options() -> ArgumentParser:
    """Return the command line."""
    out = data.parser(__doc__)
    out.add_argument("--config", choices=CONFIGURATIONS, default="default")
    out.add_argument("--sets", type=_sets, default=SETS, help="names, separated by commas")
    out.add_argument("--limit", type=data.positive, help="documents of each set (a seeded draw)")
    out.add_argument("--fresh", action="store_true", help="measure again what was measured")
    return out


def _sets(text: str) -> tuple[EvalSet, ...]:
    if unknown := [name for name in text.split(",") if name not in BY_NAME]:
        there_are = ", ".join(BY_NAME)
        raise ArgumentTypeError(f"no such set: {', '.join(unknown)}; there are {there_are}")
    return tuple(BY_NAME[name] for name in text.split(","))


def drawn(limit: int | None) -> str:
    """Say how many documents were measured, if not all."""
    return "" if limit is None else f"At most {limit:,} documents of each set, a seeded draw.\n\n"


def main() -> None:
    args = options().parse_args()
    results = run(args)
    usual = CONFIGURATIONS[args.config].get("long", "mean")
    report(
        f"accuracy-{args.config}",
        f"Accuracy, configuration `{args.config}`",
        drawn(args.limit) + render(results, usual=usual),
        trial=args.sets != SETS,
    )


if __name__ == "__main__":
    main()
