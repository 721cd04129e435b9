"""Hypothesis templates: the sentence a category name is put into before it is embedded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zstext.errors import TemplateError

SLOT = "{}"


@dataclass(frozen=True, slots=True)
class HypothesisTemplate:
    """A sentence with exactly one `{}`, the place of the label.

    The label is put in by literal replacement, never by `str.format`: other braces, in the template
    or in the label, are text.

    Parameters
    ----------
    text : str
        For example ``"This text is about {}."``.

    Raises
    ------
    TemplateError
        If `text` is not a string, is not valid Unicode or does not hold exactly one ``{}``.
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TemplateError(f"a template is text with one {{}}, got {self.text!r}")
        if (n := self.text.count(SLOT)) != 1:
            raise TemplateError(
                f"a template needs exactly one {{}} for the label, got {n} in {self.text!r}; "
                'write for example "This text is about {}."'
            )
        try:
            self.text.encode()
        except UnicodeEncodeError:
            raise TemplateError(f"the template {self.text!r} is not valid Unicode") from None

    def fill(self, label: str) -> str:
        """Return the template with `label` in its place."""
        before, after = self.text.split(SLOT)
        return f"{before}{label}{after}"


def as_templates(
    templates: str | HypothesisTemplate | Iterable[str | HypothesisTemplate],
) -> tuple[HypothesisTemplate, ...]:
    """Return one template or many as a tuple of templates.

    Raises
    ------
    TemplateError
        If there is none, or one of them is not a template.
    """
    if isinstance(templates, str | HypothesisTemplate):
        templates = [templates]
    out = tuple(
        t if isinstance(t, HypothesisTemplate) else HypothesisTemplate(t) for t in templates
    )
    if not out:
        raise TemplateError('no template given; "{}" alone uses the bare label')
    return out
