"""The default: prototypes from items and descriptions, each trusted by its evidence."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from zstext.errors import InputError, OptionError
from zstext.mapping.arrays import UNLABELLED, Centre, class_sums
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.mapping.vectors import unit_rows
from zstext.mapping.whitening import within_class_whitening
from zstext.protocols import FloatArray, IntArray

_SHARPNESS = 40.0  # of the softmax over cosines that shares out an unlabelled item
_ROUNDS = 5


class PrototypeMapping(LearnedMapping):
    """Cosine to ``q_c = kappa m_c + e_c``: a description worth `kappa` items, and the items.

    1. Centre both spaces on the seen classes, less so the fewer they are; whiten within classes
       (`within_class_whitening`); scale everything to length 1.
    2. ``m_c``, where the description says the items of class c lie: ``unit(s_c + B's_c)`` with
       ``B = (S'DS + alpha I)^-1 S'D(P - S)`` learned on the seen classes, whose prototypes are `P`
       and reliabilities ``D = n_c / (n_c + kappa)``. If the spaces differ, ``m_c = unit(B's_c)``
       with P in place of P - S.
    3. ``e_c``, the sum of the items of class c over their mean resultant length, so that n items
       count n. A class with no item has the description alone, and so does a class added later.
    4. Unlabelled items are shared out among all classes by softmax over their cosines, and what
       falls to a class is added to e_c at `unlabelled_weight`; five rounds. An item lies closer to
       a prototype made of items than to one that a description places, so that seen classes draw
       the items of unseen ones to them. With `level` that advantage is taken off the cosines of
       seen classes: the mean, over labelled items, of the cosine to the prototype of their class,
       the item left out, less the cosine to ``m_c``, class c left out when B is learned.

    The blend is class by class: with n labelled items the description has the weight
    kappa / (kappa + n).

    Parameters
    ----------
    kappa : float, > 0
        How many labelled items a description is worth.
    alpha : float, > 0
        Regularisation of the map from descriptions to prototypes.
    shrinkage : float, > 0
        Of the whitening, in imaginary items a dimension.
    unlabelled_weight : float, >= 0
        What an unlabelled item counts against a labelled one.
    level : bool
        Level seen and unseen classes while unlabelled items are shared out. Where the map is
        learned across spaces, as from sentences to photos, hardly an item gets to an unseen class
        without it: see benchmarks/images.py. Not measured on texts.

    Attributes
    ----------
    evidence_ : ndarray of shape (n_classes, n_features)
        ``e_c``.

    Notes
    -----
    The defaults were chosen by averages over data/train (stackoverflow, unspsc_software,
    reuters_r52, searchsnippets, ohsumed23 and unions of them); benchmarks/gzsl.py measures them.

    References
    ----------
    Snell et al., "Prototypical networks for few-shot learning", NeurIPS 2017.
    Nigam et al., "Text classification from labeled and unlabeled documents using EM", 2000.
    """

    _needs_labels: ClassVar[bool] = False

    def __init__(
        self,
        *,
        kappa: float = 5.0,
        alpha: float = 1.0,
        shrinkage: float = 3.0,
        unlabelled_weight: float = 0.3,
        level: bool = False,
    ) -> None:
        self.kappa = kappa
        self.alpha = alpha
        self.shrinkage = shrinkage
        self.unlabelled_weight = unlabelled_weight
        self.level = level

    def transform(self, X: FloatArray) -> FloatArray:
        """Return items centred, whitened and of length 1, shape (n_items, n_features)."""
        return unit_rows((np.asarray(X, dtype=np.float64) - self.centre_.x) @ self.whitening_)

    def described(self, S: FloatArray) -> FloatArray:
        """Return ``m_c``, where descriptions place the classes, shape (n_classes, n_features)."""
        A = self._semantic(S)
        return unit_rows(A @ self.B_ + (A if self._one_space(S) else 0.0))

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        self._check_options()
        X_l, y_l = labelled(X, y)
        if not len(y_l) and X.shape[1] != S.shape[1]:
            raise InputError(
                f"nothing is labelled, and {X.shape[1]} features cannot be compared with class "
                f"embeddings of {S.shape[1]} dimensions; label some items"
            )
        self.centre_ = Centre.of(X_l, y_l, S).shrunk(len(self.seen_))
        self.whitening_ = (
            within_class_whitening(X_l - self.centre_.x, y_l, shrinkage=self.shrinkage)
            if len(y_l)
            else np.eye(X.shape[1])
        )
        T = self.transform(X_l)
        sums, counts = class_sums(T, y_l, len(S))
        self.B_ = self._fit_described(unit_rows(sums), counts, S)
        length = resultant_length(sums, counts)
        self.evidence_ = sums / length
        if len(y_l) and self.unlabelled_weight and (y == UNLABELLED).any():
            start = np.zeros(len(S))
            if self.level:
                start[self.seen_] = -self._advantage(T, y_l, unit_rows(sums), counts, S, length)
            self._share_out(self.transform(X[y == UNLABELLED]) / length, S, length, start)

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        return self.transform(X) @ self._prototypes(S).T

    def _prototypes(self, S: FloatArray) -> FloatArray:
        Q = self.kappa * self.described(S)
        Q[: len(self.evidence_)] += self.evidence_
        return unit_rows(Q)

    def _fit_described(self, P: FloatArray, counts: IntArray, S: FloatArray) -> FloatArray:
        _, T, G = self._regression(P, counts, S)
        return np.asarray(G @ T)

    def _regression(
        self, P: FloatArray, counts: IntArray, S: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return descriptions and targets of the seen classes, and G in ``B = G T``."""
        A, T = self._semantic(S)[self.seen_], P[self.seen_]
        if self._one_space(S):
            T = T - A
        D = (counts[self.seen_] / (counts[self.seen_] + self.kappa))[:, None]
        return A, T, np.linalg.solve(A.T @ (D * A) + self.alpha * np.eye(A.shape[1]), (D * A).T)

    def _advantage(
        self,
        X: FloatArray,
        y: IntArray,
        P: FloatArray,
        counts: IntArray,
        S: FloatArray,
        length: float,
    ) -> float:
        """Return by how much an item is closer to its class if that has items, as a cosine."""
        A, T, G = self._regression(P, counts, S)
        m = np.zeros_like(P)
        m[self.seen_] = left_out(A @ G, T) + (A if self._one_space(S) else 0.0)
        own = unit_rows((self.kappa * self.described(S) + self.evidence_)[y] - X / length)
        return float((X * (own - unit_rows(m)[y])).sum(axis=1).mean())

    def _share_out(self, U: FloatArray, S: FloatArray, length: float, start: FloatArray) -> None:
        labelled_evidence = self.evidence_
        for _ in range(_ROUNDS):
            Z = _SHARPNESS * (length * (U @ self._prototypes(S).T) + start)
            r = np.exp(Z - Z.max(axis=1, keepdims=True))
            r /= r.sum(axis=1, keepdims=True)
            self.evidence_ = labelled_evidence + self.unlabelled_weight * (r.T @ U)

    def _semantic(self, S: FloatArray) -> FloatArray:
        A = S - self.centre_.s
        return unit_rows(A @ self.whitening_ if self._one_space(S) else A)

    def _one_space(self, S: FloatArray) -> bool:
        return bool(S.shape[1] == self.n_features_in_)

    def _check_options(self) -> None:
        for name in ("kappa", "alpha", "shrinkage"):
            check_positive(getattr(self, name), name)
        if self.unlabelled_weight < 0:
            raise OptionError(
                f"unlabelled_weight must not be below 0, got {self.unlabelled_weight}"
            )


def left_out(H: FloatArray, T: FloatArray) -> FloatArray:
    """Return what ridge regression predicts for every row if that row is left out of the fit.

    ``(H T - h T) / (1 - h)`` with h the diagonal of the hat matrix `H`: the predictions of the fit
    on all rows are ``H T``.

    Parameters
    ----------
    H : ndarray of shape (n, n)
    T : ndarray of shape (n, d)

    References
    ----------
    Allen, "The relationship between variable selection and data augmentation and a method for
    prediction", Technometrics 1974.
    """
    h = np.diag(H)[:, None]
    return np.asarray((H @ T - h * T) / (1 - h))


def resultant_length(sums: FloatArray, counts: IntArray) -> float:
    """Return the length of the mean of a class's unit vectors, pooled over classes, in 0.1..1.

    For n unit vectors with sum R, ``(|R|^2 - n) / (n (n - 1))`` is the mean cosine of two different
    ones, an unbiased estimate of the squared length. 1 if no class has two items.

    Parameters
    ----------
    sums : ndarray of shape (n_classes, n_features)
        Sums of unit vectors.
    counts : ndarray of shape (n_classes,), int
    """
    many = counts >= 2
    if not many.any():
        return 1.0
    n = counts[many]
    mean_cosine = ((sums[many] ** 2).sum(axis=1) - n) / (n * (n - 1))
    return float(np.sqrt(np.clip(mean_cosine.mean(), 0.01, 1.0)))
