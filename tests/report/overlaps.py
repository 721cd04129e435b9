"""Which texts of a figure cover each other."""

import numpy as np
from matplotlib.text import Text


def overlapping_texts(figure, slack=1.0):
    """Return pairs of texts whose extents overlap by more than `slack` pixels."""
    figure.canvas.draw()
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    boxes = np.array([t.get_window_extent().extents for t in texts])
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    covered = np.triu((high - low > slack).all(axis=2), k=1)
    return [(texts[i].get_text(), texts[j].get_text()) for i, j in np.argwhere(covered)]
