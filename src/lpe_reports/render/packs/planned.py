"""What one meeting pack is to hold."""

from dataclasses import dataclass

from lpe_reports.params.packs import Pack
from lpe_reports.params.reports import Report
from lpe_reports.periods import Period
from lpe_reports.render.sitemap import PageSpot

FOLDER = "motesunderlag"


@dataclass(frozen=True)
class Absence:
    """Pages that a pack should have and has not.

    Fields:
        report: The report.
        period: The pages' period.
        units: For whom, by name.
        why: Why, as it follows on the names.
    """

    report: Report
    period: Period
    units: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class PlannedPack:
    """One forum's pack for one period.

    Fields:
        pack: The forum.
        period: The period.
        pages: Its pages in their order; never none.
        absences: What it should have beside them.
    """

    pack: Pack
    period: Period
    pages: tuple[PageSpot, ...]
    absences: tuple[Absence, ...] = ()

    @property
    def address(self) -> str:
        return f"{FOLDER}/{self.pack.id}/{self.period.id}"

    @property
    def title(self) -> str:
        """Forum and period: Operationsråd, april 2026."""
        return f"{self.pack.title}, {self.period.long}"
