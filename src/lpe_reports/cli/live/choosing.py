"""Which page a preview shows: what was asked for, or what is nearest at hand."""

from dataclasses import dataclass
from pathlib import Path

from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.params.loading import load_params
from lpe_reports.params.reports import Report
from lpe_reports.params.sources import load_sources
from lpe_reports.params.units import unknown
from lpe_reports.periods import Period
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import Night, find_night, newest_night


@dataclass(frozen=True)
class Chosen:
    """The page, the extract that it reads, and what was chosen for who asked."""

    report: Report
    unit: str
    period: Period
    night: Night
    said: str

    @property
    def page(self) -> dict[str, str]:
        """The same for the process that makes it."""
        return {
            "report": self.report.id,
            "unit": self.unit,
            "period": self.period.id,
            "night": self.night.folder.name,
        }


def choose_night(project: Project, source: str | None) -> Night:
    """The newest extract of a source; of any where none is asked for and the usual has none.

    Raises:
        UsageError: There is no such source.
        ParamsError: The file of sources is wrong.
        ExtractError: There is no extract.
    """
    sources = load_sources(project.params / "sources.yml", project.root)
    if source is not None:
        sources.get(source)
    try:
        return newest_night(project, source or sources.default)
    except ExtractError:
        if source is not None:
            raise
        return find_night(project)


def choose(
    project: Project, night: Night, name: str, unit: str | None, period: str | None
) -> Chosen:
    """The page that is asked for, of a night.

    Raises:
        UsageError: There is no such report, unit or period.
        ParamsError: A file of params is wrong.
    """
    params = load_params(project, notebooks=False)
    known = {report.slug: report for report in params.reports.values()} | dict(params.reports)
    if name not in known:
        report_id = Path(name).stem if name.endswith((".ipynb", ".yml")) else name
        found = [r for r in params.reports.values() if Path(r.notebook).stem == report_id]
        if len(found) != 1:
            raise UsageError(
                f"{unknown('report', name, params.reports)}. `lpe new` makes a new one, with its "
                "file in params/reports"
            )
        known[name] = found[0]
    report = known[name]
    subject = report.subject(unit) if unit else report.subjects[0]
    chosen = report.period(period) if period else _newest(report, night)
    if chosen.start >= night.date:
        raise UsageError(f"'{chosen.id}' has not begun on {night.date}, the night of the extract")
    said = [] if unit else ["its first unit"]
    said += [] if period else ["its newest period that is over"]
    return Chosen(report, subject.id, chosen, night, " and ".join(said))


def _newest(report: Report, night: Night) -> Period:
    periods = report.periods_at(night.date)
    over = [period for period in periods if period.is_over(night.date)]
    return (over or periods)[-1]
