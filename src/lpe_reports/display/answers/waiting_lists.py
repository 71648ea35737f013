"""Answers of the waiting lists report: a list as it stood at the period's end, unit by unit.

Months end on other days than the Mondays of the weekly follow-up, and not every night has a
stored list; sentences of the report say which night's list is shown.
"""

from collections.abc import Sequence

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import UNIT
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import COVERED, COVERED_WITHIN, UNBOOKED
from lpe_reports.display.answer import answer
from lpe_reports.display.answers.lists import on_list, queue_columns, snapshot
from lpe_reports.display.page import Page
from lpe_reports.measures.grouping import UNKNOWN, with_procedure_group
from lpe_reports.measures.waiting import (
    BANDS,
    bands_by,
    queues_over_limit,
    waiting_by,
    waiting_days,
)
from lpe_reports.params.units import UnitKind

UNIT_WORDS = {"operation": "Operationsenhet", "first_contact": "Mottagning"}
_ENTRY = ("unit", "since_date", "guarantee", "deviation", "booked_for", "procedure_code")
_ALL = "Alla enheter"
# Bands that are shown together where too many would be hidden.
_TOGETHER_BANDS = {"över 120": BANDS[4:], "över 90": BANDS[3:], "0–90": BANDS[:3]}
# From fine to coarse.
_BANDS_SHOWN: tuple[tuple[str, ...], ...] = (
    BANDS,
    (*BANDS[:4], "över 120"),
    (*BANDS[:3], "över 90"),
    ("0–90", "över 90"),
)
_TOO_MANY = "skulle för många tal döljas."
_TOGETHER = f"Visas för alla enheter tillsammans: var för sig {_TOO_MANY}"
_NOT_AT_ALL = "Visas inte: för många tal skulle döljas."
_FEWER_BANDS = f"Visas i färre tidsintervall: med fler {_TOO_MANY}"
_BAND_NOTES = ("", *(_FEWER_BANDS,) * 3, *(_TOGETHER,) * 4)
_DEVIATION_LABELS = {
    "pvv": "Patientvald väntan (PvV)",
    "mov": "Medicinskt orsakad väntan (MoV)",
    "some": "PvV eller MoV",
}
_DEVIATION_NOTES = (
    "",
    f"PvV och MoV visas tillsammans: var för sig {_TOO_MANY}",
    _TOGETHER,
    f"PvV och MoV visas tillsammans, för alla enheter: var för sig {_TOO_MANY}",
    _NOT_AT_ALL,
)


@answer
def by_unit(page: Page, *, list: str) -> Protected:
    """Who waits at each unit, how many without a booked date, and how long.

    Returns:
        [unit, waiting, unbooked, share_unbooked, median_days, longest_days]: a row per unit and,
        where there are several, one for all. `longest_days` is what those who have waited the
        longest have waited at least, as many of them as the policy takes for enough.

    Glossary: longest_waits
    """
    entries = _entries(page, list)
    rank = page.params.disclosure.threshold
    parts = []
    for rows in (entries, _all(entries)):
        days = waiting_days(rows)
        groups = rows.assign(_days=days.where(days >= 0), _free=rows["booked_for"].isna()).groupby(
            "unit"
        )
        parts.append(
            pd.DataFrame(
                {
                    "waiting": groups.size(),
                    "unbooked": groups["_free"].sum().astype("int64"),
                    "dated": groups["_days"].count(),
                    "median_days": groups["_days"].median(),
                    "longest_days": groups["_days"].apply(lambda d: _nth_longest(d, rank)),
                }
            ).reset_index()
        )
    counted = _in_order(page, list, parts)
    counted["share_unbooked"] = counted["unbooked"] / counted["waiting"]
    columns = [
        _unit_column(list),
        Column("waiting", "Väntande", "count"),
        Column("unbooked", "Utan bokad tid", "count", part_of="waiting", traits=UNBOOKED),
        Column(
            "share_unbooked", "Andel utan tid", "share", decimals=0,
            numerator="unbooked", denominator="waiting",
        ),
        Column("median_days", "Median hittills", "days", "dagar", based_on="waiting"),
        Column(
            "longest_days", f"{wording.upper_first(wording.count_word(rank))} har väntat minst",
            "days", "dagar", based_on="waiting",
        ),
    ]  # fmt: skip
    return page.protect(
        counted, table="waiting", columns=columns, total_row=_total(counted),
        about=on_list(page, list),
    )  # fmt: skip


@answer
def guarantee(page: Page, *, list: str) -> Protected:
    """Those whom the guarantee covers, and how many of them are within it.

    Returns:
        [unit, waiting, covered, within, share_within]: rows as of `by_unit`, or the one of all,
        or none, where too many would be hidden.
    """
    entries = _entries(page, list)
    limit = page.params.glossary.guarantee_on(page.period.last_day, list=list)
    parts = [waiting_by(rows, by=["unit"], limit=limit) for rows in (entries, _all(entries))]
    columns = [
        _unit_column(list),
        Column("waiting", "Väntande", "count"),
        Column("covered", "Omfattas av garantin", "count", part_of="waiting", traits=COVERED),
        Column(
            "within", f"Inom {limit.days} dagar", "count", part_of="covered",
            traits=COVERED_WITHIN,
        ),
        Column("share_within", "Andel inom", "share", numerator="within", denominator="covered"),
    ]  # fmt: skip
    frame = _in_order(page, list, parts)
    drafts = [_draft(page, list, rows, columns) for rows in (frame, frame[-1:], frame[:0])]
    notes = ("", _TOGETHER, _NOT_AT_ALL)
    return page.protect_coarsest(drafts, table="waiting", notes=notes)


@answer
def deviations(page: Page, *, list: str) -> Protected:
    """Who waits by own choice or for medical reasons, and so is not counted in the guarantee.

    Returns:
        [unit, pvv, mov], or `some` for the two together; rows as of `guarantee`.
    """
    entries = _entries(page, list)
    parts = []
    for rows in (entries, _all(entries)):
        deviation = rows["deviation"]
        flags = {"pvv": deviation == "pvv", "mov": deviation == "mov"}
        flags["some"] = flags["pvv"] | flags["mov"]
        counted = rows.assign(**flags).groupby("unit")[[*flags]].sum().astype("int64")
        parts.append(counted.reset_index())
    frame = _in_order(page, list, parts)
    divided = [
        [_unit_column(list), *(_deviation_column(name) for name in names)]
        for names in (("pvv", "mov"), ("some",))
    ]
    drafts = [
        _draft(page, list, rows, columns) for rows in (frame, frame[-1:]) for columns in divided
    ]
    drafts.append(_draft(page, list, frame[:0], divided[0]))
    return page.protect_coarsest(drafts, table="waiting", notes=_DEVIATION_NOTES)


@answer
def bands(page: Page, *, list: str) -> Protected:
    """How many have waited so and so many days, unit by unit.

    Returns:
        [unit, <band>…, waiting], a column for each band of days, or for several together where
        too many would be hidden; rows as of `guarantee`.
    """
    entries = _entries(page, list)
    parts = []
    for rows in (entries, _all(entries)):
        long = bands_by(rows, by=["unit"])
        wide = long.pivot(index="unit", columns="band", values="waiting").rename_axis(columns=None)
        parts.append(wide.reset_index())
    frame = _in_order(page, list, parts)
    unknown = tuple(str(name) for name in frame if name not in ("unit", "unit_id", *BANDS))
    every = [*BANDS, *unknown]
    counts = frame.reindex(columns=every).fillna(0).astype("int64")
    merged = {name: counts[[*of]].sum(axis=1) for name, of in _TOGETHER_BANDS.items()}
    frame = frame[["unit", "unit_id"]].join(counts).assign(**merged, waiting=counts.sum(axis=1))
    drafts = [
        _draft(page, list, rows, _band_columns(list, (*shown, *unknown)))
        for rows in (frame, frame[-1:])
        for shown in _BANDS_SHOWN
    ]
    # A bar of which a part is hidden is not drawn at all: rather longer bands than bars missing.
    whole = [_is_whole(draft, page.params.disclosure.threshold) for draft in drafts]
    order = sorted(range(len(drafts)), key=lambda number: not whole[number])
    nothing = _draft(page, list, frame[:0], drafts[0].columns)
    return page.protect_coarsest(
        [*(drafts[number] for number in order), nothing],
        table="waiting_bands",
        notes=[*(_BAND_NOTES[number] for number in order), _NOT_AT_ALL],
    )


@answer
def queues(page: Page) -> Protected:
    """The queues to operation of each unit, and in how many somebody is past the limit.

    Returns:
        [unit, queues, over]: a row per operating unit and, where there are several, one for all.
        A queue is a unit and a procedure group with at least ten who wait.
    """
    entries = with_procedure_group(
        _entries(page, "operation"), page.params.procedures.group_prefixes()
    )
    limit = page.params.glossary.guarantee_on(page.period.last_day, list="operation")
    found = queues_over_limit(entries, limit=limit)
    parts = []
    for rows, people in ((found, entries), (_all(found), _all(entries))):
        groups = rows.groupby("unit")["over"]
        counted = pd.DataFrame({"queues": groups.size(), "over": groups.sum().astype("int64")})
        past = waiting_by(people, by=["unit"], limit=limit).set_index("unit")["over_limit"]
        parts.append(counted.join(past.rename("past")).reset_index())
    frame = _in_order(page, "operation", parts)
    columns = [_unit_column("operation"), *queue_columns()]
    # Queues add up over units: where one unit's must not be known, none is shown.
    drafts = [_draft(page, "operation", rows, columns) for rows in (frame, frame[-1:], frame[:0])]
    notes = ("", _TOGETHER, _NOT_AT_ALL)
    return page.protect_coarsest(drafts, table="queues_over_limit", notes=notes, most_hidden=0)


def _band_columns(list_: str, shown: Sequence[str]) -> Sequence[Column]:
    """A column for each band; those without a date are a band of their own."""
    bands = (
        Column(
            name,
            "Okänd" if name == UNKNOWN else f"{name} dagar",
            "count",
            part_of="waiting",
            traits=(("band", name),),
        )
        for name in shown
    )
    return [_unit_column(list_), *bands, Column("waiting", "Väntande", "count")]


def _is_whole(draft: Draft, threshold: int) -> bool:
    """Whether a draft has all units, and no number of them that is small."""
    counts = [column.id for column in draft.columns if not column.is_text]
    small = (draft.frame[counts] > 0) & (draft.frame[counts] < threshold)
    return draft.total_row is not None and not small.any(axis=None)


def _draft(page: Page, list_: str, frame: pd.DataFrame, columns: Sequence[Column]) -> Draft:
    return Draft(frame, columns, total_row=_total(frame), about=on_list(page, list_))


def _entries(page: Page, list_: str) -> pd.DataFrame:
    return snapshot(page, list_, _ENTRY)


def _all(rows: pd.DataFrame) -> pd.DataFrame:
    """The same rows as if of one unit."""
    return rows.assign(unit=_ALL)


def _in_order(page: Page, list_: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows by unit as params order them, and the row of all where there are several units."""
    kind = UnitKind.OPERATING_UNIT if list_ == "operation" else UnitKind.CLINIC
    place = {unit.id: number for number, unit in enumerate(page.params.units.of_kind(kind))}
    own, total = parts
    own = own.sort_values("unit", key=lambda ids: ids.map(place), kind="stable")
    frame = pd.concat([own, total], ignore_index=True) if len(own) > 1 else own.copy()
    names = [_ALL if unit == _ALL else page.params.units.get(unit).name for unit in frame["unit"]]
    ids = frame["unit"].where(frame["unit"] != _ALL)
    return frame.reset_index(drop=True).assign(
        unit_id=ids.to_numpy(), unit=pd.array(names, dtype="str")
    )


def _total(frame: pd.DataFrame) -> int | None:
    """The position of the row of all, where there is one."""
    return len(frame) - 1 if len(frame) > 1 else None


def _unit_column(list_: str) -> Column:
    return Column("unit", UNIT_WORDS[list_], trait=UNIT, trait_from="unit_id")


def _deviation_column(name: str) -> Column:
    return Column(name, _DEVIATION_LABELS[name], "count", traits=(("covered", name),))


def _nth_longest(days: "pd.Series[float]", rank: int) -> float:
    """What the `rank` who have waited the longest have waited at least; NaN of fewer."""
    longest = days.dropna().nlargest(rank)
    return float(longest.iloc[-1]) if len(longest) == rank else float("nan")
