"""Put labels near points so that none covers another."""

from __future__ import annotations

import numpy as np

from zstext.protocols import FloatArray

_ANGLES = 24


def place_labels(
    anchors: FloatArray, sizes: FloatArray, bounds: tuple[float, float, float, float]
) -> FloatArray:
    """Return centres for label boxes: the free place nearest to each anchor, first come.

    Parameters
    ----------
    anchors : ndarray of shape (n, 2)
        Where the labels would like to be.
    sizes : ndarray of shape (n, 2)
        Width and height of each box, in the unit of `anchors`.
    bounds : left, bottom, right, top
        Every box stays inside.

    Returns
    -------
    ndarray of shape (n, 2)
        nan for a label that has no free place.
    """
    centres = np.full(anchors.shape, np.nan)
    low, high = np.array(bounds[:2]), np.array(bounds[2:])
    offsets = _rings(float(sizes[:, 1].min()), float(np.hypot(*(high - low))))
    for i, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        tried = np.clip(anchor, low + size / 2, high - size / 2) + offsets
        inside = ((tried - size / 2 >= low - 1e-9) & (tried + size / 2 <= high + 1e-9)).all(axis=1)
        tried = tried[inside]
        apart = np.abs(tried[:, None] - centres[None, :i]) >= (size + sizes[:i]) / 2
        free = (apart.any(axis=2) | np.isnan(centres[:i, 0])).all(axis=1)
        if free.any():
            centres[i] = tried[free.argmax()]
    return centres


def _rings(step: float, radius: float) -> FloatArray:
    """Return offsets on growing circles around the origin, the origin first."""
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    radii = np.arange(step, radius + step, step)
    return np.concatenate([np.zeros((1, 2)), (radii[:, None, None] * circle).reshape(-1, 2)])
