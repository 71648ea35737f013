"""Sentences of the waiting lists report, made from its numbers."""

from collections.abc import Sequence
from datetime import date, timedelta

from lpe_reports import wording
from lpe_reports.display.answer import sentence
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Point, Series
from lpe_reports.periods import MONTHS

_FOR_WHAT = {"operation": "operation", "first_contact": "första kontakt"}
_TOO_FEW = "eftersom det skulle avslöja tal om för få patienter"


@sentence
def summary(page: Page, *, waiting: Series, flow: Sequence[Series], first: Series) -> str:
    """How many wait, what became of it since the month began, and queues over the guarantee.

    Args:
        page: The page.
        waiting: Those who wait for an operation.
        flow: Those who came to that list, and those who left it.
        first: Those who wait for a first contact.
    """
    told = [
        _stock(page, waiting, "operation"),
        _flow(page, *(one.now for one in flow)),
        _stock(page, first, "first_contact"),
        queues_over(page),
    ]
    return " ".join(text for text in told if text)


@sentence
def queues_over(page: Page) -> str:
    """I 9 av 14 köer till operation har någon väntat längre än vårdgarantins 90 dagar."""
    table = page.answer("waiting_lists.queues")
    if not len(table):
        return ""
    row = dict(zip((c.id for c in table.columns), table.cells()[-1], strict=True))
    if row["over"] is None:
        return ""
    count, over = int(str(row["queues"])), int(str(row["over"]))
    days = page.params.glossary.guarantee_on(page.period.last_day, list="operation").days
    limit = f"vårdgarantins {days} dagar" if days else "vårdgarantin lovar"
    waited = f"har någon som omfattas väntat längre än {limit}"
    nobody = f"har ingen som omfattas väntat längre än {limit}"
    if count == 1:
        return f"I den enda kön till operation med minst tio väntande {waited if over else nobody}."
    if over == 0:
        return f"I de {wording.count_word(count)} köerna till operation {nobody}."
    if over < count:
        return f"I {over} av {count} köer till operation {waited}."
    every = "båda köerna" if count == 2 else f"alla {wording.count_word(count)} köer"
    return f"I {every} till operation {waited}."


@sentence
def nights(page: Page) -> str:
    """Which night's lists the page shows, and why they are not of the month's end."""
    found = {list_: page.snapshot_on(list_, page.until) for list_ in _FOR_WHAT}
    operation, first = found.values()
    if operation is None and first is None:
        return "Ingen väntelista är lagrad den sista veckan, så antalen väntande saknas."
    if operation == first:
        said = [_list_night(page, operation, "Väntelistorna är de")]
    else:
        said = [
            _list_night(page, night, f"Väntelistan till {_FOR_WHAT[list_]} är den")
            for list_, night in found.items()
        ]
    mondays = (
        "Veckouppföljningen visar måndagarnas listor för de enheter som den följer och kan därför "
        "ha andra tal."
    )
    return " ".join([*said, mondays])


def _list_night(page: Page, found: date | None, what: str) -> str:
    if found is None:
        return f"{what.removesuffix(' är den')} är inte lagrad den sista veckan."
    text = f"{what} som lagrades den {wording.day(found)}"
    if found == page.until:
        return f"{text}."
    return f"{text}, {'de senaste' if page.ongoing else 'de sista före månadens slut'}."


@sentence
def unfinished(page: Page) -> str:
    """That a chart's last point is of a month under way; nothing of one that is over."""
    if not page.ongoing:
        return ""
    return f"Sista punkten är en månad som pågår, till och med {_last(page)}."


@sentence
def selection(page: Page, *, about: str) -> str:
    """Whom a section is about: `about` is the section's name below."""
    name = page.subject.name
    match about:
        case "operation" | "first_contact":
            found = page.snapshot_on(about, page.until)
            when = f"listan den {found.isoformat()}" if found else "ingen lagrad lista"
            return f"{name}, väntande till {_FOR_WHAT[about]}, {when}"
        case "flow":
            return (
                f"{name}, elektiva behov av operation. Nya och de som lämnade listan räknas under "
                f"månaden och är ungefärliga, på {_nearest(page)} när; väntande räknas på den "
                "lista som lagrades vid månadens slut eller närmast före"
            )
        case "referrals":
            return (
                f"{name}, alla remisser till mottagningarna. Nya och avslutade räknas under "
                "månaden, väntande på den lista som lagrades vid månadens slut eller närmast före. "
                "Många remisser återsänds eller skickas vidare utan att patienten kommer på listan"
            )
        case "outcomes":
            first = page.period.same_last_year().next().long
            return f"{name}, väntan som tog slut från {first} till och med {_last(page)}"
        case "waits":
            return (
                f"{name}, alla som väntade på en planerad operation någon gång under "
                f"{page.period.long}{f', till och med {_last(page)}' if page.ongoing else ''}"
            )
        case _:
            raise ValueError(f"no selection '{about}'")


def _stock(page: Page, series: Series, list_: str) -> str:
    """Den 1 maj väntade 1 137 på operation, 48 färre än den 30 mars."""
    what, now = _FOR_WHAT[list_], series.now
    day = page.snapshot_on(list_, page.until)
    if day is None:
        return f"Antalet väntande till {what} saknas."
    if now.hidden:
        return f"Hur många som väntar på {what} visas inte, {_TOO_FEW}."
    if now.value is None:
        return f"Antalet väntande till {what} saknas."
    number = wording.number(now.value) if now.value else "ingen"
    same = list_ != "operation" and day == page.snapshot_on("operation", page.until)
    when = "Samma dag" if same else f"Den {_day(page, day)}"
    return f"{when} väntade {number} på {what}{_since(page, series, list_)}."


def _since(page: Page, series: Series, list_: str) -> str:
    """How many more or fewer than when the month began; nothing where that is not known."""
    then = page.snapshot_on(list_, page.period.start)
    before = series.points[-2] if len(series.points) > 1 else Point(None)
    known = then is not None and then != page.snapshot_on(list_, page.until)
    if then is None or not known or before.value is None or series.now.value is None:
        return ""
    change = round(series.now.value - before.value)
    when = f"den {_day(page, then)}"
    if change == 0:
        return f", lika många som {when}"
    return f", {wording.count_word(abs(change))} {'fler' if change > 0 else 'färre'} än {when}"


def _flow(page: Page, came: Point, left: Point) -> str:
    """Under april kom omkring 315 nya beslut om operation, och omkring 355 lämnade listan."""
    month = MONTHS[page.period.start.month - 1]
    if came.value is None and left.value is None:
        if came.hidden or left.hidden:
            return f"Hur många som kom till och lämnade listan visas inte, {_TOO_FEW}."
        return "Uppgift om nya beslut och om dem som lämnade listan saknas."
    start = f"Hittills i {month}" if page.ongoing else f"Under {month}"
    new, gone = f"{_about(page, came)} nya beslut", _about(page, left)
    comes = f"har {new} om operation kommit" if page.ongoing else f"kom {new} om operation"
    if came.value is None:
        leaves = f"har {gone} lämnat listan" if page.ongoing else f"lämnade {gone} listan"
        return f"{start} {leaves}. {_unknown(came, 'hur många nya beslut som kom')}"
    if left.value is None:
        return f"{start} {comes}. {_unknown(left, 'hur många som lämnade listan')}"
    leaves = f"{gone} har lämnat listan" if page.ongoing else f"{gone} lämnade listan"
    return f"{start} {comes}, och {leaves}."


def _unknown(point: Point, what: str) -> str:
    if point.hidden:
        return f"{wording.upper_first(what)} visas inte, {_TOO_FEW}."
    return f"Uppgift om {what} saknas."


def _about(page: Page, point: Point) -> str:
    """A number that is rounded: omkring 315, and of nought the most that it can be."""
    if point.value:
        return f"omkring {wording.number(point.value)}"
    return f"högst {_nearest(page)}"


def _nearest(page: Page) -> str:
    """How far a rounded number may be from the real one."""
    return wording.count_word((page.params.disclosure.threshold - 1) // 2)


def _last(page: Page) -> str:
    """The month, or the last day that is known of one under way."""
    return wording.day(page.until - timedelta(days=1)) if page.ongoing else page.period.long


def _day(page: Page, day: date) -> str:
    """30 mars; with its year where that is another than the page's."""
    if day.year == page.period.start.year:
        return f"{day.day} {MONTHS[day.month - 1]}"
    return wording.day(day)
