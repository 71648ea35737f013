"""What the index pages say of a page: its title, its sentence, its judged key figures.

A card is stored beside the rendered page, so that the index pages of a night are made
without reading a single notebook.
"""

from typing import Literal

from lpe_reports import wording
from lpe_reports.display.blocks import Block, KeyFigure, Tone
from lpe_reports.display.content import PageContent
from lpe_reports.display.markup.texts import figure_comparisons

# What a judgement is about: a target, the figure's own limits left just now, a change that has
# lasted, a value that is near a limit and no more.
Kind = Literal["target", "limits", "lasting", "near", "other"]
QUEUES = "queues_over_limit"


class Signal(Block):
    """One judged key figure, as it stands on its page."""

    label: str
    value: str  # as shown, with its unit
    tone: Tone
    words: str
    kind: Kind = "other"
    compared: str = ""  # "157 av 213 · 70,6 % förra veckan"
    target: str = ""  # as shown
    distance: float = 0.0  # how far from the target, as a share of it


class Queues(Block):
    """In how many queues someone has waited past the guarantee's limit: so many of so many."""

    over: int
    queues: int


class Card(Block):
    """A page in short; everything in it stands on the page as well.

    Fields:
        made: What tells this page from the same page with other content (`made_of`).
    """

    title: str
    when: str = ""
    ongoing: bool = False
    summary: str = ""
    signals: tuple[Signal, ...] = ()
    queues: Queues | None = None
    made: str = ""


def card_of(content: PageContent, made: str = "") -> Card:
    """The card of a page's content."""
    return Card(
        title=content.title.title,
        when=content.title.when,
        ongoing=content.title.ongoing,
        summary=content.summary,
        signals=tuple(signal for figure in content.key_figures() for signal in _signals(figure)),
        queues=_queues(content),
        made=made,
    )


def kind_of(words: str) -> Kind:
    """What a judgement in words is about."""
    if words.endswith("målet"):
        return "target"
    if words in ("högre än vanligt", "lägre än vanligt"):
        return "limits"
    if " sedan " in words:
        return "lasting"
    return "near" if words.startswith("nära ") else "other"


def _queues(content: PageContent) -> Queues | None:
    for figure in content.key_figures():
        if figure.definition == QUEUES and figure.value is not None and figure.denominator:
            return Queues(over=int(figure.value), queues=figure.denominator)
    return None


def _signals(figure: KeyFigure) -> list[Signal]:
    """The judgements of a figure that is shown; a hidden one has none."""
    if figure.hidden or figure.value is None:
        return []
    value = wording.cell_text(figure.value, figure)
    if figure.unit and not value.endswith(figure.unit):
        value = f"{value}{wording.NBSP}{figure.unit}"
    compared = figure_comparisons(figure.model_copy(update={"last_year": None}))
    target, distance = "", 0.0
    if figure.target is not None:
        target = wording.short_text(figure.target, figure)
        distance = abs(figure.value - figure.target) / abs(figure.target) if figure.target else 0.0
    return [
        Signal(
            label=figure.label,
            value=value,
            tone=tone,
            words=words,
            kind=kind_of(words),
            compared=" · ".join(compared),
            target=target,
            distance=round(distance, 4),
        )
        for tone, words in figure.judgements
        if tone in ("good", "bad", "flag")
    ]
