"""Answers on operations that were struck, and on those for which postop had no place."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from string import ascii_lowercase

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import TIME, UNIT, Group
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.about import SCHEDULED, STRUCK, time_of
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.page import Page
from lpe_reports.measures.cancellations import cancellation_reasons_by, cancellations_by
from lpe_reports.measures.grouping import share
from lpe_reports.periods import Period, PeriodKind, period_at
from lpe_reports.wording import listing, lower_first

NO_BED = "no_bed"
_MOST_YEARS = 3
_TIMES = ["scheduled_start_at", "cancelled_at"]
_REASONS = ["reason_1", "reason_2"]
_ALL, _OTHERS = "Alla", "Övriga orsaker"


@answer
def struck(page: Page, *, back: int = 0) -> Protected:
    """Scheduled and struck operations in twelve months at a time, the newest first.

    Args:
        page: The page.
        back: How many of them are left out.

    Returns:
        [period, scheduled, struck, share_struck, no_bed, share_no_bed]: `no_bed` of the struck
        for want of a place in postoperative care.
    """
    if back:
        whole = struck(page)
        return whole.last(max(0, len(whole) - back))
    rows = pd.DataFrame([_year(page, window) for window in _windows(page)])
    columns = [
        Column("period", "Tolv månader", "period", trait=TIME, trait_from="time"),
        Column("scheduled", "Planerade", "count"),
        Column("struck", "Strukna", "count", part_of="scheduled", traits=STRUCK),
        Column(
            "share_struck", "Andel strukna", "share", numerator="struck", denominator="scheduled"
        ),
        Column(
            NO_BED, "Plats på postop saknades", "count", part_of="struck", traits=_no_bed_traits()
        ),
        Column("share_no_bed", "Andel av strukna", "share", numerator=NO_BED, denominator="struck"),
    ]
    if not len(rows):
        rows = pd.DataFrame(columns=[c.id for c in columns] + ["time"])
    return page.protect(rows, table="cancellations", columns=columns, about=_whom(page))


@answer
def reasons(page: Page) -> Protected:
    """Why operations were struck in the last twelve months, the place in postop by itself.

    Reasons of few are one row; where they are so few that it tells nothing, all but the places.

    Returns:
        [reason, struck, share].
    """
    window = next(_windows(page), None)
    counted = {} if window is None else _by_reason(page, window)
    drafts = [_draft(page, counted, groups) for groups in _groupings(page, counted)]
    return page.protect_coarsest(drafts, table="cancellations")


@sentence
def summary(page: Page) -> str:
    """How many were struck in twelve months because postop had no place, against those before."""
    table = struck(page)
    if not len(table):
        return ""
    now = table.frame[NO_BED].tolist()
    if pd.isna(now[0]):
        return ""
    where, window = _where(page), next(_windows(page))
    count = "inga operationer" if now[0] == 0 else _operations(now[0])
    text = f"Under {window.long} ströks {count} på {where} för att plats på postop saknades"
    if len(now) > 1 and not pd.isna(now[1]):
        before = "lika många som" if now[0] == now[1] else f"mot {int(now[1]) or 'inga'}"
        text += f", {before} under de tolv månaderna före"
    return f"{text}."


@sentence
def selection(page: Page, *, quarters: int = 0) -> str:
    """Whose struck operations: those of the operating units whose patients come here."""
    where = f"{_where(page)}, operationer som hade en planerad tid"
    if quarters:
        return f"{where}, {quarters} kvartal till och med {page.period.long}"
    window = next(_windows(page), None)
    return f"{where}, {window.long}" if window else where


def units_of(page: Page) -> list[str]:
    """The operating units whose patients come to the page's unit, see `sections:`."""
    return [str(unit) for unit in page.settings.get("serves", [])]


def _where(page: Page) -> str:
    return listing([page.params.units.get(unit).name for unit in units_of(page)])


def _operations(count: float) -> str:
    return "en operation" if count == 1 else f"{int(count)} operationer"


def _windows(page: Page) -> Iterator[Period]:
    """Twelve whole months up to the page's end, and those before them as far as there are rows."""
    month = period_at(PeriodKind.MONTH, page.until - timedelta(days=1))
    month = month if month.end <= page.until else month.previous()
    window = period_at(PeriodKind.ROLLING12, month.start)
    for _ in range(_MOST_YEARS):
        first = period_at(PeriodKind.MONTH, window.start)
        if not len(_cancellations(page, first)):
            return
        yield window
        window = window.same_last_year()


def _year(page: Page, window: Period) -> dict[str, object]:
    operations = page.read(
        "operations",
        units=units_of(page),
        start=window.start,
        end=window.end,
        columns=["scheduled_start_at"],
    )
    of_year = _cancellations(page, window)
    counted = cancellations_by(of_year, operations, by=[])
    row = counted.iloc[0].to_dict() if len(counted) else {"scheduled": 0, "struck": 0}
    found = int(of_year["reason_2"].isin(_bed_reasons(page)).sum())
    parts = share(pd.Series([found]), pd.Series([row["struck"]]))
    time = time_of(window, window.end)
    return row | {NO_BED: found, "share_no_bed": parts.iloc[0], "period": window.id, "time": time}


def _by_reason(page: Page, window: Period) -> dict[str, int]:
    """How many were struck per reason of level 1, those for want of a place by themselves."""
    counted = cancellation_reasons_by(_cancellations(page, window), by=[], level=2)
    found: dict[str, int] = {NO_BED: 0}
    for one, two, count in zip(
        counted["reason_1"], counted["reason_2"], counted["struck"], strict=True
    ):
        reason = NO_BED if two in _bed_reasons(page) else str(one)
        found[reason] = found.get(reason, 0) + int(count)
    return found


def _groupings(page: Page, counted: Mapping[str, int]) -> list[list[tuple[str, ...]]]:
    """Which reasons make a row each, from fine to coarse; the place in postop always one."""
    fewest = page.params.disclosure.threshold
    others = sorted((r for r in counted if r != NO_BED), key=lambda r: (-counted[r], int(r)))
    together = [reason for reason in others if counted[reason] < fewest]
    # What is few alone is joined by the next fewest, until it is no longer.
    rest = others[: len(others) - len(together)]
    while together and rest and sum(counted[r] for r in together) < fewest:
        together.insert(0, rest.pop())
    fine = [(reason,) for reason in rest] + ([tuple(together)] if together else [])
    return [[(NO_BED,), *fine], [(NO_BED,), tuple(others)]]


def _draft(page: Page, counted: Mapping[str, int], groups: Sequence[tuple[str, ...]]) -> Draft:
    kept = [group for group in groups if group and all(r in counted for r in group)]
    rows = pd.DataFrame(
        {
            "reason": [_name(page, group) for group in kept],
            "id": ["+".join(_id(page, reason) for reason in group) for group in kept],
            "struck": [sum(counted[reason] for reason in group) for group in kept],
        }
    )
    total = pd.DataFrame([{"reason": _ALL, "id": None, "struck": sum(counted.values())}])
    table = pd.concat([rows, total], ignore_index=True) if counted else rows.iloc[:0]
    # Without rows nothing tells that a column is text.
    table = table.astype({"reason": "str"}).assign(whole=sum(counted.values()))
    table["share"] = share(table["struck"], table["whole"])
    columns = [
        Column("reason", "Orsak", trait="reason", trait_from="id"),
        Column("struck", "Strukna", "count", traits=STRUCK),
        Column("share", "Andel", "share", based_on="struck", traits=STRUCK),
    ]
    window = next(_windows(page), None)
    about = _whom(page).but(time=time_of(window, window.end)) if window else _whom(page)
    return Draft(table, columns, len(table) - 1 if len(table) else None, about)


def _name(page: Page, group: tuple[str, ...]) -> str:
    """A reason as the page's params call it; several together by their numbers."""
    names: Mapping[str, str] = dict(page.parameters.get("reason_names", {}))
    if group == (NO_BED,):
        return f"Plats på postop saknades ({listing(_bed_reasons(page))})"
    if len(group) > 1:
        return f"{_OTHERS} ({', '.join(sorted(group, key=int))})"
    number = group[0]
    rest = ", utom plats på postop" if _is_rest(page, number) else ""
    said = f": {lower_first(names[number])}" if number in names else ""
    return f"Orsak {number}{said}{rest}"


def _id(page: Page, reason: str) -> str:
    return f"{reason}-not-{NO_BED}" if _is_rest(page, reason) else reason


def _is_rest(page: Page, reason: str) -> bool:
    """Whether a reason of level 1 is what is left of it beside the places in postop."""
    return any(bed.rstrip(ascii_lowercase) == reason for bed in _bed_reasons(page))


def _bed_reasons(page: Page) -> list[str]:
    return [str(reason) for reason in page.parameters.get("no_bed_reasons", [])]


def _no_bed_traits() -> tuple[tuple[str, str], ...]:
    return (("reason", NO_BED), *STRUCK)


def _whom(page: Page) -> Group:
    return Group.of(SCHEDULED, **{UNIT: "+".join(units_of(page))})


def _cancellations(page: Page, window: Period) -> pd.DataFrame:
    if not page.has("cancellations"):
        return pd.DataFrame(columns=[*_TIMES, *_REASONS])
    return page.read(
        "cancellations",
        units=units_of(page),
        start=window.start,
        end=window.end,
        columns=[*_TIMES, *_REASONS],
    )
