"""Sentences of the capacity report, each exactly true of the numbers that the page shows."""

from datetime import timedelta

from lpe_reports import wording
from lpe_reports.display.answer import sentence
from lpe_reports.display.answers import capacity_frames as frames
from lpe_reports.display.answers.sums import last_row
from lpe_reports.display.page import Page
from lpe_reports.measures.times import local_days
from lpe_reports.periods import Period

_STATES = (
    ("open_sessions", "öppet", "öppna"),
    ("closed_sessions", "stängt", "stängda"),
    ("released_sessions", "släppt", "släppta"),
)


@sentence
def summary(page: Page) -> str:
    """How the schedule's sessions stand, how much of them was used, and what the plan needs."""
    said = [_sessions(page), _used(page), _coverage(page)]
    return " ".join(text for text in said if text)


@sentence
def selection(page: Page, *, about: str) -> str:
    """Whom a part of the page is about: `about` is schedule, used, plan or coming."""
    unit, until = page.subject.name, page.until - timedelta(days=1)
    match about:
        case "schedule":
            return f"{unit}, alla salspass i schemat {page.period.long}"
        case "used":
            return f"{unit}, öppna salspass {page.period.start} till {until}"
        case "plan":
            return (
                f"Öppna salspass {page.period.long} i hela länet, för de verksamhetsområden som "
                f"har pass på {unit}"
            )
        case "coming":
            return (
                f"{unit}, alla salspass i schemat {page.period.next().long}, med det som har "
                "ändrats sedan det publicerades"
            )
        case _:
            raise ValueError(f"no selection '{about}'")


@sentence
def need_selection(page: Page) -> str:
    """Whose need it is, and which day's."""
    return (
        f"{page.subject.name}, elektiva patienter som väntade på operation på morgonen den "
        f"{page.until}. Behovet är tid på sal, mediantid för samma åtgärd under de två senaste åren"
    )


@sentence
def history_note(page: Page) -> str:
    """How far the schedule under way has come, where one is."""
    if not page.ongoing:
        return ""
    until = page.until - timedelta(days=1)
    return f"Schemat {page.period.long} räknas till och med den {until}."


@sentence
def coming_words(page: Page) -> str:
    """What the schedule to come gives, since when it is known, and what is closed in it."""
    period, sessions = page.period.next(), frames.published(page)
    if not len(sessions):
        told = page.until - timedelta(days=1)
        return f"Schemat för {period.long} var inte publicerat den {told}."
    row = last_row(page.answer("capacity.coming"))
    since = local_days(sessions["published_on"]).min()
    hours, now, count = row.get("open_hours"), row.get("hours_now"), row.get("open_sessions")
    text = f"Schemat för {period.long} publicerades den {wording.day(since)}"
    if hours is not None and count is not None:
        text += f" och har {_counted(count, 'öppet salspass', 'öppna salspass')}"
        text += f" med {_hours(hours)}{_than(hours, now)}"
    closures = "".join(f" {closure}." for closure in _closures(page, period))
    return f"{text}.{closures}"


def _sessions(page: Page) -> str:
    row = last_row(page.answer("capacity.sessions"))
    count = row.get("sessions")
    if not count:
        return f"Inga salspass finns i schemat {page.period.long}."
    states = [
        f"{_number(row.get(name))} {one if row.get(name) == 1 else many}"
        for name, one, many in _STATES
        if row.get(name)
    ]
    verb = "är" if page.ongoing else "var"
    text = f"Av schemats {_counted(count, 'salspass', 'salspass')} {verb} {wording.listing(states)}"
    ahead = row.get("coming")
    if ahead:
        text += _ahead(row.get("open_sessions") or 0.0, ahead)
    return f"{text}."


def _ahead(count: float, ahead: float) -> str:
    """How many of the open sessions are to come; and have been, which the key figure counts."""
    if count == ahead:
        return f"; {_number(ahead)} av de öppna återstår"
    return f"; av de öppna har {_number(count - ahead)} varit och {_number(ahead)} återstår"


def _used(page: Page) -> str:
    row = last_row(page.answer("capacity.hours"))
    used, hours = row.get("share_used"), row.get("open_hours")
    if used is None or hours is None:
        return ""
    begins = "Hittills har patienter varit" if page.ongoing else "Patienter var"
    text = f"{begins} på sal {wording.share(used)} av den öppna tiden"
    # As many as the notebook draws, so that they are reckoned once.
    series = page.series("aacd_raw", last=max(int(page.parameters.get("history_schedules", 0)), 2))
    before, label = series.before, series.before_label
    if before is not None and before.value is not None:
        points = round(100 * used, 1) - round(100 * before.value, 1)
        if round(points, 1) == 0:
            text += f", lika mycket som {label}"
        else:
            side = "mer" if points > 0 else "mindre"
            size = wording.number(abs(points), 1)
            text += f", {size} procentenheter {side} än {label}"
    return f"{text}."


def _coverage(page: Page) -> str:
    """Which VO has least of the session time that its plan needs, in the county."""
    table = page.answer("capacity.against_plan")
    names = [column.id for column in table.columns]
    rows = [dict(zip(names, cells, strict=True)) for cells in table.cells()]
    known = [
        (float(row["coverage"]), str(row["vo"]))
        for row in rows
        if isinstance(row["coverage"], int | float)
    ]
    if not known:
        return ""
    short = sorted((value, vo) for value, vo in known if round(100 * value) < 100)
    if not short:
        every = "alla verksamhetsområden med pass här" if len(known) > 1 else known[0][1]
        return f"I hela länet har {every} minst den passtid som planen behöver."
    told = [f"{vo} {wording.share(value, 0)}" for value, vo in short[:3]]
    rest = len(short) - len(told)
    more = f"; ytterligare {wording.count_word(rest)} har för lite" if rest else ""
    return f"I hela länet har {wording.listing(told)} av den passtid som planen behöver{more}."


def _closures(page: Page, period: Period) -> list[str]:
    found = page.params.calendar.closures_of([page.unit], period.start, period.end)
    return [f"{closure.name} ({closure.start} till {closure.end})" for closure in found]


def _than(hours: float, now: float | None) -> str:
    if now is None:
        return ""
    change = round(hours) - round(now)
    if not change:
        return ", lika många timmar som i detta schema"
    words = "fler" if change > 0 else "färre"
    return f", {_hours(abs(change))} {words} än i detta schema"


def _counted(count: float, one: str, many: str) -> str:
    return f"{wording.number(count)} {one if count == 1 else many}"


def _number(count: float | None) -> str:
    return wording.number(count or 0.0)


def _hours(hours: float) -> str:
    number = wording.number(hours)
    return f"{number} {'timme' if number == '1' else 'timmar'}"
