"""A gate that says how likely an item is of a seen class, and two experts behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression

from zstext.calibration.probability import log_softmax
from zstext.calibration.temperature import TemperatureScaling
from zstext.protocols import BoolArray, FloatArray, IntArray
from zstext.state import State


@dataclass(frozen=True, slots=True)
class SoftGate:
    """``log p(c|x) = log p(kind of c|x) + log p(c|x, kind of c)``, kind being seen or unseen.

    ``p(seen|x) = sigmoid(w_s max_seen score + w_u max_unseen score + b)``; within a kind the
    classes share the probability by softmax at one temperature.

    Parameters
    ----------
    w_s, w_u, b : float
    temperature : float, > 0

    References
    ----------
    Atzmon and Chechik, "Adaptive confidence smoothing for generalized zero-shot learning", CVPR
    2019.
    """

    w_s: float
    w_u: float
    b: float
    temperature: float

    @classmethod
    def from_folds(cls, folds: Iterable[tuple[FloatArray, IntArray, BoolArray]]) -> Self | None:
        """Learn the gate from validation rows, or from pseudo-unseen folds.

        Parameters
        ----------
        folds : iterable of (scores, y, seen_mask)
            Rows of -1, and folds without seen and unseen rows, are passed over.

        Returns
        -------
        SoftGate or None
            None if no fold has rows of both kinds: there is nothing to learn a gate from.
        """
        maxima, kinds, weights, temperatures = [], [], [], []
        for scores, labels, seen in folds:
            known = labels >= 0
            F, y = scores[known], labels[known]
            if not (seen[y].any() and (~seen[y]).any()):
                continue
            maxima.append(_maxima(F, seen))
            kinds.append(seen[y])
            # Every class weighs the same within its kind, and the two kinds weigh the same.
            per_item = 1.0 / np.bincount(y, minlength=len(seen))[y]
            of_kind = np.where(seen[y], per_item[seen[y]].sum(), per_item[~seen[y]].sum())
            weights.append(per_item / of_kind * len(y) / 2)
            temperatures.append(_temperature_within(F, y, seen))
        if not kinds:
            return None
        model = LogisticRegression(C=1e4, max_iter=1000)
        model.fit(np.concatenate(maxima), np.concatenate(kinds), np.concatenate(weights))
        (w_s, w_u), b = model.coef_[0], model.intercept_[0]
        return cls(float(w_s), float(w_u), float(b), float(np.exp(np.mean(np.log(temperatures)))))

    def apply(self, scores: FloatArray, seen_mask: ArrayLike) -> FloatArray:
        """Return log probabilities; unchanged scores if all classes are seen, or none is."""
        seen = np.asarray(seen_mask, bool)
        if seen.all() or not seen.any():
            return scores
        logit = _maxima(scores, seen) @ np.array([self.w_s, self.w_u]) + self.b
        out = np.empty(scores.shape)
        for kind, sign in ((seen, 1.0), (~seen, -1.0)):
            log_kind = -np.logaddexp(0, -sign * logit)
            out[:, kind] = log_softmax(scores[:, kind] / self.temperature) + log_kind[:, None]
        return out

    def to_state(self) -> State:
        """Return what `from_state` needs."""
        values = {"w_s": self.w_s, "w_u": self.w_u, "b": self.b, "temperature": self.temperature}
        return State("SoftGate", values)

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the gate that was saved."""
        state.expect("SoftGate")
        v = state.values
        return cls(float(v["w_s"]), float(v["w_u"]), float(v["b"]), float(v["temperature"]))


def _maxima(scores: FloatArray, seen: BoolArray) -> FloatArray:
    return np.stack([scores[:, seen].max(axis=1), scores[:, ~seen].max(axis=1)], axis=1)


def _temperature_within(scores: FloatArray, y: IntArray, seen: BoolArray) -> float:
    """Return the temperature at which the classes of the item's own kind explain it best."""
    other_kind = seen != seen[y][:, None]
    return TemperatureScaling.from_validation(np.where(other_kind, -np.inf, scores), y).temperature
