"""Which pages have a reference: of each report one per kind of unit, and per kind of period.

A reference lies at `<report>/<unit>/<period>.ipynb` beside this file, and its place is all that
says so: another page is added by running it (`make references PAGES=weekly/kirurgi/2026-W14`) and
taken away by removing the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lpe_reports.params.loading import Params
from lpe_reports.params.reports import Report
from lpe_reports.periods import parse_period

HERE = Path(__file__).resolve().parent

# Shorter series than the site shows, where a reference would be too long to be read: what is
# drawn and reckoned is the same for each week of them.
SHORTER: dict[str, dict[str, Any]] = {"weekly": {"chart_weeks": 20, "table_weeks": 8}}


@dataclass(frozen=True, order=True)
class Page:
    """One page of a report that has a reference."""

    report: str
    unit: str
    period: str

    @property
    def path(self) -> Path:
        return HERE / self.report / self.unit / f"{self.period}.ipynb"

    def __str__(self) -> str:
        return f"{self.report}/{self.unit}/{self.period}"


@dataclass(frozen=True)
class Kind:
    """What makes pages of a report read alike: the unit's kind, its own sections, the period's."""

    report: str
    units: str
    periods: str
    sections: frozenset[str] = field(default_factory=frozenset)


def stored() -> list[Page]:
    """The pages that have a reference."""
    return sorted(page_at(path) for path in HERE.glob("*/*/*.ipynb"))


def page_at(path: Path) -> Page:
    """The page whose reference lies at a path."""
    report, unit, name = path.parts[-3:]
    return Page(report, unit, name.removesuffix(".ipynb"))


def chosen(asked: Sequence[str], params: Params, night: date) -> list[Page]:
    """The pages that are meant: all that are stored or wanting, those of reports, or some by name.

    Args:
        asked: Reports, or pages as `report/unit/period`; all when empty.
        params: The params.
        night: The night that the newest periods are of.

    Raises:
        ValueError: One is no report, or a page is not of that form.
        UsageError: A report is not made for a unit or a period.
    """
    pages = stored()
    pages += wanting(params, night, pages)
    if not asked:
        return sorted(pages)
    found = set()
    for text in asked:
        report, *rest = text.split("/")
        if report not in params.reports:
            raise ValueError(f"no report is called {report}")
        if rest and len(rest) != 2:
            raise ValueError(f"{text} is no page; write it like weekly/ortopedi/2026-W19")
        if rest:
            page = Page(report, *rest)
            kind_of(page, params)
            found.add(page)
        else:
            found |= {page for page in pages if page.report == report}
    return sorted(found)


def kind_of(page: Page, params: Params) -> Kind:
    """The kind that a page is of.

    Raises:
        UsageError: The report is not made for that unit or period.
        KeyError: There is no such report.
    """
    report = params.reports[page.report]
    subject = report.subject(page.unit).id
    sections = frozenset(report.sections.get(subject, {}))
    period = report.period(page.period).kind
    return Kind(report.id, _unit_kind(subject, params), period, sections)


def wanting(params: Params, night: date, pages: Sequence[Page]) -> list[Page]:
    """A page of each kind that none of some pages is of: the first unit, the newest period over."""
    had = {kind_of(page, params) for page in pages}
    found: dict[Kind, Page] = {}
    for page in _newest(params, night):
        found.setdefault(kind_of(page, params), page)
    return [page for kind, page in found.items() if kind not in had]


def parameters_of(page: Page, report: Report) -> dict[str, Any]:
    """What the notebook of a page is given, in a reference."""
    return {
        **report.parameters,
        **SHORTER.get(page.report, {}),
        "unit": page.unit,
        "period": parse_period(page.period).id,
    }


def _newest(params: Params, night: date) -> Iterator[Page]:
    for report in params.reports.values():
        periods = report.periods_at(night)
        for window in report.windows():
            over = [p for p in periods if p.kind == window.kind and p.is_over(night)]
            for subject in report.subjects if over else ():
                yield Page(report.id, subject.id, over[-1].id)


def _unit_kind(subject: str, params: Params) -> str:
    if subject in params.units:
        return str(params.units.get(subject).kind)
    return "procedure" if subject.isupper() else "group of procedures"
