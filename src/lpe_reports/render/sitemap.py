"""Which pages a version has: areas, their reports, the reports' units, the units' periods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lpe_reports.params.loading import Params
from lpe_reports.params.reports import Report, Subject
from lpe_reports.periods import Period, PeriodKind
from lpe_reports.render.addresses import page_address
from lpe_reports.render.website import Website


@dataclass(frozen=True)
class PageSpot:
    """One page of a report: for whom, for when, and its address."""

    report: Report
    subject: Subject
    period: Period

    @property
    def address(self) -> str:
        return page_address(self.report, self.subject, self.period)


@dataclass(frozen=True)
class UnitPages:
    """The pages of one report and unit, the newest period first."""

    report: Report
    subject: Subject
    spots: tuple[PageSpot, ...]

    @property
    def newest(self) -> PageSpot:
        return self.spots[0]


@dataclass(frozen=True)
class SiteMap:
    """The whole site: what the menus hold, and the pages that this version has."""

    website: Website
    params: Params
    units: tuple[UnitPages, ...]

    def areas(self) -> list[str]:
        """The areas in the order of the navbar; those that are not in it come last."""
        named = [item.area for item in self.website.navbar]
        slugs = dict.fromkeys(
            [*self.params.site.areas, *(report.area for report in self.params.reports.values())]
        )
        return sorted(slugs, key=lambda area: named.index(area) if area in named else len(named))

    def reports_of(self, area: str) -> list[Report]:
        """The reports of an area, also those without a page: the most frequent first, by title."""
        found = [report for report in self.params.reports.values() if report.area == area]
        return sorted(found, key=report_order)

    def units_of(self, report: Report) -> list[UnitPages]:
        """The units of a report that have a page, in the order of params."""
        return [unit for unit in self.units if unit.report.id == report.id]

    def reports_about(self, subject_id: str) -> list[UnitPages]:
        """The pages about one unit, report by report."""
        return [unit for unit in self.units if unit.subject.id == subject_id]

    def page_count(self) -> int:
        """How many pages of reports there are."""
        return sum(len(unit.spots) for unit in self.units)


def report_order(report: Report) -> tuple[int, str]:
    """What reports are sorted by: weeks before months before quarters, then the title."""
    kinds = list(PeriodKind)
    return min(kinds.index(window.kind) for window in report.windows()), report.title


def make_sitemap(params: Params, website: Website, spots: Iterable[PageSpot]) -> SiteMap:
    """The site map of a version that has these pages."""
    found: dict[tuple[str, str], list[PageSpot]] = {}
    for spot in spots:
        found.setdefault((spot.report.id, spot.subject.id), []).append(spot)
    units = [
        UnitPages(report, subject, _newest_first(found[report.id, subject.id]))
        for report in sorted(params.reports.values(), key=report_order)
        for subject in report.subjects
        if (report.id, subject.id) in found
    ]
    return SiteMap(website=website, params=params, units=tuple(units))


def _newest_first(spots: Sequence[PageSpot]) -> tuple[PageSpot, ...]:
    """The latest to end first; of two that end together, the shorter."""
    return tuple(sorted(spots, key=lambda s: (s.period.end, s.period.start), reverse=True))
