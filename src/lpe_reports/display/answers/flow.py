"""Answers of the whole flow: its steps from referral to home, and the sentence about them."""

from dataclasses import dataclass
from datetime import timedelta

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Cell, Protected
from lpe_reports.display.answer import answer, sentence
from lpe_reports.display.answers.flow_steps import (
    BOTTLENECK,
    NO_DATA,
    NOBODY,
    STEP_NAMES,
    STEP_WORDS,
    days_of,
    remark_of,
    steps_of,
    whom,
)
from lpe_reports.display.page import Page
from lpe_reports.display.series.queues import to_nearest

_NUMBERS = ("step", "number_in", "done", "still_waiting", "linked_share")
_TIMES = ("step", "median_days", "p90_days", "km_median_days", "remark")


@answer
def steps(page: Page, *, of_before: bool = False) -> Protected:
    """The steps in the page's quarter, or in the one before it: a row per step.

    Who left a step for somewhere else is not shown, but would follow from who came, who took it
    and who is there at the ends of two quarters, and they are few: all three are
    rounded. Those still in two steps of one waiting list are hidden together, since the whole
    list is shown on other pages.

    Returns:
        [step, number_in, done, still_waiting, linked_share, median_days, p90_days,
        km_median_days, remark].
    """
    found = steps_of(page, of_before)
    fewest = page.params.disclosure.threshold
    found["remark"] = [remark_of(row, fewest) for _, row in found.iterrows()]
    found["step_id"], found["step"] = found["step"], found["step"].map(STEP_NAMES)
    for name, basis in (("number_in", "came"), ("done", "took"), ("still_waiting", "waits")):
        found[basis], found[name] = found[name], to_nearest(found[name].astype("Int64"), fewest)
    found["linked_share"] = found["linked_share"].round(2)
    _, _, end = days_of(page, of_before)
    timed = (("event", "timed"),)
    columns = [
        Column("step", "Steg", trait="step", trait_from="step_id"),
        _rounded("number_in", "Kom in, ca", basis="came", event="in"),
        _rounded("done", "Gick vidare, ca", basis="took", event="done"),
        Column(
            "still_waiting",
            "Kvar i steget, ca",
            "count",
            based_on="fewest_waiting",
            reckoned=True,
            traits=(("state", "waiting"), ("time", end.isoformat())),
        ),
        Column(
            "linked_share",
            "Kopplade",
            "share",
            decimals=0,
            based_on="linkable",
            traits=(("event", "linkable"),),
        ),
        Column("median_days", "Median", "days", unit="dagar", based_on="timed", traits=timed),
        Column("p90_days", "90:e percentil", "days", unit="dagar", based_on="timed", traits=timed),
        Column(
            "km_median_days",
            "Median med väntande",
            "days",
            unit="dagar",
            based_on="in_step",
            traits=(("event", "any"),),
        ),
        Column("remark", "Anmärkning"),
    ]
    return page.protect(found, table="flow_steps", columns=columns, about=whom(page, of_before))


@answer
def numbers(page: Page) -> Protected:
    """How many came in to each step, took it and are in it: `steps` without its days."""
    return steps(page).select(*_NUMBERS)


@answer
def times(page: Page) -> Protected:
    """How long each step takes: `steps` without its numbers of patients."""
    return steps(page).select(*_TIMES)


def _rounded(name: str, label: str, *, basis: str, event: str) -> Column:
    """A rounded number of those to whom something happened in a step."""
    traits = (("event", event),)
    return Column(name, label, "count", based_on=basis, traits=traits, reckoned=True)


# By step, its cells by column.
Rows = dict[str, dict[str, Cell]]


@dataclass(frozen=True)
class _Bottleneck:
    step: str
    days: float | None  # None where more than half wait still


@sentence
def summary(page: Page) -> str:
    """Which step takes longest, against the period before; and how many came through and wait."""
    now = rows_by_step(steps(page))
    remarks = {row["remark"] for row in now.values()}
    if remarks == {NO_DATA}:
        return f"Uppgifter om flödet saknas för {page.period.long}."
    if remarks <= {NO_DATA, NOBODY}:
        return f"Ingen fanns i något av flödets steg under {page.period.long}."
    before = rows_by_step(steps(page, of_before=True))
    so_far = f"Hittills under {page.period.long}" if page.ongoing else ""
    last = wording.day(page.until - timedelta(days=1))
    when = f"Den {last}" if page.ongoing else "När kvartalet var slut"
    slowest = slowest_words(now, before, before_label=before_label(page), so_far=so_far)
    return f"{slowest} {through_words(now, when=when, ongoing=page.ongoing)}".strip()


def slowest_words(now: Rows, before: Rows, *, before_label: str, so_far: str = "") -> str:
    """Which step takes longest, and how much longer than in the period before.

    Args:
        now: The steps.
        before: Those of the period before.
        before_label: What that period is called.
        so_far: How the sentence begins where the period is under way.
    """
    slowest = _bottleneck(now)
    if slowest is None:
        return "Vilket steg som tar längst tid kan inte anges: för få patienter har följts."
    step = f"steget {STEP_WORDS[slowest.step]}"
    text = f"{wording.upper_first(step)} tog längst tid"
    if so_far:
        text = f"{so_far} har {step} tagit längst tid"
    lasts = "fler än hälften väntar ännu"
    if slowest.days is not None:
        lasts = f"{wording.days(slowest.days)} i median, med dem som väntar inräknade"
        lasts += _than_before(slowest.days, before[slowest.step]["km_median_days"], before_label)
    text += f": {lasts}"
    other = _bottleneck(before)
    if other is not None and other.step != slowest.step:
        text += f"; {before_label} var det steget {STEP_WORDS[other.step]}"
    return f"{text}."


def _than_before(days: float, was: Cell, before_label: str) -> str:
    """How much longer or shorter than the same step took in the period before."""
    if not isinstance(was, int | float):
        return ""
    words = wording.change(days, was, Column("days", "Dagar", "days"))
    if words == wording.UNCHANGED:
        return f", lika länge som {before_label}"
    way, _, amount = words.partition(" ")
    return f", {amount} {'längre' if way == 'upp' else 'kortare'} än {before_label}"


def through_words(now: Rows, *, when: str, ongoing: bool = False) -> str:
    """How many referrals and requests came to contact and operation, and how many wait for it.

    Args:
        now: The steps.
        when: When those wait who wait: "När kvartalet var slut".
        ongoing: Whether the period is under way.
    """
    met = _counted(now["first_contact"]["done"], "remiss", "remisser")
    operated = _counted(now["operation"]["done"], "operationsanmälan", "operationsanmälningar")
    both = ((met, "en första kontakt"), (operated, "en operation"))
    led = [f"{who} till {what}" for who, what in both if who]
    verb = "har lett" if ongoing else "ledde"
    # The verb stands once, after the first that it is said of.
    told = wording.upper_first(wording.listing(led)).replace(" till ", f" {verb} till ", 1)
    text = f"{told}. " if led else ""
    waiting = [
        f"omkring {wording.number(count)} på {what}"
        for step, what in (("first_contact", "en första kontakt"), ("operation", "operation"))
        if isinstance(count := now[step]["still_waiting"], int)
    ]
    if waiting:
        text += f"{when} väntade {wording.listing(waiting)}."
    return text.strip()


def _counted(count: Cell, one: str, many: str) -> str:
    """A rounded number with its noun; nothing where it is hidden or missing."""
    if not isinstance(count, int):
        return ""
    about = f"omkring {wording.number(count)}" if count else "inga"
    return f"{about} {wording.plural(count, one, many)}"


def _bottleneck(rows: Rows) -> _Bottleneck | None:
    """The step that the table calls the bottleneck; none where its median is hidden."""
    for step, row in rows.items():
        remark, days = str(row["remark"]), row["km_median_days"]
        if remark == BOTTLENECK and isinstance(days, int | float):
            return _Bottleneck(step, days)
        if remark.startswith(f"{BOTTLENECK}:"):
            return _Bottleneck(step, None)
    return None


def rows_by_step(table: Protected) -> Rows:
    """The rows of `steps` by step, as far as they are shown."""
    names = [column.id for column in table.columns]
    return {
        step: dict(zip(names, row, strict=True))
        for step, row in zip(STEP_NAMES, table.cells(), strict=True)
    }


@sentence
def before_label(page: Page, *, at_end: bool = False) -> str:
    """What the period before is called: "förra kvartalet", or as many days of it.

    Args:
        page: The page.
        at_end: Whether it is said of those who were there at its end.
    """
    label = wording.PERIOD_WORDS[page.period.kind].before
    if not page.ongoing:
        return label
    days = (page.until - page.period.start).days
    first = "första dagen" if days == 1 else f"de {wording.count_word(days)} första dagarna"
    return f"{'efter ' if at_end else ''}{first} {label}"


@sentence
def selection(page: Page, *, quarters: int = 1) -> str:
    """Whose way it is: the elective way of the VO's patients."""
    whose = f"{page.subject.name}, remisser till mottagningarna och planerade operationer"
    if quarters == 1:
        so_far = f", till och med {page.until - timedelta(days=1)}" if page.ongoing else ""
        return f"{whose}, {page.period.long}{so_far}"
    return f"{whose}, {quarters} kvartal till och med {page.period.long}"


@sentence
def other_lists(page: Page) -> str:
    """Why as many do not wait here as on the pages of the stored lists."""
    return (
        "De som väntar räknas här på remisser och operationsanmälningar, inte på väntelistorna. "
        "Väntelistor och Veckouppföljning kan därför ha andra tal."
    )


@sentence
def units(page: Page) -> str:
    """Whose staff and money it is: all of the units where the VO operates."""
    so_far = f", till och med {page.until - timedelta(days=1)}" if page.ongoing else ""
    return (
        f"Operationsenheter där {page.subject.name} opererade, hela enheten med alla "
        f"verksamhetsområden, {page.period.long}{so_far}"
    )


@sentence
def times_note(page: Page) -> str:
    """What the columns of days are of."""
    return (
        "Median och 90:e percentil gäller dem som gick vidare under kvartalet; 0 dagar är samma "
        "dag. I steget till beslut räknas bara de som fick ett beslut."
    )


@sentence
def numbers_note(page: Page) -> str:
    """What is rounded, what is not known of some steps, and whose the links of stays are."""
    step = wording.count_word(page.params.disclosure.threshold)
    return (
        f"Antalen är avrundade till steg om {step}. Ingen vet hur många som väntar på ett beslut "
        "om operation. Kopplade är den del av händelserna som kunde följas till steget före; på "
        "postop och avdelning gäller den alla verksamhetsområden, eftersom vårdtillfällena inte "
        "har något eget."
    )
