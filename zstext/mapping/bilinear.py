"""A bilinear compatibility learned by ranking the right class above the others."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np

from zstext.errors import OptionError
from zstext.mapping.arrays import Centre
from zstext.mapping.base import LearnedMapping, labelled
from zstext.mapping.ridge import check_positive
from zstext.mapping.vectors import unit_rows
from zstext.protocols import FloatArray, IntArray

RankingLoss: TypeAlias = Literal["ale", "devise"]


class BilinearMapping(LearnedMapping):
    """``F(x, c) = x'W s_c``, `W` found by stochastic subgradient descent on a ranking loss.

    With ``l_c = max(0, margin + F(x, c) - F(x, y))`` for every wrong seen class, DeViSE takes the
    sum of l_c and ALE weights it by ``beta_r / r``, r the number of classes with l_c > 0 and
    ``beta_r = 1 + 1/2 + ... + 1/r``: a class that is nearly first counts for more than one far
    down. `x` and `s` are centred on the seen classes and have length 1.

    Parameters
    ----------
    loss : {"ale", "devise"}
    margin : float, > 0
    learning_rate : float, > 0
    n_epochs : int
    batch_size : int
    random_state : int
        Seeds the order of the items; equal seeds give equal mappings.

    References
    ----------
    Akata et al., "Label-embedding for image classification", TPAMI 2016 (ALE).
    Frome et al., "DeViSE: a deep visual-semantic embedding model", NeurIPS 2013.
    """

    def __init__(
        self,
        *,
        loss: RankingLoss = "ale",
        margin: float = 0.2,
        learning_rate: float = 1.0,
        n_epochs: int = 10,
        batch_size: int = 64,
        random_state: int = 0,
    ) -> None:
        self.loss = loss
        self.margin = margin
        self.learning_rate = learning_rate
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.random_state = random_state

    def _fit(self, X: FloatArray, y: IntArray, S: FloatArray) -> None:
        if self.loss not in get_args(RankingLoss):
            raise OptionError(f"loss must be one of {get_args(RankingLoss)}, got {self.loss!r}")
        check_positive(self.margin, "margin")
        check_positive(self.learning_rate, "learning_rate")
        X, y = labelled(X, y)
        self.centre_ = Centre.of(X, y, S)
        Xu, Su = unit_rows(X - self.centre_.x), unit_rows(S[self.seen_] - self.centre_.s)
        column = np.searchsorted(self.seen_, y)
        rng = np.random.default_rng(self.random_state)
        W = np.zeros((X.shape[1], S.shape[1]))
        for _ in range(self.n_epochs):
            order = rng.permutation(len(Xu))
            for start in range(0, len(order), self.batch_size):
                i = order[start : start + self.batch_size]
                _, G = ranking_loss(Xu[i] @ W @ Su.T, column[i], self.margin, self.loss)
                W -= self.learning_rate * (Xu[i].T @ G @ Su)
        self.W_ = W

    def _compatibility(self, X: FloatArray, S: FloatArray) -> FloatArray:
        Xu, Su = unit_rows(X - self.centre_.x), unit_rows(S - self.centre_.s)
        return np.asarray(Xu @ self.W_ @ Su.T)


def ranking_loss(
    F: FloatArray, y: IntArray, margin: float, loss: RankingLoss
) -> tuple[float, FloatArray]:
    """Return the mean ranking loss and its subgradient with respect to the scores.

    Parameters
    ----------
    F : ndarray of shape (n_items, n_classes)
    y : ndarray of shape (n_items,), int
        Column of the right class.
    margin : float
    loss : {"ale", "devise"}

    Returns
    -------
    value : float
    gradient : ndarray of shape (n_items, n_classes)
    """
    rows = np.arange(len(F))
    violation = margin + F - F[rows, y][:, None]
    violation[rows, y] = 0.0
    active = violation > 0
    weight = np.ones(len(F))
    if loss == "ale":
        beta = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, F.shape[1] + 1))])
        r = active.sum(axis=1)
        weight = beta[r] / np.maximum(r, 1)
    weight = weight / len(F)
    G = active * weight[:, None]
    G[rows, y] = -G.sum(axis=1)
    return float((weight[:, None] * violation * active).sum()), G
