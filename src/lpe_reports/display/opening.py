"""Opening a page: which report, for whom and when, from the night's extract."""

import os
from dataclasses import dataclass, field
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
            when=self.period.dates,
            ongoing=self.ongoing,
        )


def find_opening(
    report_id: str, unit: str | None, period: str | None, parameters: dict[str, Any]
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
