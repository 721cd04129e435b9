"""The entailment scorer: every label a hypothesis, every document a premise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from zstext.labels import LabelSpace
from zstext.protocols import BoolArray, Entailed, Entailer, FloatArray, Representing, Scored
from zstext.scoring.long import LongStrategy, best_windows, check_long, mean_scores
from zstext.templates import HypothesisTemplate

DESCRIPTION_WEIGHT = 0.5
CONTENT_FREE_TEXTS = ("N/A", "...", "Text.")
"""What a label scores on these, it scores for its name alone."""


@dataclass
class EntailmentScorer:
    """Scores items by how far the hypotheses of a label follow from them.

    In single-label mode a score is the logit of entailment, to be compared between labels; in
    multi-label mode it is that logit less the one of contradiction (or of not-entailment), to be
    compared with 0. So a softmax, or a sigmoid, of the scores are the probabilities of Yin et al.
    Several templates are averaged, and a label with a description gets the mean of what its name
    and its description score.

    Parameters
    ----------
    entailer : Entailer
    templates : tuple of HypothesisTemplate
    long : {"mean", "max", "truncate"}
        How an item of several windows is scored: by the mean of its windows, by each class's best
        window, or by its first window alone.
    multi_label : bool
    content_free_weight : float
        In single-label mode, the share of a hypothesis's mean logit on texts that say nothing that
        is taken off its logits: how readily a model affirms a name, whatever it reads.

    Raises
    ------
    OptionError
        If `long` is none of the three.

    References
    ----------
    Yin, Hay and Roth, "Benchmarking zero-shot text classification", EMNLP 2019.
    Zhao et al., "Calibrate before use", ICML 2021 (contextual calibration).
    """

    entailer: Entailer
    templates: tuple[HypothesisTemplate, ...]
    long: LongStrategy = "mean"
    multi_label: bool = False
    content_free_weight: float = 0.0
    _content_free: dict[str, float] = field(default_factory=dict, init=False, repr=False)
    noise: ClassVar[float] = 1e-4
    encoding: ClassVar[None] = None

    def __post_init__(self) -> None:
        check_long(self.long)

    @property
    def models(self) -> dict[str, Entailer]:
        """The models that the scores come from, by role."""
        return {"entailer": self.entailer}

    def settings(self) -> dict[str, Any]:
        """Return what the scores depend on, besides items, labels and models; JSON values."""
        return {
            "hypotheses": [template.text for template in self.templates],
            "long": self.long,
            "content_free_weight": self.content_free_weight,
        }

    def copy(self) -> EntailmentScorer:
        """Return a scorer of the same models and settings that remembers no labels."""
        return replace(self)

    def prepare(self, labels: LabelSpace) -> None:
        """Ask what the labels score on texts that say nothing, if that counts.

        Hypotheses that the model cannot take are an error here, not at the first document.
        """
        hypotheses, _, _ = self._hypotheses(labels)
        self.entailer.entail([], hypotheses)
        if self._takes_off:
            self.content_free_logits(hypotheses)

    def passes(self, labels: LabelSpace) -> int:
        """Return how often an item of one window goes through a network."""
        return len(self._hypotheses(labels)[0])

    def score(
        self, items: Sequence[Any], labels: LabelSpace, *, asked: BoolArray | None = None
    ) -> Scored:
        """Return compatibility scores of shape (n_items, n_classes).

        Parameters
        ----------
        items : sequence
        labels : LabelSpace
        asked : ndarray of shape (n_items, n_classes), bool, optional
            Which scores are wanted; the others are NaN. All by default.
        """
        hypotheses, label_of, weights = self._hypotheses(labels)
        entailed = self.entailer.entail(
            items,
            hypotheses,
            asked=None if asked is None else asked[:, label_of],
            whole=self.long != "truncate",
        )
        each = self._over_windows(entailed)
        if self._takes_off:
            each -= self.content_free_weight * self.content_free_logits(hypotheses)
        scores = np.zeros((len(items), len(labels)))
        for column, (label, weight) in enumerate(zip(label_of, weights, strict=True)):
            scores[:, label] += weight * each[:, column]
        return Scored(scores, entailed.counts, entailed.truncated)

    def observe(self, items: Sequence[Any], labels: LabelSpace) -> Scored:
        """Return the scores with all views there are."""
        views = self.views(items)
        return replace(self.score(items, labels), views=views)

    def views(self, items: Sequence[Any]) -> tuple[FloatArray, ...]:
        """Return what the model has of the items by themselves: one view, or none."""
        if not isinstance(self.entailer, Representing):
            return ()
        seen = self.entailer.represent(items, whole=self.long != "truncate")
        view = mean_scores(seen.windows, seen.counts).astype(np.float32)
        return (view,) if view.shape[1] else ()

    @property
    def _takes_off(self) -> bool:
        return self.content_free_weight > 0 and not self.multi_label

    def _hypotheses(self, labels: LabelSpace) -> tuple[list[str], list[int], list[float]]:
        """Return all hypotheses, the label of each, and its share of that label's score."""
        texts: list[str] = []
        label_of: list[int] = []
        weights: list[float] = []
        for i, (name, descriptions) in enumerate(
            zip(labels.names, labels.descriptions, strict=True)
        ):
            share = DESCRIPTION_WEIGHT if descriptions else 0.0
            for wording, weight in ([name], 1.0 - share), (descriptions, share):
                filled = [t.fill(text) for text in wording for t in self.templates]
                if not filled:
                    continue
                texts += filled
                label_of += [i] * len(filled)
                weights += [weight / len(filled)] * len(filled)
        return texts, label_of, weights

    def content_free_logits(self, hypotheses: Sequence[str]) -> FloatArray:
        """Return the mean logits of hypotheses on texts that say nothing, (n_hypotheses,).

        Each is asked about once.
        """
        new = [h for h in dict.fromkeys(hypotheses) if h not in self._content_free]
        if new:
            logits = self.entailer.entail(CONTENT_FREE_TEXTS, new).logits[..., 0]
            self._content_free.update(zip(new, logits.mean(axis=0).tolist(), strict=True))
        return np.array([self._content_free[h] for h in hypotheses])

    def _over_windows(self, entailed: Entailed) -> FloatArray:
        logits = entailed.logits.astype(np.float64)
        scores = logits[..., 0] - logits[..., 1] if self.multi_label else logits[..., 0]
        if self.long == "max":
            return best_windows(scores, entailed.counts)
        return mean_scores(scores, entailed.counts)
