"""Sentences of the waiting lists report, made from its numbers."""

from datetime import date

from lpe_reports import wording
from lpe_reports.display.answer import sentence
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Point, Series
from lpe_reports.periods import MONTHS

_FOR_WHAT = {"operation": "operation", "first_contact": "första kontakt"}
_TOO_FEW = "eftersom det skulle avslöja tal om för få patienter"


@sentence
def summary(page: Page) -> str:
    """How many wait, what became of it since the month began, and queues over the guarantee."""
    told = [
        _stock(page, "operation"),
        _flow(page),
        _stock(page, "first_contact"),
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
    count, over = int(str(row["queues"])), int(str(row["over"]))
    days = page.params.glossary.guarantee_days("operation", page.period.last_day)
    limit = f"vårdgarantins {days} dagar" if days else "vårdgarantin lovar"
    waited = f"har någon väntat längre än {limit}"
    if count == 1:
        return f"I den enda kön till operation {waited if over else _nobody(limit)}."
    if over == 0:
        return f"I de {count} köerna till operation {_nobody(limit)}."
    which = f"alla {count}" if over == count else f"{over} av {count}"
    return f"I {which} köer till operation {waited}."


@sentence
def nights(page: Page) -> str:
    """Which night's list the page shows, and why it is not the last of the month."""
    found = page.snapshot_on("operation", page.until)
    if found is None:
        return "Ingen väntelista är lagrad den sista veckan, så antalen väntande saknas."
    shown = f"Väntelistorna är de som lagrades den {wording.day(found)}"
    mondays = "Veckouppföljningen visar måndagarnas listor och kan ha andra tal."
    if found == page.until:
        return f"{shown}. {mondays}"
    return f"{shown}, de sista före periodens slut. {mondays}"


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
                f"{name}, elektiva behov av operation. Nya och avslutade räknas under månaden, "
                "väntande på den lista som finns närmast månadens slut"
            )
        case "referrals":
            return (
                f"{name}, alla remisser till mottagningarna. Nya och avslutade räknas under "
                "månaden, väntande på den lista som finns närmast månadens slut. Många remisser "
                "besvaras eller återsänds utan att patienten ställs på listan"
            )
        case "outcomes":
            return f"{name}, väntan som tog slut under {_span(page)} och de senaste tolv månaderna"
        case "waits":
            return (
                f"{name}, alla som någon gång under {_span(page)} väntade på en planerad operation"
            )
        case _:
            raise ValueError(f"no selection '{about}'")


def _stock(page: Page, list_: str) -> str:
    """Den 1 maj väntade 1 137 på operation, 48 färre än den 30 mars."""
    series = page.series("waiting", list=list_, last=13)
    what, now = _FOR_WHAT[list_], series.now
    day = page.snapshot_on(list_, page.until)
    if day is None:
        return f"Antalet väntande till {what} saknas."
    if now.hidden:
        return f"Hur många som väntar på {what} visas inte, {_TOO_FEW}."
    if now.value is None:
        return f"Antalet väntande till {what} saknas."
    number = wording.number(now.value) if now.value else "ingen"
    return f"Den {_day(page, day)} väntade {number} på {what}{_since(page, series, list_)}."


def _since(page: Page, series: Series, list_: str) -> str:
    """How many more or fewer than when the month began; nothing where that is not known."""
    then = page.snapshot_on(list_, page.period.start)
    before = series.points[-2] if len(series.points) > 1 else Point(None)
    if then is None or before.value is None or series.now.value is None:
        return ""
    change = round(series.now.value - before.value)
    when = f"den {_day(page, then)}"
    if change == 0:
        return f", lika många som {when}"
    return f", {wording.number(abs(change))} {'fler' if change > 0 else 'färre'} än {when}"


def _flow(page: Page) -> str:
    """Under april kom 315 nya beslut om operation, och 354 lämnade listan."""
    came, left = (page.series(f"operation_{way}", last=13).now for way in ("inflow", "outflow"))
    month = MONTHS[page.period.start.month - 1]
    if came.value is None or left.value is None:
        if came.hidden or left.hidden:
            return f"Inflöde eller utflöde visas inte, {_TOO_FEW}."
        return "Uppgift om inflöde och utflöde saknas."
    new = wording.plural(came.value, "nytt beslut", "nya beslut")
    came_text = "inget nytt beslut" if came.value == 0 else f"{wording.number(came.value)} {new}"
    left_text = "ingen" if left.value == 0 else wording.number(left.value)
    if page.ongoing:
        so_far = f"Hittills i {month} har {came_text} om operation kommit"
        return f"{so_far}, och {left_text} har lämnat listan."
    return f"Under {month} kom {came_text} om operation, och {left_text} lämnade listan."


def _nobody(limit: str) -> str:
    return f"har ingen som omfattas väntat längre än {limit}"


def _span(page: Page) -> str:
    long = page.period.long
    return f"{long} till och med den {page.until - date.resolution}" if page.ongoing else long


def _day(page: Page, day: date) -> str:
    """30 mars; with its year where that is another than the page's."""
    if day.year == page.period.start.year:
        return f"{day.day} {MONTHS[day.month - 1]}"
    return wording.day(day)
