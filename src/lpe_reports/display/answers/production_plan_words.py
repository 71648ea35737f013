"""Sentences of the plan report, each exactly true of the numbers that the page shows."""

from datetime import timedelta

from lpe_reports import wording
from lpe_reports.display.answer import sentence
from lpe_reports.display.answers import production_plan_frames as frames
from lpe_reports.display.answers.sums import last_row
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Series
from lpe_reports.periods import MONTHS, Period


@sentence
def summary(page: Page) -> str:
    """What was done of what was planned, in the month and so far, and what the year may become."""
    said = [_month(page), _so_far(page), _year(page)]
    return " ".join(text for text in said if text)


@sentence
def selection(page: Page, *, about: str) -> str:
    """Whom a part of the page is about: `about` is month, to_date, year, own or rolling."""
    who, until = page.subject.name, page.until - timedelta(days=1)
    match about:
        case "month":
            when = page.period.long
            so_far = f", utfall till och med {wording.day(until)}; planen gäller hela månaden"
            days = f"{when}{so_far if page.ongoing else ''}"
            return f"{who}, alla operationer, även akuta, {days}"
        case "to_date":
            return f"{who}, alla operationer, även akuta, {to_date_words(page)}"
        case "year":
            year = page.period.start.year
            known = f"planen som den var känd den {until}"
            return f"{who}, alla operationer, även akuta, hela {year}; {known}"
        case "own":
            return f"{who}, månader som är slut"
        case "rolling":
            return f"{who}, alla operationer under de tolv månader som slutar med varje månad"
        case _:
            raise ValueError(f"no selection '{about}'")


@sentence
def forecast_note(page: Page) -> str:
    """How the forecast is to be read; nothing once the year is over."""
    if not frames.rest_of_year(page):
        return ""
    text = (
        "Prognosen är planen gånger planuppfyllelsen under de tre senaste hela månaderna. "
        "Intervallet (95 %) lägger ihop månadernas gränser och är hellre för brett än för smalt."
    )
    if page.ongoing:
        text += f" {wording.upper_first(_month_name(page.period))} räknas med sin prognos."
    return text


@sentence
def to_date_label(page: Page) -> str:
    """What the key figure of the year so far is called: Planuppfyllelse januari–april 2026."""
    return f"Planuppfyllelse {to_date_words(page)}"


@sentence
def before_label(page: Page) -> str:
    """What it is compared with: samma tid 2025."""
    return f"samma tid {page.period.start.year - 1}"


@sentence
def rolling_label(page: Page) -> str:
    """Operationer, tolv månader till april 2026."""
    return f"Operationer, tolv månader till och med {frames.last_whole_month(page).long}"


@sentence
def rolling_before_label(page: Page) -> str:
    """What it is compared with."""
    return "tolv månader dessförinnan"


def to_date_words(page: Page) -> str:
    """The months of the year that are over: januari–april 2026; the year's name before that."""
    months, year = frames.whole_months(page), page.period.start.year
    if not months:
        return f"hela månader {year}"
    first, last = months[0], months[-1]
    if len(months) == 12:
        return f"hela {year}"
    names = [_month_name(first), _month_name(last)]
    return f"{names[0] if len(months) == 1 else '–'.join(names)} {year}"


def _month(page: Page) -> str:
    done = page.series("plan_operations", last=frames.history_months(page))
    row = last_row(page.answer("production_plan.month"))
    if done.now.value is None:
        missing = "visas inte" if done.now.hidden else "saknas"
        return f"Antalet operationer i {page.period.long} {missing}."
    plan = row.get("planned_operations")
    if page.ongoing:
        return _under_way(page, done, plan)
    counted = _operations(done.now.value)
    text = f"I {page.period.long} gjordes {counted}{_against(done.now.value, plan)}"
    hours = row.get("share_hours")
    if hours is not None:
        text += f". Operationstimmarna blev {wording.share(hours)} av planens"
    return f"{text}."


def _under_way(page: Page, done: Series, plan: float | None) -> str:
    now, before = done.now.value or 0.0, done.before
    text = f"Hittills i {page.period.long} har {_operations(now)} gjorts"
    if before is not None and before.value is not None:
        change = round(now - before.value)
        words = "fler" if change > 0 else "färre"
        text += (
            f", {wording.count_word(abs(change))} {words} än " if change else ", lika många som "
        )
        text += done.before_label
    if plan is not None:
        text += f". Planen för hela månaden är {wording.number(plan)}"
    return f"{text}."


def _so_far(page: Page) -> str:
    """The year's whole months together; nothing where they are only the page's own."""
    months = frames.whole_months(page)
    row = last_row(page.answer("production_plan.to_date"))
    done, plan = row.get("operations"), row.get("planned_operations")
    if done is None or [month.id for month in months] == [page.period.id]:
        return ""
    when = wording.upper_first(to_date_words(page))
    return f"{when} gjordes {_operations(done)}{_against(done, plan)}."


def _year(page: Page) -> str:
    """The year's forecast against its plan; nothing once the year is over or without a forecast."""
    row = last_row(page.answer("production_plan.whole_year"))
    year, plan = row.get("year"), row.get("plan")
    low, high = row.get("low"), row.get("high")
    if year is None or plan is None:
        return ""
    text = f"Prognosen för hela {page.period.start.year} är {_operations(year)}"
    if low is None or high is None:
        return f"{text}; planen är {wording.number(plan)}."
    text += f" ({wording.number(low)}–{wording.number(high)})"
    return f"{text}, och planen på {wording.number(plan)} ligger {_place(plan, low, high)}."


def _place(plan: float, low: float, high: float) -> str:
    """Where the plan lies, as the rounded numbers say it."""
    if round(plan) > round(high):
        return "över det intervallet"
    return "under det intervallet" if round(plan) < round(low) else "inom det intervallet"


def _against(done: float, plan: float | None) -> str:
    """How many more or fewer than planned, and the share of the plan."""
    if not plan:
        return "; någon plan finns inte" if plan is None else ", och inga var planerade"
    change = round(done - plan)
    named = f"planens {wording.number(plan)}"
    if not change:
        return f", precis som planerat ({wording.number(plan)})"
    words = "fler" if change > 0 else "färre"
    size = wording.count_word(abs(change))
    return f", {size} {words} än {named} ({wording.share(done / plan)})"


def _operations(count: float) -> str:
    number = wording.number(count)
    if number == "0":
        return "inga operationer"
    return "en operation" if number == "1" else f"{number} operationer"


def _month_name(month: Period) -> str:
    return MONTHS[month.start.month - 1]
