"""What an adaptation did, as lines for a terminal. Needs no matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from zstext.adaptation import Changes
from zstext.report.terms import Shown, TermCounts

_CLASSES, _EXAMPLES, _WIDTH = 20, 5, 80


def explained(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> str:
    """Say what moved: shares of up to 20 classes, their new terms, and five documents.

    Parameters
    ----------
    changes : Changes
    names : sequence of str, length n_classes
    texts : sequence of str, path or None, length n_documents
    """
    lines = [changes.summary()]
    if changes.changed:
        lines += [*_classes(changes, names, texts), *_documents(changes, names, texts)]
    return "\n".join(lines)


def _classes(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> Iterator[str]:
    counts = TermCounts(texts)
    before, after = changes.shares_before, changes.shares_after
    order = np.argsort(-np.abs(after - before), kind="stable")
    for c in order[:_CLASSES]:
        joined = (changes.after == c) & (changes.before != c)
        terms = ", ".join(counts.typical(joined))
        yield f"  {names[c]}: {before[c]:.1%} -> {after[c]:.1%}" + (
            f"; joined by {terms}" if terms else ""
        )
    if len(order) > _CLASSES:
        yield f"  and {len(order) - _CLASSES:,} classes that changed less"


def _documents(changes: Changes, names: Sequence[str], texts: Sequence[Shown]) -> Iterator[str]:
    for i in map(int, changes.examples[:_EXAMPLES]):
        line = " ".join(str(texts[i] or "").split())
        line = line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
        yield f"  {names[changes.before[i]]} -> {names[changes.after[i]]}: {line}"
