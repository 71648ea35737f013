"""Which runs there are: report × unit × period, narrowed to what the command line asks for."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lpe_reports.errors import UsageError
from lpe_reports.params.reports import Report, Subject
from lpe_reports.periods import Period, parse_period

# How many of the names that there are a message tells.
_MOST_NAMES = 40


@dataclass(frozen=True)
class Selection:
    """What the command line asks for; an empty list asks for everything."""

    reports: Sequence[str] = ()
    units: Sequence[str] = ()
    periods: Sequence[str] = ()

    @property
    def everything(self) -> bool:
        return not (self.reports or self.units or self.periods)


@dataclass(frozen=True)
class Target:
    """One page to be: a report for one unit and one period."""

    report: Report
    unit: str
    period: Period


def select_targets(
    reports: Mapping[str, Report], night: date, selection: Selection
) -> list[Target]:
    """The targets of a night, in the order of the reports, their units and their periods.

    A period that is asked for by name may lie outside a report's window, and outside the time that
    a unit was there: that is how an older page is made again.

    Raises:
        UsageError: A report, unit or period does not exist; says what does.
    """
    chosen = _reports(reports, selection.reports)
    for unit in selection.units:
        _check_unit(chosen, unit)
    for text in selection.periods:
        _check_period(chosen, parse_period(text), night)
    return [
        Target(report, subject.id, period)
        for report in chosen
        for subject in _subjects(report, selection.units)
        for period in _periods(report, subject, night, selection.periods)
    ]


def _reports(reports: Mapping[str, Report], names: Sequence[str]) -> list[Report]:
    by_name = {r.slug: r for r in reports.values()} | dict(reports)
    for name in names:
        if name not in by_name:
            raise UsageError(_unknown("report", name, reports))
    wanted = {by_name[name].id for name in names} or set(reports)
    return [report for report in reports.values() if report.id in wanted]


def _check_unit(reports: Sequence[Report], name: str) -> None:
    known = {subject.id for report in reports for subject in report.subjects}
    slugs = {subject.slug for report in reports for subject in report.subjects}
    if name not in known | slugs:
        of = f" of report {reports[0].id}" if len(reports) == 1 else ""
        raise UsageError(_unknown(f"unit{of}", name, sorted(known)))


def _check_period(reports: Sequence[Report], period: Period, night: date) -> None:
    kinds = list(dict.fromkeys(w.kind for report in reports for w in report.windows()))
    if period.kind not in kinds:
        which = f"report {reports[0].id} is" if len(reports) == 1 else "these reports are"
        raise UsageError(
            f"'{period.id}' is a {period.kind}, but {which} made per {' or '.join(kinds)}"
        )
    if period.start >= night:
        raise UsageError(f"'{period.id}' has not begun on {night}, the night of the extract")


def _subjects(report: Report, names: Sequence[str]) -> Iterator[Subject]:
    for subject in report.subjects:
        if not names or subject.id in names or subject.slug in names:
            yield subject


def _periods(report: Report, subject: Subject, night: date, names: Sequence[str]) -> list[Period]:
    if not names:
        return [period for period in report.periods_at(night) if subject.was_there_in(period)]
    kinds = {window.kind for window in report.windows()}
    return sorted(p for p in map(parse_period, dict.fromkeys(names)) if p.kind in kinds)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'? There are: " if near else "there are: "
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"there is no {what} '{name}'; {hint}{', '.join(names[:_MOST_NAMES])}{more}"
