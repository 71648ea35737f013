"""What a meeting pack says beside its pages, as data for its template (`pack.typ`).

Everything here is known before a page is opened and stands on the pages as well; so the same
data and the same pages give the same pack.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from lpe_reports import wording
from lpe_reports.params.site import Site
from lpe_reports.render.cards import Card, Signal
from lpe_reports.render.packs.planned import Absence, PlannedPack
from lpe_reports.render.sitemap import PageSpot
from lpe_reports.wording import lower_first, upper_first

# A meeting reads one page of signals, not three.
_MOST_SIGNALS = 14
_LEFT = "Har lämnat sina egna gränser"
_MISSED = "Når inte målet"
_OWN_LIMITS = ("limits", "lasting")
_TONES = {"bad": 0, "flag": 1, "good": 2}


def pack_data(
    planned: PlannedPack, cards: Mapping[str, Card], site: Site, *, made_up: bool
) -> dict[str, Any]:
    """The data of a pack.

    Args:
        planned: The pack.
        cards: What its pages say of themselves, by address.
        site: Who it is from.
        made_up: Whether the numbers are a demo's.
    """
    names = {spot.address: f"p{number}" for number, spot in enumerate(planned.pages, start=1)}
    signals = list(_signals(planned, cards))
    return {
        "title": planned.title,
        "forum": planned.pack.title,
        "when": upper_first(planned.period.long),
        "dates": planned.period.dates,
        "about": planned.pack.about,
        "office": site.office,
        "contact": site.contact,
        "made_up": made_up,
        "lead": _lead(signals),
        "signals": [part for part in _parts(planned, signals, names) if part["rows"]],
        "absences": [_absence(absence) for absence in planned.absences],
        "chapters": [
            {
                "title": report.title,
                "question": report.question,
                "pages": [_page(planned, spot, cards[spot.address], names) for spot in spots],
            }
            for report, spots in _by_report(planned.pages)
        ],
    }


def _by_report(pages: Sequence[PageSpot]) -> Iterator[tuple[Any, list[PageSpot]]]:
    for _, spots in groupby(pages, lambda spot: (spot.report.id, spot.period.kind)):
        found = list(spots)
        yield found[0].report, found


def _name(planned: PlannedPack, spot: PageSpot) -> str:
    """The unit; a pack is of one period, and what is of another says so."""
    unit = spot.subject.name
    return unit if spot.period == planned.period else f"{unit}, {spot.period.long}"


def _page(
    planned: PlannedPack, spot: PageSpot, card: Card, names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": names[spot.address],
        "unit": spot.subject.name,
        "name": _name(planned, spot),
        "summary": card.summary,
        "address": f"{spot.address}.html",
    }


Found = tuple[PageSpot, Signal]


def _signals(planned: PlannedPack, cards: Mapping[str, Card]) -> Iterator[Found]:
    for spot in planned.pages:
        for signal in cards[spot.address].signals:
            yield spot, signal


def _left(signals: Sequence[Found]) -> list[Found]:
    """Those that left their own limits: the bad first, then what is newest."""
    found = [pair for pair in signals if pair[1].kind in _OWN_LIMITS]
    newest = sorted(found, key=lambda pair: pair[0].period.end, reverse=True)
    return sorted(newest, key=lambda pair: _TONES.get(pair[1].tone, len(_TONES)))


def _missed(signals: Sequence[Found]) -> list[Found]:
    """Those that miss their target, the farthest from it first."""
    found = [pair for pair in signals if pair[1].kind == "target" and pair[1].tone == "bad"]
    return sorted(found, key=lambda pair: pair[1].distance, reverse=True)


def _parts(
    planned: PlannedPack, signals: Sequence[Found], names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for heading, found in ((_LEFT, _left(signals)), (_MISSED, _missed(signals))):
        shown = found[:_MOST_SIGNALS]
        yield {
            "heading": heading,
            "rows": [_row(planned, spot, signal, names) for spot, signal in shown],
            "cut": f"visar {len(shown)} av {len(found)}" if len(shown) < len(found) else "",
        }


def _row(
    planned: PlannedPack, spot: PageSpot, signal: Signal, names: Mapping[str, str]
) -> dict[str, str]:
    return {
        "page": names[spot.address],
        "name": _name(planned, spot),
        "report": spot.report.title,
        "label": signal.label,
        "value": signal.value,
        "target": signal.target,
        "tone": signal.tone,
        "words": signal.words,
    }


def _lead(signals: Sequence[Found]) -> str:
    """How many figures of the pack left their limits, miss their target, reach it."""
    left, missed = len(_left(signals)), len(_missed(signals))
    reached = sum(s.kind == "target" and s.tone == "good" for _, s in signals)
    first = f"{upper_first(_count(left))} nyckeltal har lämnat sina egna gränser"
    if not missed and not reached:
        return f"{first}, och inget missar ett mål."
    if not missed:
        return f"{first}. Inget missar sitt mål och {_count(reached)} når det."
    return f"{first}. {upper_first(_count(missed))} når inte målet och {_count(reached)} når det."


def _count(count: int) -> str:
    return wording.count_word(count, neuter=True) if count else "inget"


def _absence(absence: Absence) -> dict[str, str]:
    what = f"{absence.report.title}, {lower_first(absence.period.long)}"
    return {"what": what, "units": wording.listing(absence.units), "why": absence.why}
