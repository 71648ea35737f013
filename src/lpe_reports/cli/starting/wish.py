"""What a new report shall be, each part of it checked against what the project has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

from lpe_reports import wording
from lpe_reports.cli.starting.offered import find_measure
from lpe_reports.cli.starting.subjects import Subjects, find_subjects
from lpe_reports.display.prose import shortcodes
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.errors import UsageError
from lpe_reports.params.glossary import Glossary, load_glossary
from lpe_reports.params.procedures import Procedures, load_procedures
from lpe_reports.params.reading import read_model
from lpe_reports.params.reports import Area, ReportFile
from lpe_reports.params.site import Site, load_site
from lpe_reports.params.units import Units, load_units, unknown
from lpe_reports.periods import PeriodKind
from lpe_reports.settings import Project

AREAS: tuple[Area, ...] = get_args(Area)
# Where the notebooks of an area lie.
FOLDERS: Mapping[Area, str] = {
    "uppfoljning": "followup",
    "jamlik-vard": "equity",
    "nyttjande": "utilisation",
}
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST_TITLE, _LONGEST_SLUG, _LONGEST_ID = 120, 60, 40
# Names that Windows keeps for itself, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Office:
    """What of a project a new report has to fit to.

    Fields:
        reports: The reports that there are, by id.
        night: The newest extract's; None where there is none.
    """

    project: Project
    units: Units
    procedures: Procedures
    glossary: Glossary
    site: Site
    reports: Mapping[str, ReportFile] = field(default_factory=dict)
    night: date | None = None


def read_office(project: Project) -> Office:
    """Read it; a project may have no report yet.

    Raises:
        ParamsError: A file of params is wrong; names file and line.
    """
    from lpe_reports.warehouse.nights.folders import has_been, nights

    folder, root = project.params, project.root
    past = [night.date for night in nights(project) if has_been(night)]
    paths = sorted((folder / "reports").glob("*.yml"))
    return Office(
        project,
        load_units(folder / "units.yml", root),
        load_procedures(folder / "procedures.yml", root),
        load_glossary(folder / "glossary.yml", root),
        load_site(folder / "site.yml", root),
        {path.stem: read_model(path, ReportFile, root) for path in paths},
        past[-1] if past else None,
    )


@dataclass(frozen=True)
class Wish:
    """A new report, as it was wished for."""

    id: str
    title: str
    question: str
    area: Area
    slug: str
    subjects: Subjects
    periods: PeriodKind
    measure: SeriesMeasure
    owner: str

    @property
    def notebook(self) -> str:
        """Its notebook's path in the project."""
        return f"reports/{FOLDERS[self.area]}/{self.id}.ipynb"

    @property
    def params(self) -> str:
        """Its params file's path in the project."""
        return f"params/reports/{self.id}.yml"


class Checks:
    """One check for each part of a wish: the part out of its text, or an error that says why."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def title(self, text: str) -> str:
        said = _line(text, "a title")
        if len(said) > _LONGEST_TITLE:
            raise UsageError(f"a title has {_LONGEST_TITLE} signs at most")
        if not _SLUG.fullmatch(wording.slug(said)):
            raise UsageError("a title needs a letter or a figure")
        if shortcodes(said):
            # It stands in the notebook, too, where Quarto would run it.
            raise UsageError("a title cannot hold a shortcode, {{< … >}}; write it in words")
        return said

    def question(self, text: str) -> str:
        return _line(text, "the question that its pages answer")

    def id(self, text: str) -> str:
        if not _ID.fullmatch(text):
            raise UsageError(
                f"'{text}' is no id: small letters a–z, figures and _, a letter first, "
                f"{_LONGEST_ID} at most"
            )
        if text in _DEVICES:
            raise UsageError(f"'{text}' is a name that Windows keeps for itself; choose another")
        if text in self._office.reports:
            raise UsageError(f"there is a report '{text}' already; choose another id")
        return text

    def area(self, text: str) -> Area:
        for area in AREAS:
            if text == area:
                return area
        raise UsageError(unknown("area", text, AREAS))

    def slug(self, text: str, area: Area) -> str:
        if not _SLUG.fullmatch(text) or len(text) > _LONGEST_SLUG:
            raise UsageError(
                f"'{text}' is no part of an address: small letters a–z, figures and - between "
                f"them, {_LONGEST_SLUG} at most"
            )
        if text in _DEVICES:
            raise UsageError(f"'{text}' is a name that Windows keeps for itself; choose another")
        for name, report in self._office.reports.items():
            if (report.area, report.slug) == (area, text):
                raise UsageError(
                    f"the report '{name}' has the address {area}/{text}/ already; choose another "
                    "with --slug"
                )
        return text

    def units(self, given: Sequence[str]) -> Subjects:
        return find_subjects(given, self._office.units, self._office.procedures)

    def periods(self, text: str) -> PeriodKind:
        try:
            return PeriodKind(text)
        except ValueError:
            raise UsageError(unknown("kind of period", text, list(PeriodKind))) from None

    def measure(self, text: str, subjects: Subjects, periods: PeriodKind) -> SeriesMeasure:
        return find_measure(text, subjects, periods, self._office.glossary)

    def owner(self, text: str) -> str:
        if not _ADDRESS.fullmatch(text):
            raise UsageError(f"'{text}' is no mail address")
        return text


def id_out_of(title: str) -> str:
    """An id that a title suggests; may be taken, or none."""
    return wording.slug(title).replace("-", "_")[:_LONGEST_ID].strip("_")


def slug_out_of(title: str) -> str:
    """A part of an address that a title suggests."""
    return wording.slug(title)[:_LONGEST_SLUG].strip("-")


def path_of_test(project: Project, report_id: str) -> Path:
    """Where a report's test belongs: beside the others that run notebooks, where there are such."""
    tests = project.root / "tests"
    folder = tests / "notebooks" if (tests / "notebooks").is_dir() else tests
    return folder / f"test_{report_id}.py"


def _line(text: str, what: str) -> str:
    said = wording.legible(" ".join(text.split()))
    if not said:
        raise UsageError(f"write {what}")
    return said
