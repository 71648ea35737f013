"""What the postop report says in words of its own."""

from lpe_reports import wording
from lpe_reports.display.answer import sentence
from lpe_reports.display.page import Page
from lpe_reports.display.remarks import difference
from lpe_reports.display.series.model import Series


@sentence
def summary(page: Page) -> str:
    """How many came and how long they stayed, against the quarter before; and who waited."""
    if not page.has("postop_stays"):
        return "Uppgifter om tiden på postop har inte levererats till datalagret."
    stays, minutes, waited = page.measures(
        ["postop_stays", "postop_median_minutes", "ward_wait_share"], last=2
    )
    count = stays.now.value
    if count is None or count == 0:
        hidden = stays.now.hidden
        when = page.period.long
        if hidden:
            return f"Antalet vårdtillfällen på {page.subject.name} under {when} är dolt."
        return f"Inga vårdtillfällen på {page.subject.name} under {when}."
    return " ".join(filter(None, (_came(page, stays), _stayed(minutes, waited))))


def _came(page: Page, stays: Series) -> str:
    count = int(stays.now.value or 0)
    noun = wording.plural(count, "vårdtillfälle", "vårdtillfällen")
    had = "har hittills haft" if page.ongoing else "hade"
    text = f"{page.subject.name} {had} {wording.number(count)} {noun} under {page.period.long}"
    return f"{text}{_than(stays, 'fler', 'färre', 'lika många')}."


def _stayed(minutes: Series, waited: Series) -> str:
    """How long the middle stay was, and how many of them went on after the patient was ready."""
    told = []
    if minutes.now.value is not None:
        verb = "har varat" if minutes.ongoing else "varade"
        told.append(f"hälften {verb} högst {spoken(minutes.now.value)}")
    value = waited.now.value
    has = "har" if minutes.ongoing else ""
    still = "kvar mer än 30 minuter efter att ha bedömts klar"
    if value == 0:
        told.append(f"ingen patient {has or 'var'} {'varit ' if has else ''}{still}")
    elif value is not None:
        was = "har patienten varit" if has else "var patienten"
        than = _than(waited, "mer", "mindre", "lika mycket")
        told.append(f"i {wording.share(value)} av vårdtillfällena {was} {still}{than}")
    return " ".join(f"{wording.upper_first(one)}." for one in told)


def _than(series: Series, more: str, less: str, same: str) -> str:
    """How much more or less than in the period that it is compared with; nothing where unknown."""
    before, now = series.before, series.now.value
    if before is None or before.value is None or now is None:
        return ""
    if not difference(series, before.value):
        return f", {same} som {series.before_label}"
    amount = difference(series, before.value)
    if series.measure.type == "minutes":
        amount = spoken(abs(round(now) - round(before.value)))
    return f", {amount} {more if now > before.value else less} än {series.before_label}"


def spoken(minutes: float) -> str:
    """A time as it is said: 2 timmar och 35 minuter, 1 timme, 40 minuter."""
    hours, rest = divmod(round(minutes), 60)
    parts = []
    if hours:
        parts.append(f"{hours} {wording.plural(hours, 'timme', 'timmar')}")
    if rest or not hours:
        parts.append(f"{rest} {wording.plural(rest, 'minut', 'minuter')}")
    return wording.listing(parts)
