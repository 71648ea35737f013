"""Answers of the lead times report: the turnovers from one patient to the next planned one."""

import math

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.lead_times_reading import (
    TABLE,
    cap_of,
    every_turnover,
    planned_turnovers,
    when,
    with_total,
)
from lpe_reports.display.page import Page
from lpe_reports.display.series.lead_times import PLANNED


@answer
def by_theatre(page: Page) -> Protected:
    """The month's turnovers to a planned patient per theatre, and in all.

    Returns:
        [theatre, turnovers, mean_minutes, median_minutes, p90_minutes, over_cap, overlapping].
    """
    each, total = (planned_turnovers(page, by) for by in (["theatre"], []))
    cap = wording.number(cap_of(page))
    columns = [
        Column("theatre", "Sal"),
        Column("turnovers", "Byten", "count"),
        Column("mean_minutes", "Medel", "number", unit="min"),
        Column("median_minutes", "Median", "number", unit="min", decimals=0),
        Column("p90_minutes", "Nio av tio inom", "number", unit="min", decimals=0),
        Column("over_cap", f"Längre än {cap} min", "count"),
        Column("overlapping", "Överlappar", "count"),
    ]
    return page.protect(with_total(each, total, "theatre"), table=TABLE, columns=columns)


@sentence
def summary(page: Page) -> str:
    """How long the turnover to the next planned patient took, and what it was before."""
    turnover = page.series(
        "turnover_mean",
        last=page.parameters.get("history_months"),
        turnover_cap_minutes=cap_of(page),
    )
    now, before = turnover.now.value, turnover.before
    if now is None:
        return ""
    verb = "har tagit" if turnover.ongoing else "tog"
    text = f"Bytet till nästa planerade patient {verb} i genomsnitt {_minutes(now)}"
    if before is None or before.value is None:
        return f"{text}."
    change = _shown(now) - _shown(before.value)
    if change == 0:
        return f"{text}, lika länge som {turnover.before_label}."
    words = "längre" if change > 0 else "kortare"
    return f"{text}, {_minutes(abs(change))} {words} än {turnover.before_label}."


@sentence
def selection(page: Page, *, months: int = 1) -> str:
    """Which turnovers: to a planned patient, of the same theatre and day, none above the cap."""
    cap = wording.number(cap_of(page))
    return (
        f"{page.subject.name}, byten till en planerad patient på samma sal och dag, högst {cap} "
        f"minuter, {when(page, months)}"
    )


@sentence
def notes(page: Page) -> str:
    """What is left out of the times: long gaps, overlaps, and turnovers to an emergency."""
    found = every_turnover(page, [])
    planned = found["urgency"] == PLANNED
    pairs = found[["turnovers", "over_cap", "overlapping"]].sum(axis=1)
    said = []
    if found.loc[planned, ["over_cap", "overlapping"]].to_numpy().sum():
        cap = wording.number(cap_of(page))
        said.append(f"Uppehåll längre än {cap} minuter och överlappningar räknas inte som byten.")
    if count := int(pairs[~planned].sum()):
        words = wording.plural(count, "byte", "byten")
        said.append(f"{wording.number(count)} {words} till en akut patient är inte med.")
    return " ".join(said)


def _minutes(value: float) -> str:
    whole = round(value, 1) == round(value)
    text = wording.number(value, 0 if whole else 1)
    return f"{text}{wording.NBSP}{'minut' if text == '1' else 'minuter'}"


def _shown(value: float) -> float:
    """With the decimal that is shown: a half is rounded up."""
    return math.floor(10 * value + 0.5) / 10
