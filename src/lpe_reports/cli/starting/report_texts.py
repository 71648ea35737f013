"""What a new report's three files hold; each passes `lpe check` and the tests as it is."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from lpe_reports import wording
from lpe_reports.cli.starting.offered import as_call
from lpe_reports.cli.starting.subjects import WHOSE, Subjects
from lpe_reports.cli.starting.wish import Wish
from lpe_reports.periods import Period, PeriodKind, last_periods

_LINE = 100
_SPC = "spc_limits"


class PeriodWords(NamedTuple):
    """How a kind of period is spoken of.

    Fields:
        one: In Swedish, as in "per vecka".
        each: As in "vecka för vecka".
        pages: How many pages are made of it, the newest.
        parameter: What the notebook calls how far back it looks.
        history: How far that is.
    """

    one: str
    each: str
    pages: int
    parameter: str
    history: int


PERIODS: Mapping[PeriodKind, PeriodWords] = {
    PeriodKind.WEEK: PeriodWords("vecka", "vecka för vecka", 8, "history_weeks", 26),
    PeriodKind.MONTH: PeriodWords("månad", "månad för månad", 4, "history_months", 24),
    PeriodKind.QUARTER: PeriodWords("kvartal", "kvartal för kvartal", 4, "history_quarters", 8),
    PeriodKind.TERTIAL: PeriodWords("tertial", "tertial för tertial", 3, "history_tertials", 6),
    PeriodKind.YEAR: PeriodWords("år", "år för år", 3, "history_years", 5),
    PeriodKind.ROLLING12: PeriodWords(
        "tolv månader", "tolv månader i taget", 2, "history_periods", 13
    ),
    PeriodKind.SCHEDULE: PeriodWords("schema", "schema för schema", 3, "history_schedules", 6),
}


def params_text(wish: Wish) -> str:
    """The params file, with what each key decides."""
    words = PERIODS[wish.periods]
    return (
        "# For whom and when this report is made. All keys stand in the manual (`lpe docs`).\n"
        f"notebook: {wish.notebook}\n"
        f"area: {wish.area} # where it stands in the menus: uppfoljning, jamlik-vard, nyttjande\n"
        f"slug: {quoted(wish.slug)} # its part of the address; never changes once it is published\n"
        f"title: {quoted(wish.title)}\n"
        f"question: {quoted(wish.question)}\n"
        f"owner: {quoted(wish.owner)} # who answers for it\n"
        "# A page for each: {kind: vo}, or a list of unit ids, or {procedures: [knee, NGB49]}.\n"
        f"units: {_units(wish.subjects)}\n"
        "# And for each of the newest periods; older ones stay in the versions that had them.\n"
        f"periods: {{kind: {wish.periods}, last: {words.pages}}}\n"
        "# What the notebook is given beside unit and period; it has a default for each.\n"
        "parameters:\n"
        f"  {words.parameter}: {words.history} # how far back the page looks\n"
        "# Tables that give no page when they have no row for its period.\n"
        "# requires_rows: [operations]\n"
    )


def notebook_text(wish: Wish, night: date | None, *, spc: bool) -> str:
    """The notebook, as Jupyter lays it out, without outputs.

    Args:
        wish: The report.
        night: The newest extract's, whose newest period that is over the author sees first.
        spc: Whether the glossary has an entry for the limits that charts show.
    """
    cells = [
        {"cell_type": "raw", "id": "title", "metadata": {}, "source": _title(wish)},
        _code("parameters", _parameters(wish, night), tags=["parameters"]),
    ]
    for number, (kind, text) in enumerate(_cells(wish, spc), start=1):
        name = f"cell-{number:02}"
        cells.append(
            _code(name, text)
            if kind == "code"
            else {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}
        )
    document: dict[str, Any] = {
        "cells": [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in cells],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def text_of_test(wish: Wish) -> str:
    """The test: that a page is made, and that what it shows stands on it."""
    return (
        f'"""What must stand on a page of the report {wish.id}: `pytest` runs it.\n\n'
        "It runs the notebook on the newest extract, and is left out where there is none.\n"
        '"""\n\n'
        "from lpe_reports.testing import make_page\n\n\n"
        "def test_page_shows_what_it_is_about() -> None:\n"
        '    """The newest page has its title, a sentence, a key figure and its table."""\n'
        f'    page = make_page("{wish.id}", unit="{wish.subjects.ids[0]}")\n'
        f"    shown = {_python(caption(wish))}\n"
        '    (table,) = (each for each in page["tables"] if each["caption"] == shown)\n\n'
        f'    assert page["unit"] == "{wish.subjects.ids[0]}"\n'
        '    assert page["title"] and page["summary"] and page["key_figures"]\n'
        '    assert table["rows"] and table["selection"]\n\n\n'
        "# Hold a number that you know from elsewhere, of a period that will not change:\n"
        "#\n"
        "#     def test_page_counts_as_the_office_did() -> None:\n"
        f'#         page = make_page("{wish.id}", unit="{wish.subjects.ids[0]}", period="…")\n'
        "#\n"
        '#         assert page["key_figures"][0]["value"] == 26\n'
    )


def caption(wish: Wish) -> str:
    """What the report's table is called."""
    return f"{wish.measure.label} per {PERIODS[wish.periods].one}"


def quoted(text: str) -> str:
    """A text as YAML takes it, whatever it holds."""
    plain = re.fullmatch(r"[^\W\d_](?:[\w ,.@?!-]*[\w.?!])?", text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


# What YAML readers take for something else than a word.
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def _units(subjects: Subjects) -> str:
    if subjects.whole:
        return f"{{kind: {subjects.kind}}}"
    listed = f"[{', '.join(quoted(each) for each in subjects.ids)}]"
    return f"{{procedures: {listed}}}" if subjects.kind == "procedure" else listed


def _title(wish: Wish) -> str:
    return f"---\ntitle: {quoted(wish.title)}\n---"


def _parameters(wish: Wish, night: date | None) -> str:
    words = PERIODS[wish.periods]
    period = _newest(wish.periods, night).id if night else ""
    return (
        f'unit = "{wish.subjects.ids[0]}"\nperiod = "{period}"\n{words.parameter} = {words.history}'
    )


def _newest(kind: PeriodKind, night: date) -> Period:
    """The newest period that is over."""
    periods = last_periods(kind, night, 2)
    return next((period for period in reversed(periods) if period.is_over(night)), periods[-1])


def _cells(wish: Wish, spc: bool) -> Iterator[tuple[str, str]]:
    words, history = PERIODS[wish.periods], PERIODS[wish.periods].parameter
    measure = wish.measure
    call = as_call(measure, wish.subjects.kind, history)
    yield "code", _opening(wish.id, history)
    yield (
        "code",
        "# Vad sidan följer. Alla mått står under ”Så räknar vi”. Ett till följs så här, och\n"
        "# läggs till i anropen nedan: p.key_figures(measured, other)\n"
        f"# other = {call.replace(measure.id, '…', 1)}\n"
        f"measured = {call}",
    )
    yield (
        "code",
        "# Sidans första mening görs av talen. En egen läggs till så här:\n"
        '# p.summary(measured, "Det viktigaste som hände, i ord.")\n'
        "p.summary(measured)",
    )
    yield "code", "p.comment()"
    yield (
        "code",
        "# Talen överst: nu, perioden före, ett år tidigare och målet, där det finns ett.\n"
        "p.key_figures(measured)",
    )
    yield "markdown", _prose(wish)
    yield "code", _selection(wish, spc)
    yield "code", "p.trend(measured)"
    own = f"per-{wording.slug(words.one)}"
    table = f'caption="{caption(wish)}", id="{own}"'
    given = "measured"
    line = f"p.table({given}, {table})"
    split = f"p.table(\n    {given},\n    {table.replace(', id=', f',{chr(10)}    id=')},\n)"
    yield "code", line if len(line) <= _LINE else split


def _opening(report_id: str, history: str) -> str:
    arguments = [f'"{report_id}"', "unit=unit", "period=period", f"{history}={history}"]
    line = f"p = page.open({', '.join(arguments)})"
    if len(line) > _LINE:
        line = "p = page.open(\n" + "".join(f"    {each},\n" for each in arguments) + ")"
    return f"from lpe_reports import page\n\n{line}"


def _prose(wish: Wish) -> str:
    """The words around the chart: true of every page as they are."""
    shown = wording.lower_first(wish.measure.label)
    shown = wish.measure.label if wish.measure.label[:2].isupper() else shown
    return (
        "## Utveckling\n\n"
        f"Så har {WHOSE[wish.subjects.kind]} värden gått, {PERIODS[wish.periods].each}: {shown}, "
        "mot det egna medelvärdet och det band som värdet brukar hålla sig inom. Samma tal står "
        "i tabellen."
    )


def _selection(wish: Wish, spc: bool) -> str:
    names = [wish.measure.glossary_id, *([_SPC] if spc else [])]
    definitions = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    whose = "p.subject.name" if wish.subjects.kind == "hospital" else "measured.selection"
    return (
        "# Vilka talen gäller, och var måtten är definierade. Gäller till nästa p.selection.\n"
        f"p.selection({whose}, {definitions})"
    )


def _code(cell_id: str, source: str, *, tags: list[str] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"tags": tags} if tags else {},
        "outputs": [],
        "source": source,
    }


def _python(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
