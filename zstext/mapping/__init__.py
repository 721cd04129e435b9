"""Mappings: from features to the space where class descriptions live. Arrays in, arrays out.

`PrototypeMapping` is the default; the others are the literature's, to compare with and for
attributes and images.
"""

from zstext.mapping.arrays import UNLABELLED
from zstext.mapping.base import LearnedMapping
from zstext.mapping.bilinear import BilinearMapping
from zstext.mapping.conse import ConSEMapping
from zstext.mapping.dap import DAPMapping
from zstext.mapping.eszsl import ESZSLMapping
from zstext.mapping.identity import IdentityMapping
from zstext.mapping.loading import load_mapping
from zstext.mapping.prototype import PrototypeMapping
from zstext.mapping.reverse_ridge import ReverseRidgeMapping
from zstext.mapping.ridge import RidgeMapping
from zstext.mapping.sae import SAEMapping
from zstext.mapping.selection import ClassKFold, Fold, pseudo_unseen_folds, select

__all__ = [
    "UNLABELLED",
    "BilinearMapping",
    "ClassKFold",
    "ConSEMapping",
    "DAPMapping",
    "ESZSLMapping",
    "Fold",
    "IdentityMapping",
    "LearnedMapping",
    "PrototypeMapping",
    "ReverseRidgeMapping",
    "RidgeMapping",
    "SAEMapping",
    "load_mapping",
    "pseudo_unseen_folds",
    "select",
]
