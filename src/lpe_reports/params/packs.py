"""Which pages each forum meets over: the meeting packs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lpe_reports.errors import ParamsError
from lpe_reports.params.reading import ParamsModel, is_there, line_of, read_model, read_yaml
from lpe_reports.params.reports import Report, Window
from lpe_reports.params.units import Slug, unknown
from lpe_reports.periods import Period, PeriodKind, last_periods, period_at

Text = Annotated[str, Field(min_length=1, max_length=600)]


class PackPages(ParamsModel):
    """One report's pages in a pack.

    Fields:
        report: The report's id.
        units: For these units (or procedures) only; for all of the report's when left out.
        kind: Of which kind their period is, where the report has several.
        under_way: Take the newest period that has begun when the pack's ends, not the newest
            that is over: a schedule is there before its weeks are.
    """

    report: str
    units: Annotated[list[str], Field(min_length=1)] | None = None
    kind: Annotated[PeriodKind, Field(strict=False)] | None = None
    under_way: bool = False


class PackFile(ParamsModel):
    """One forum.

    Fields:
        id: Its part of an address.
        title: Its name.
        about: What it decides, in a sentence.
        periods: How often it meets, and how many packs of the newest whole periods are made.
        pages: What it needs, in the order of its meeting.
    """

    id: Slug
    title: Annotated[str, Field(min_length=1, max_length=80)]
    about: Text
    periods: Window
    pages: Annotated[list[PackPages], Field(min_length=1)]


class PacksFile(ParamsModel):
    """Meeting packs: for each forum one PDF with the pages that it meets over.

    Fields:
        packs: The forums, in the order of the site's list.
    """

    packs: list[PackFile] = []


@dataclass(frozen=True)
class PackChapter:
    """The pages of one report in a pack.

    Fields:
        report: The report.
        subjects: The ids of the units or procedures, in order.
        kind: The kind of their period.
        under_way: Whether the period may be under way when the pack's ends.
    """

    report: Report
    subjects: tuple[str, ...]
    kind: PeriodKind
    under_way: bool = False

    def period(self, of: Period) -> Period:
        """The period whose pages belong to a pack."""
        newest = period_at(self.kind, of.last_day)
        return newest if self.under_way or newest.end <= of.end else newest.previous()


@dataclass(frozen=True)
class Pack:
    """One forum's pack; see `PackFile`."""

    id: str
    title: str
    about: str
    periods: Window
    chapters: tuple[PackChapter, ...]

    def periods_at(self, night: date) -> list[Period]:
        """The newest periods that are over, the newest first: a meeting needs figures that stay."""
        begun = last_periods(self.periods.kind, night, self.periods.last + 1)
        return [period for period in reversed(begun) if period.is_over(night)][: self.periods.last]


def load_packs(path: Path, root: Path, reports: Mapping[str, Report]) -> tuple[Pack, ...]:
    """The packs of `params/packs.yml`; none where there is no such file.

    Args:
        path: The file.
        root: The project's folder.
        reports: All reports.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    if not is_there(path):
        return ()
    packs: dict[str, Pack] = {}
    wrong: list[ParamsError] = []
    for number, entry in enumerate(read_model(path, PacksFile, root).packs):
        try:
            if entry.id in packs:
                raise _WrongError(f"two packs have the id '{entry.id}'", "id")
            packs[entry.id] = _pack(entry, reports)
        except _WrongError as error:
            line = line_of(read_yaml(path, root), ["packs", number, *error.place])
            wrong.append(ParamsError(path.relative_to(root), line, error.problem))
    if wrong:
        raise ParamsError(wrong[0].file, wrong[0].line, wrong[0].problem, wrong)
    return tuple(packs.values())


class _WrongError(Exception):
    """What is wrong with a pack, and where in it."""

    def __init__(self, problem: str, *place: str | int) -> None:
        super().__init__(problem)
        self.problem, self.place = problem, place


def _pack(entry: PackFile, reports: Mapping[str, Report]) -> Pack:
    chapters: list[PackChapter] = []
    for number, pages in enumerate(entry.pages):
        chapter = _chapter(pages, reports, number)
        for other in chapters:
            same = (other.report.id, other.kind) == (chapter.report.id, chapter.kind)
            if same and set(other.subjects) & set(chapter.subjects):
                raise _WrongError(f"'{pages.report}' has these pages already", "pages", number)
        chapters.append(chapter)
    return Pack(entry.id, entry.title, entry.about, entry.periods, tuple(chapters))


def _chapter(pages: PackPages, reports: Mapping[str, Report], number: int) -> PackChapter:
    at = ("pages", number)
    report = reports.get(pages.report)
    if report is None:
        raise _WrongError(unknown("report", pages.report, reports), *at, "report")
    known = [subject.id for subject in report.subjects]
    for place, name in enumerate(pages.units or ()):
        if name not in known:
            raise _WrongError(unknown("unit", name, known), *at, "units", place)
    kinds = [window.kind for window in report.windows()]
    kind = pages.kind or kinds[0]
    if kind not in kinds or (len(kinds) > 1 and pages.kind is None):
        raise _WrongError(
            f"'{report.id}' is made per {' or '.join(kinds)}; say which with 'kind'", *at
        )
    return PackChapter(report, tuple(pages.units or known), kind, pages.under_way)
