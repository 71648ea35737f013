"""How the equity report divides patients, from fine to coarse: by time, ASA, age and more."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import TIME
from lpe_reports.display.about import time_of
from lpe_reports.measures.grouping import UNKNOWN, with_age_band, with_asa_group, with_period
from lpe_reports.periods import Period, PeriodKind, period_at

# The frame's column with the value of a row's trait; null for all of them.
TRAIT_ID = "trait_id"
_MISSING = "uppgift saknas"
_SEXES = {"F": "Kvinnor", "M": "Män"}
_PIECES = {PeriodKind.QUARTER: ("Kvartal", "kvartal"), PeriodKind.TERTIAL: ("Tertial", "tertial")}


@dataclass(frozen=True)
class Division:
    """One way to divide patients.

    Args:
        heading: The column that names the parts, with their trait.
        part: For each patient its part, by which the parts are sorted.
        names: What each part is called on the page.
        ids: The value of the trait that each part has.
        note: What is said under the table, where it is not the finest.
    """

    heading: Column
    part: "pd.Series[str]"
    names: Mapping[str, str]
    ids: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True)
class Filter:
    """One property of patients; null is a value of its own.

    Args:
        label: What the page calls it.
        trait: What groups call it.
        value_of: The value of each patient, as the page writes it.
        ids: What groups call each value.
        coarser: Ever coarser ways: values that are shown as one, and what is said of it.
    """

    label: str
    trait: str
    value_of: Callable[[pd.DataFrame], "pd.Series[str]"]
    ids: Mapping[str, str]
    coarser: tuple[tuple[Mapping[str, str], str], ...] = field(default=())

    def divisions(self, rows: pd.DataFrame) -> Iterator[Division]:
        """The ways to divide some patients by it, from fine to coarse."""
        values = self.value_of(rows).astype("str")
        heading = Column("value", self.label, trait=self.trait, trait_from=TRAIT_ID)
        for merged, note in (({}, ""), *self.coarser):
            part = values.replace(dict(merged))
            yield Division(heading, part, {each: each for each in self.ids}, self.ids, note)


FILTERS = {
    "asa": Filter(
        "ASA",
        "asa",
        lambda rows: with_asa_group(rows)["asa_group"],
        {
            "1–2": "1-2", "3": "3", "4–6": "4-6", "3–6": "3-6", UNKNOWN: "unknown",
            "4–6 eller okänd": "4-6-unknown", "3–6 eller okänd": "3-6-unknown",
        },
        (
            (
                {"4–6": "4–6 eller okänd", UNKNOWN: "4–6 eller okänd"},
                "ASA 4–6 och okänd visas tillsammans: var för sig skulle för många tal döljas.",
            ),
            (
                {"3": "3–6", "4–6": "3–6"},
                "ASA 3–6 visas tillsammans: var för sig skulle för många tal döljas.",
            ),
            (
                dict.fromkeys(("3", "4–6", UNKNOWN), "3–6 eller okänd"),
                "ASA 3–6 och okänd visas tillsammans: var för sig skulle för många tal döljas.",
            ),
        ),
    ),
    "planned": Filter(
        "Planerad",
        "planned",
        lambda rows: rows["planned"].map({True: "Ja", False: "Nej"}).fillna(_MISSING),
        {"Ja": "yes", "Nej": "no", _MISSING: "unknown", "Nej eller uppgift saknas": "no-unknown"},
        (
            (
                dict.fromkeys(("Nej", _MISSING), "Nej eller uppgift saknas"),
                "Ej planerade visas tillsammans med dem där uppgift saknas: var för sig skulle för "
                "många tal döljas.",
            ),
        ),
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
        (
            (
                dict.fromkeys(("0–17", "18–39", "40–64"), "0–64"),
                "Patienter under 65 år visas tillsammans: i fler åldersgrupper skulle för många "
                "tal döljas.",
            ),
            (
                dict.fromkeys(("0–17", "18–39"), "0–39")
                | dict.fromkeys(("65–79", "80 och äldre"), "65 och äldre"),
                "Visas i tre åldersgrupper: i fler skulle för många tal döljas.",
            ),
            (
                dict.fromkeys(("0–17", "18–39", "40–64"), "0–64")
                | dict.fromkeys(("65–79", "80 och äldre"), "65 och äldre"),
                "Visas i två åldersgrupper: i fler skulle för många tal döljas.",
            ),
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
    yield _by_time(months, period, end, PeriodKind.MONTH, "Månad", "")
    fits = [kind for kind in _PIECES if period_at(kind, period.start).start == period.start]
    label, word = _PIECES[fits[0]] if fits else ("Period", "kvartal")
    kind = fits[0] if fits else PeriodKind.QUARTER
    note = f"Visas per {word}: per månad skulle för många tal döljas."
    yield _by_time(months, period, end, kind, label, note)


def _by_time(
    months: "pd.Series[str]", period: Period, end: date, kind: PeriodKind, label: str, note: str
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
        {piece.start.isoformat(): piece.short for piece in pieces.values()},
        {piece.start.isoformat(): time_of(piece, end) for piece in pieces.values()},
        note,
    )


def _months(period: Period, end: date) -> Iterator[Period]:
    month = period_at(PeriodKind.MONTH, period.start)
    while month.start < min(period.end, end):
        yield month
        month = month.next()
