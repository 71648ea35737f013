"""What a series needs to know of its measure: how it is computed, shown, judged and said."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from lpe_reports.display.about import Traits
from lpe_reports.params.units import UnitKind
from lpe_reports.wording import ColumnType

if TYPE_CHECKING:
    import pandas as pd

    from lpe_reports.display.series.asking import Ask

Compute = Callable[["Ask"], "pd.DataFrame"]
Narrowing = Literal["section", "procedure", "list"]


@dataclass(frozen=True)
class Wording:
    """How the summary sentence speaks of a measure.

    Args:
        form: "did": Bollnäs gjorde 46 operationer. "stock": väntelistan växte. "guarantee":
            tre av tio har väntat längre än 90 dagar. "level": nyttjandegraden var 71,3 %.
        subject: The measure inside a sentence ("väntelistan").
        subjects: Several of them ("väntelistorna").
        one: What one of it is called ("operation").
        many: What several are called ("operationer").
        past: The verb of a period that is over ("gjorde").
        supine: The verb of one that is under way ("gjort").
    """

    form: Literal["did", "stock", "guarantee", "level"]
    subject: str
    one: str = ""
    many: str = ""
    past: str = ""
    supine: str = ""
    subjects: str = ""


@dataclass(frozen=True)
class SeriesMeasure:
    """One measure that can be followed over periods.

    Args:
        id: What notebooks, targets and the glossary call it.
        label: Its name, in Swedish.
        type: What its values are.
        table: The id that the disclosure policy knows its table by.
        source: The table that it cannot do without.
        compute: Where its function is ("module:function"); imported when it is used, so that
            a changed measure concerns only the pages that show it. The function takes an Ask
            and returns [window, value], and [numerator, denominator] for a share, [n] (over
            how many) for a statistic.
        wording: How the summary speaks of it.
        unit: What its numbers count, where the label does not say it.
        decimals: As shown; by its type when not given.
        improvement: Which direction is better, where one is.
        stock: Whether it is a state at the period's end and not what happened in it.
        limits: "xmr", or "share" for counts over counts.
        parts: What numerator and denominator of a share are called.
        basis: What a statistic is computed over.
        definition: Its glossary entry; its own id when not given.
        population: For a measure of patients which rows it counts, see `display.about`.
        traits: What narrows those it counts, or that a share is of; (("booked", "no"),).
        within: What narrows a share's numerator instead.
        narrowed_by: Which of section, procedure and list it can be asked by, beside unit and vo.
        options: The parameters of its own that a notebook may give.
        unit_kind: What kind of unit it can be asked of, where it is not about a list.
    """

    id: str
    label: str
    type: ColumnType
    table: str
    source: str
    compute: str
    wording: Wording
    unit: str = ""
    decimals: int = -1
    improvement: Literal["up", "down"] | None = None
    stock: bool = False
    limits: Literal["xmr", "share"] = "xmr"
    parts: tuple[str, str] = ("Täljare", "Nämnare")
    basis: str = "Antal"
    definition: str = ""
    population: str = ""
    traits: Traits = ()
    within: Traits = ()
    narrowed_by: tuple[Narrowing, ...] = ()
    options: tuple[str, ...] = ()
    unit_kind: UnitKind = UnitKind.OPERATING_UNIT

    @property
    def glossary_id(self) -> str:
        return self.definition or self.id

    def function(self) -> Compute:
        """The function that computes it, imported now."""
        module, _, name = self.compute.partition(":")
        found: Compute = getattr(import_module(module), name)
        return found
