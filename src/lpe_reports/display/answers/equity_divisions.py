"""How the equity report divides patients, from fine to coarse: by time, ASA, age and more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import TIME
from lpe_reports.display.about import time_of
from lpe_reports.measures.grouping import UNKNOWN, with_age_band, with_asa_group, with_period
from lpe_reports.periods import MONTHS, Period, PeriodKind, period_at
from lpe_reports.wording import upper_first

# The frame's column with the value of a row's trait; null for all of them.
TRAIT_ID = "trait_id"
_MISSING = "uppgift saknas"
_SEXES = {"F": "Kvinnor", "M": "Män"}
_TOO_MANY = "skulle för många tal döljas."
_PIECES = {PeriodKind.QUARTER: ("Kvartal", "kvartal"), PeriodKind.TERTIAL: ("Tertial", "tertial")}


@dataclass(frozen=True)
class Division:
    """One way to divide patients.

    Args:
        heading: The column that names the parts, with their trait.
        part: For each patient its part, by which the parts are sorted.
        names: What each part is called on the page.
        ids: The value of the trait that each part has.
        shown: Where it is not the finest, how it is coarser ("Visas per kvartal").
        instead_of: What it would be divided by else ("per månad").
    """

    heading: Column
    part: "pd.Series[str]"
    names: Mapping[str, str]
    ids: Mapping[str, str]
    shown: str = ""
    instead_of: str = ""

    def note(self, *, per_unit: bool = True) -> str:
        """What is said under its table: why it is no finer; nothing where it could not be."""
        if per_unit:
            return f"{self.shown}: {self.instead_of} {_TOO_MANY}" if self.shown else ""
        if not self.shown:
            return f"Visas för hela länet: per enhet {_TOO_MANY}"
        return f"{self.shown}, och bara för hela länet: finare uppdelat {_TOO_MANY}"


@dataclass(frozen=True)
class Filter:
    """One property of patients; null is a value of its own.

    Args:
        label: What the page calls it.
        trait: What groups call it.
        value_of: The value of each patient, as the page writes it.
        ids: What groups call each value.
        together: What the page calls those who have one of the values that are shown as one.
        coarser: Ever coarser ways: values that are shown as one.
    """

    label: str
    trait: str
    value_of: Callable[[pd.DataFrame], "pd.Series[str]"]
    ids: Mapping[str, str]
    together: Mapping[str, str] = field(default_factory=dict)
    coarser: tuple[Mapping[str, str], ...] = ()

    def divisions(self, rows: pd.DataFrame) -> Iterator[Division]:
        """The ways to divide some patients by it, from fine to coarse, each of them once.

        A way that shows as one only values of which these patients have one is no coarser than
        the ways before it, and what is said of it would not be true of them.
        """
        values = self.value_of(rows).astype("str")
        heading = Column("value", self.label, trait=self.trait, trait_from=TRAIT_ID)
        present = sorted(set(values))
        seen = set()
        for merged in ({}, *self.coarser):
            held: dict[str, list[str]] = {}
            for value in present:
                held.setdefault(merged.get(value, value), []).append(value)
            way = frozenset(map(frozenset, held.values()))
            if way in seen:
                continue
            seen.add(way)
            shown = _together([self.together[p] for p, of in held.items() if len(of) > 1])
            part = values.replace(dict(merged))
            names = {each: each for each in self.ids}
            yield Division(heading, part, names, self.ids, shown, "i fler grupper")


def _together(groups: Sequence[str]) -> str:
    """That some groups are each shown as one: ASA 3–6 visas tillsammans."""
    if not groups:
        return ""
    first, *others = groups
    return f"{upper_first(first)} visas tillsammans" + "".join(f", liksom {o}" for o in others)


FILTERS = {
    "asa": Filter(
        "ASA",
        "asa",
        lambda rows: with_asa_group(rows)["asa_group"],
        {
            "1–2": "1-2", "3": "3", "4–6": "4-6", "3–6": "3-6", UNKNOWN: "unknown",
            "4–6 eller okänd": "4-6-unknown", "3–6 eller okänd": "3-6-unknown",
        },
        {
            "3–6": "ASA 3–6", "4–6 eller okänd": "ASA 4–6 och okänd",
            "3–6 eller okänd": "ASA 3–6 och okänd",
        },
        (
            dict.fromkeys(("4–6", UNKNOWN), "4–6 eller okänd"),
            dict.fromkeys(("3", "4–6"), "3–6"),
            dict.fromkeys(("3", "4–6", UNKNOWN), "3–6 eller okänd"),
        ),
    ),
    "planned": Filter(
        "Planerad",
        "planned",
        lambda rows: rows["planned"].map({True: "Ja", False: "Nej"}).fillna(_MISSING),
        {"Ja": "yes", "Nej": "no", _MISSING: "unknown", "Nej eller uppgift saknas": "no-unknown"},
        {"Nej eller uppgift saknas": "ej planerade och de där uppgift saknas"},
        (dict.fromkeys(("Nej", _MISSING), "Nej eller uppgift saknas"),),
    ),
    "sex": Filter(
        "Kön",
        "sex",
        lambda rows: rows["sex"].map(_SEXES).fillna(_MISSING),
        {"Kvinnor": "F", "Män": "M", _MISSING: "unknown"},
    ),
    "age": Filter(
        "Ålder",
        "age",
        lambda rows: with_age_band(rows)["age_band"],
        {
            "0–17": "0-17", "18–39": "18-39", "40–64": "40-64", "65–79": "65-79",
            "80 och äldre": "80-", UNKNOWN: "unknown", "0–39": "0-39", "0–64": "0-64",
            "65 och äldre": "65-",
        },
        {
            "0–39": "patienter under 40 år", "0–64": "patienter under 65 år",
            "65 och äldre": "patienter från 65 år",
        },
        (
            dict.fromkeys(("0–17", "18–39", "40–64"), "0–64"),
            dict.fromkeys(("0–17", "18–39"), "0–39")
            | dict.fromkeys(("65–79", "80 och äldre"), "65 och äldre"),
            dict.fromkeys(("0–17", "18–39", "40–64"), "0–64")
            | dict.fromkeys(("65–79", "80 och äldre"), "65 och äldre"),
        ),
    ),
}  # fmt: skip


def through_period(rows: pd.DataFrame, period: Period, end: date) -> Iterator[Division]:
    """The ways to divide a period's operations by time: months, then quarters or tertials.

    Quarters where none of them reaches beyond the period, tertials where those do not; else
    quarters, with single months at the period's ends.

    Args:
        rows: The operations.
        period: A year or rolling twelve months.
        end: The day after the last that is counted.
    """
    months = with_period(rows, "surgery_start_at", PeriodKind.MONTH)["month"]
    yield _by_time(months, period, end, PeriodKind.MONTH, "Månad")
    fits = [kind for kind in _PIECES if period_at(kind, period.start).start == period.start]
    if fits:
        label, word = _PIECES[fits[0]]
        yield _by_time(months, period, end, fits[0], label, f"Visas per {word}")
    else:
        shown = "Visas per kvartal, utom månaderna i början och slutet"
        yield _by_time(months, period, end, PeriodKind.QUARTER, "Period", shown)


def _by_time(
    months: "pd.Series[str]",
    period: Period,
    end: date,
    kind: PeriodKind,
    label: str,
    shown: str = "",
) -> Division:
    pieces = {}
    for month in _months(period, end):
        whole = period_at(kind, month.start)
        inside = period.start <= whole.start and whole.end <= period.end
        pieces[month.id] = whole if inside else month
    # By the first day, so that months and quarters stand in order.
    part = months.map({name: piece.start.isoformat() for name, piece in pieces.items()})
    return Division(
        Column("month", label, trait=TIME, trait_from=TRAIT_ID),
        part.astype("str"),
        {piece.start.isoformat(): _name(piece, end) for piece in pieces.values()},
        {piece.start.isoformat(): time_of(piece, end) for piece in pieces.values()},
        shown,
        "per månad",
    )


def _name(piece: Period, end: date) -> str:
    """What a part of the period is called; one under way says that it is."""
    return so_far(piece.short, end) if piece.end > end else piece.short


def so_far(name: str, end: date) -> str:
    """What a time under way is called: its whole months, or as far as it has come."""
    month = MONTHS[(end - timedelta(days=1)).month - 1]
    return f"{name} t.o.m. {month}" if end.day == 1 else f"{name} hittills"


def _months(period: Period, end: date) -> Iterator[Period]:
    month = period_at(PeriodKind.MONTH, period.start)
    while month.start < min(period.end, end):
        yield month
        month = month.next()
