"""Answers of the lead times report: the day's first patients.

A start is a theatre's first planned patient of a day with an open session. Emergencies start no
day. The turnovers from one patient to the next are in `turnovers`.
"""

from collections.abc import Sequence

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.lead_times_reading import (
    TABLE,
    first_cases,
    grace_of,
    graces_of,
    months_back,
    planned_turnovers,
    rooms_of,
    series_wish,
    start_of,
    when,
    with_patient,
    with_total,
)
from lpe_reports.display.answers.utilisation import WEEKDAYS
from lpe_reports.display.page import Page
from lpe_reports.display.remarks import remarks
from lpe_reports.periods import Period

_MONTHS_OF_WEEKDAYS = 12


@answer
def graces(page: Page) -> Protected:
    """How many first patients came in time by each grace: now, before and a year before.

    Returns:
        [grace, on_time, starts, share, before?, last_year?]: one row per grace, none where there
        were no starts. What the period is compared with is left out where that is not known.
    """
    rows, headings = [], {"before": "", "last_year": ""}
    for grace in graces_of(page):
        series = page.series("first_case_on_time", **series_wish(page), grace_minutes=grace)
        earlier = {"before": series.before, "last_year": series.last_year}
        headings = {"before": series.before_label, "last_year": series.last_year_label}
        rows.append(
            {"grace": "Ingen" if grace == 0 else f"{wording.number(grace)}{wording.NBSP}minuter",
             "on_time": series.now.numerator, "starts": series.now.denominator,
             "share": series.now.value}
            | {name: point.value for name, point in earlier.items() if point is not None}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    table = table[table["share"].notna()]
    columns = [
        Column("grace", "Marginal"),
        Column("on_time", "I tid", "count"),
        Column("starts", "Starter", "count"),
        Column("share", "Andel i tid", "share"),
    ]
    columns += [
        Column(name, wording.upper_first(words), "share")
        for name, words in headings.items()
        if name in table and table[name].notna().any()
    ]
    return page.protect(table, table=TABLE, columns=columns)


@answer
def starts_by_theatre(page: Page) -> Protected:
    """The month's starts per theatre, and in all: see `_starts`."""
    return _starts(page, page.period, "theatre", Column("theatre", "Sal"))


@answer
def starts_by_weekday(page: Page) -> Protected:
    """The starts of twelve months per weekday, and in all: see `_starts`."""
    first = months_back(page.period, _MONTHS_OF_WEEKDAYS)
    return _starts(page, first, "weekday", Column("weekday", "Veckodag"))


@answer
def delays(page: Page) -> Protected:
    """The month's starts per theatre, parted by how late they were.

    Returns:
        [theatre, within_<first grace> … within_<last grace>, later]: counts that belong to one
        part only, whose headings are their columns' labels.
    """
    found = with_patient(first_cases(page, page.period, ["theatre"]))
    edges = graces_of(page)
    wide = _wide(found, "theatre", "on_time", edges)
    parts = wide[list(edges)].diff(axis=1).fillna(wide[[edges[0]]]).astype("int64")
    parts = parts.set_axis([_part(grace) for grace in edges], axis=1)
    parts["later"] = wide["first_cases"] - wide[edges[-1]]
    columns = [Column("theatre", "Sal"), *_delay_columns(edges)]
    rows = parts.rename_axis(columns=None).reset_index()
    return page.protect(rows, table=TABLE, columns=columns)


@answer
def conditions(page: Page) -> Protected:
    """Theatres with a preparation room beside those without: they work under other conditions.

    Returns:
        [rooms, starts, share, late_minutes, turnovers, turnover_mean, turnover_p90]: a row for
        each kind that was used in the month.
    """
    key = "preparation_room"
    first = with_patient(first_cases(page, page.period, [key]))
    first = first[first["grace_minutes"] == grace_of(page)].set_index(key)
    between = planned_turnovers(page, [key]).set_index(key)
    table = pd.DataFrame({
        "starts": first["first_cases"], "share": first["share_on_time"],
        "late_minutes": first["median_minutes"], "turnovers": between["turnovers"],
        "turnover_mean": between["mean_minutes"], "turnover_p90": between["p90_minutes"],
    }).sort_index(ascending=False)  # fmt: skip
    table[["starts", "turnovers"]] = table[["starts", "turnovers"]].fillna(0)
    table.insert(0, "rooms", ["Med" if has else "Utan" for has in table.index])
    columns = [
        Column("rooms", "Förberedelserum"),
        Column("starts", "Starter", "count"),
        Column("share", "Andel i tid", "share"),
        Column("late_minutes", "Start, median", "number", unit="min", decimals=0),
        Column("turnovers", "Byten", "count"),
        Column("turnover_mean", "Bytestid, medel", "number", unit="min"),
        Column("turnover_p90", "Bytestid, nio av tio inom", "number", unit="min", decimals=0),
    ]
    return page.protect(table.reset_index(drop=True), table=TABLE, columns=columns)


@sentence
def summary(page: Page) -> str:
    """How many of the day's first patients came in time, and what the late ones took."""
    on_time = page.series("first_case_on_time", **series_wish(page), grace_minutes=grace_of(page))
    now = on_time.now
    if now.value is None:
        return (
            f"På {page.subject.name} började {'hittills ' if page.ongoing else ''}ingen dag under "
            f"{page.period.long} med en planerad patient i ett öppet salspass."
        )
    said = [remark.words for remark in remarks(on_time)]
    parts = f"{wording.number(now.numerator or 0)} av {wording.number(now.denominator or 0)}"
    text = f"{_who_came(page)} vid {wording.share(now.value)} av starterna ({parts})"
    return f"{text}{', ' if said else ''}{wording.listing(said)}.{_late_words(page)}"


@sentence
def selection(page: Page, *, months: int = 1) -> str:
    """Whose starts: the first planned patient of each theatre and day with an open session."""
    patient = "första planerade patient" if _by_patient(page) else "första planerade operation"
    return f"{page.subject.name}, dagens {patient} per sal i öppna salspass, {when(page, months)}"


@sentence
def selection_rooms(page: Page) -> str:
    """Whose starts and turnovers: of all theatres of the unit with or without such a room."""
    return f"{page.subject.name}, starter och byten till en planerad patient, {when(page)}"


@sentence
def notes(page: Page) -> str:
    """How minutes are read, and which theatres had sessions and no start, so are not shown."""
    found = first_cases(page, page.period, ["theatre"])
    shown, said = with_patient(found), []
    if (shown[["median_minutes", "p90_minutes"]] <= -0.5).any(axis=None):
        said.append("Minus betyder före passets start.")
    if names := sorted({*found["theatre"]} - {*shown["theatre"]}):
        said.append(
            f"{wording.listing(names)} hade öppna salspass men inga starter, och är inte med."
        )
    return " ".join(said)


@sentence
def rooms_note(page: Page) -> str:
    """Which theatres have a preparation room, and which of them were not used in the month."""
    names = [name for _, name in rooms_of(page)]
    used = {*first_cases(page, page.period, ["theatre"])["theatre"]}
    text = f"Förberedelserum finns till {wording.listing(names)}."
    if unused := [name for name in names if name not in used]:
        text += f" {wording.listing(unused)} hade inga öppna salspass."
    return text


def _who_came(page: Page) -> str:
    """Dagens första patient kom högst 5 minuter efter passets start."""
    patient, grace = _by_patient(page), grace_of(page)
    whose = "dagens första patient" if patient else "dagens första operation"
    limit = "senast när passet började"
    if grace:
        words = wording.plural(grace, "minut", "minuter")
        limit = f"högst {wording.number(grace)}{wording.NBSP}{words} efter passets start"
    if page.ongoing:
        return f"Hittills har {whose} {'kommit' if patient else 'börjat'} {limit}"
    return f"{wording.upper_first(whose)} {'kom' if patient else 'började'} {limit}"


def _late_words(page: Page) -> str:
    late = page.series("first_case_late_hours", **series_wish(page)).now.value
    if not late:
        return ""
    verb = "har tagit" if page.ongoing else "tog"
    return f" De sena starterna {verb} sammanlagt {wording.hours(late)}."


def _by_patient(page: Page) -> bool:
    return start_of(page) == "patient_in_at"


def _starts(page: Page, first: Period, key: str, heading: Column) -> Protected:
    """Starts from a period to the page's: a row per group, the last one for all.

    Returns:
        [<key>, first_cases, within_<grace>…, median_minutes, p90_minutes]: how many, the share
        that came within each grace, and how many minutes after the session's start.
    """
    parts = []
    for by in ([key], []):
        long = with_patient(first_cases(page, first, by))
        long = long.assign(**({key: "all"} if not by else {}))
        base = long.drop_duplicates(key).set_index(key)
        shares = _wide(long, key, "share_on_time", graces_of(page)).drop(columns="first_cases")
        parts.append(base[["first_cases", "median_minutes", "p90_minutes"]].join(shares))
    groups, total = parts[0].reset_index(), parts[1].reset_index(drop=True)
    if key == "weekday":
        groups[key] = [WEEKDAYS[int(number) - 1] for number in groups[key]]
    rows = with_total(groups, total, key)
    rows = rows.rename(columns={grace: _part(grace) for grace in graces_of(page)})
    columns = [
        heading,
        Column("first_cases", "Starter", "count"),
        *(_share_column(grace) for grace in graces_of(page)),
        Column("median_minutes", "Median", "number", unit="min", decimals=0),
        Column("p90_minutes", "Nio av tio inom", "number", unit="min", decimals=0),
    ]
    return page.protect(rows, table=TABLE, columns=columns)


def _wide(long: pd.DataFrame, key: str, value: str, graces: Sequence[float]) -> pd.DataFrame:
    """A row per group: a column per grace, and the number of starts."""
    wide = long.pivot(index=key, columns="grace_minutes", values=value)
    wide = wide.reindex(columns=list(graces))
    return wide.assign(first_cases=long.drop_duplicates(key).set_index(key)["first_cases"])


def _part(grace: float) -> str:
    return f"within_{grace:g}"


def _share_column(grace: float) -> Column:
    label = "I tid" if grace == 0 else f"Högst {wording.number(grace)} min sent"
    return Column(_part(grace), label, "share", decimals=0)


def _delay_columns(edges: Sequence[float]) -> list[Column]:
    """The parts' headings: I tid, Högst 5 min sent, 5–15 min sent, Mer än 15 min sent."""
    columns, below = [], None
    for grace in edges:
        high = wording.number(grace)
        label = f"{below}–{high} min sent" if below else f"Högst {high} min sent"
        columns.append(Column(_part(grace), "I tid" if grace == 0 else label, "count"))
        below = high if grace else None
    return [*columns, Column("later", f"Mer än {below or 0} min sent", "count")]
