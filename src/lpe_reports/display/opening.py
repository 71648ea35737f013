"""Opening a page: which report, for whom and when, from the night's extract."""

import os
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from lpe_reports.disclosure.decisions import Decisions, read_decisions
from lpe_reports.display.blocks import TitleBlock
from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.params.loading import Params, load_params
from lpe_reports.params.reports import Report, Subject
from lpe_reports.params.units import unknown
from lpe_reports.periods import Period
from lpe_reports.settings import find_project
from lpe_reports.warehouse.snapshots import Extract, open_extract


@dataclass(frozen=True)
class Opening:
    """What a page is opened with."""

    params: Params
    extract: Extract
    report: Report
    subject: Subject
    period: Period
    parameters: dict[str, Any]
    building: bool
    decisions: Decisions = field(default_factory=Decisions)
    root: Path = field(default_factory=lambda: find_project().root)
    whole_months: bool = False

    @property
    def ongoing(self) -> bool:
        return not self.period.is_over(self.extract.night)

    @property
    def title(self) -> TitleBlock:
        return TitleBlock(
            report=self.report.id,
            unit=self.subject.id,
            period=self.period.id,
            title=f"{self.subject.name}, {self.period.long}",
            when=self._when,
            ongoing=self.ongoing,
        )

    @property
    def _when(self) -> str:
        """The days that the page's numbers are about."""
        until = whole_months_until(self.period, self.extract.night)
        if not self.whole_months or until == self.period.end or until.day > 1:
            return self.period.dates
        return f"{replace(self.period, end=until).dates}, hela månader"


def whole_months_until(period: Period, night: date) -> date:
    """The day after the last of a period's whole months that were over on a night.

    The period's end where it is over, and the night itself in its first month, which is all
    there is of it.
    """
    if period.is_over(night):
        return period.end
    month = night.replace(day=1)
    return month if month > period.start else night


def find_opening(
    report_id: str,
    unit: str | None,
    period: str | None,
    parameters: dict[str, Any],
    *,
    whole_months: bool = False,
) -> Opening:
    """What a notebook's `page.open(…)` means, in a build or on an author's screen.

    In a build, LPE_NIGHT names the night and LPE_RUN says that a build runs. An author gets
    the newest extract, the report's first unit and its newest period that is over.

    Raises:
        UsageError: There is no such report, unit or period.
        SettingsError: LPE_NIGHT is no date, or there is no project here.
        ExtractError: There is no extract.
        DisclosureError: What was decided outside the page is damaged.
    """
    project = find_project()
    # One that is taken away while others run is no concern of theirs; whoever plans tells of it.
    params = load_params(project, notebooks=False)
    if report_id not in params.reports:
        raise UsageError(unknown("report", report_id, params.reports))
    report = params.reports[report_id]
    extract = open_extract(project, _night())
    return Opening(
        params=params,
        extract=extract,
        report=report,
        subject=report.subject(unit) if unit else report.subjects[0],
        period=report.period(period) if period else _newest(report, extract.night),
        parameters=parameters,
        building=os.environ.get("LPE_RUN") == "1",
        decisions=read_decisions(project),
        root=project.root,
        whole_months=whole_months,
    )


def _night() -> date | str | None:
    text = os.environ.get("LPE_NIGHT")
    if not text:
        return None
    day, _, load = text.partition(".")
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise SettingsError("LPE_NIGHT is no date; write it like 2026-05-11") from None
    # A build names the folder (2026-05-11.2): a day can have extracts of several sources.
    return text if load or os.environ.get("LPE_RUN") == "1" else found


def _newest(report: Report, night: date) -> Period:
    periods = report.periods_at(night)
    over = [period for period in periods if period.is_over(night)]
    return (over or periods)[-1]
