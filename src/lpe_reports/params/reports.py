"""Which notebooks run, for which units and periods, and with which parameters."""

import math
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from lpe_reports.errors import ParamsError, UsageError
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.quoting import shown
from lpe_reports.params.reading import ParamsModel, line_of, read_model, read_yaml, repeated
from lpe_reports.params.units import Slug, UnitKind, Units, can_be_a_file, unknown
from lpe_reports.periods import Period, PeriodKind, last_periods, parse_period

Area = Literal["uppfoljning", "jamlik-vard", "nyttjande"]


class UnitsOfKind(ParamsModel):
    """Every unit of one kind.

    Fields:
        kind: The kind.
    """

    kind: Annotated[UnitKind, Field(strict=False)]


class UnitsOfProcedures(ParamsModel):
    """One page per procedure, selection or group instead of per unit.

    Fields:
        procedures: Their ids in `params/procedures.yml`.
    """

    procedures: Annotated[list[str], Field(min_length=1)]


class Window(ParamsModel):
    """The last periods of one kind.

    Fields:
        kind: The kind.
        last: How many, the one under way counted.
    """

    kind: Annotated[PeriodKind, Field(strict=False)]
    last: Annotated[int, Field(ge=1, le=600)]


class ReportFile(ParamsModel):
    """One report: its notebook, and for which units and periods it is made.

    Fields:
        notebook: The notebook, from the project's folder.
        area: The part of the site that it belongs to.
        slug: Its part of an address; it never changes.
        title: Its name, in Swedish.
        question: What it answers, in Swedish, for the lists of reports.
        owner: The mail address of who answers for it, and is told when a page fails.
        units: A page per what: every unit of a kind, units by their ids, or procedures.
        periods: A page per what else: the last periods of one kind, or of several.
        timeout_seconds: How long its notebook may run.
        budget_seconds: How long its notebooks should run on the mean; `lpe check` says when they
            did not.
        engine: What runs it: a forked process or an ordinary kernel; decided where not given.
        requires_rows: Tables that must have a row for the page's period; without one there is
            no page.
        parameters: The notebook's parameters beside unit and period, the same for every page.
        sections: Per unit (its id), what is shown or asked otherwise there; the notebook reads it
            as `p.settings`.
    """

    notebook: Annotated[str, Field(pattern=r"^reports/[\w/-]+\.ipynb$")]
    area: Area
    slug: Slug
    title: Annotated[str, Field(min_length=1, max_length=120)]
    question: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    units: UnitsOfKind | UnitsOfProcedures | list[str]
    periods: Window | list[Window]
    timeout_seconds: Annotated[int, Field(ge=10, le=3600)] = 300
    budget_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    # What runs it: a forked process where that can be, or an ordinary kernel; decided when None.
    engine: Literal["fork", "kernel"] | None = None
    requires_rows: list[str] = []  # tables without a row for its period give no page
    parameters: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {}

    def windows(self) -> list[Window]:
        """The period windows, one per period kind."""
        return self.periods if isinstance(self.periods, list) else [self.periods]


class Subject(ParamsModel):
    """What one page of a report is about: a unit, or a procedure in its place."""

    id: str
    name: str
    short: str
    slug: str
    # They decide which pages there are; none shows them, so that none is made anew for them.
    valid_from: Annotated[date | None, Field(exclude=True)] = None
    valid_to: Annotated[date | None, Field(exclude=True)] = None

    def was_there_in(self, period: Period) -> bool:
        """Whether there was such a unit on any day of a period."""
        begun = self.valid_from is None or self.valid_from < period.end
        return begun and (self.valid_to is None or self.valid_to >= period.start)


class Report(ReportFile):
    """One report; `id` is the name of its params file."""

    id: str
    subjects: tuple[Subject, ...]

    def subject(self, subject_id: str) -> Subject:
        """The subject with an id (or a slug).

        Raises:
            UsageError: The report has none such.
        """
        for subject in self.subjects:
            if subject_id in (subject.id, subject.slug):
                return subject
        known = [subject.id for subject in self.subjects]
        raise UsageError(f"{self.id}: {unknown('unit', subject_id, known)}")

    def periods_at(self, night: date) -> list[Period]:
        """The periods that have a page on a night, oldest first within each kind."""
        return [
            period
            for window in self.windows()
            for period in last_periods(window.kind, night, window.last)
        ]

    def period(self, text: str) -> Period:
        """A period by id, of a kind that this report is made for.

        Raises:
            UsageError: It is no period, or of another kind.
        """
        period = parse_period(text)
        kinds = [window.kind for window in self.windows()]
        if period.kind not in kinds:
            raise UsageError(f"{self.id} is made per {' or '.join(kinds)}, not for '{text}'")
        return period


def load_reports(
    folder: Path, root: Path, units: Units, procedures: Procedures, *, notebooks: bool = True
) -> dict[str, Report]:
    """The reports of `params/reports/*.yml` by id, in the order of the file names.

    Args:
        folder: Where they lie.
        root: The project's folder.
        units: All units.
        procedures: All procedures.
        notebooks: Whether each one's notebook must be there.

    Raises:
        ParamsError: A file is wrong; names file and line.
    """
    reports, wrong = read_reports(folder, root, units, procedures, notebooks=notebooks)
    if wrong:
        raise wrong[0]
    if not reports:
        said = "no report is described here; `lpe new` makes one"
        raise ParamsError(folder.relative_to(root), None, said)
    return reports


def read_reports(
    folder: Path, root: Path, units: Units, procedures: Procedures, *, notebooks: bool = True
) -> tuple[dict[str, Report], list[ParamsError]]:
    """The reports whose files hold, and what is wrong with the others; as `load_reports`."""
    reports: dict[str, Report] = {}
    wrong: list[ParamsError] = []
    places: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            file = read_model(path, ReportFile, root)
        except ParamsError as error:
            wrong.append(error)
            continue
        # (Each asks for its line; nobody reads more at once.)
        faults = list(islice(_faults(file, root, units, procedures, notebooks), _MOST_TOLD))
        faults += _unfit_name(path.stem)
        other = places.setdefault((file.area, file.slug), path.stem)
        if other != path.stem:
            faults.append((["slug"], f"'{other}' has the slug '{file.slug}' already"))
        if faults:
            document = read_yaml(path, root)  # for its lines
            name = path.relative_to(root)
            wrong += [ParamsError(name, line_of(document, at), said) for at, said in faults]
        else:
            subjects = tuple(_subjects(file, units, procedures))
            reports[path.stem] = Report(id=path.stem, subjects=subjects, **file.model_dump())
    return reports, wrong


Fault = tuple[list[str | int], str]
_MOST_TOLD = 20
_ID = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")


def _unfit_name(report_id: str) -> Iterator[Fault]:
    """Its pages' folders, logs and stored runs are called so, too."""
    if len(report_id) > 60 or not _ID.fullmatch(report_id):
        said = f"a file for a report has a name like end_times.yml; got '{shown(report_id)}.yml'"
        yield [], said
    try:
        can_be_a_file(report_id)
    except ValueError as error:
        yield [], str(error)


def _faults(
    file: ReportFile, root: Path, units: Units, procedures: Procedures, notebooks: bool
) -> Iterator[Fault]:
    """Where a report's file is wrong, and what is."""
    if notebooks and not (root / file.notebook).is_file():
        yield ["notebook"], f"there is no {file.notebook}"
    if found := _unfit(file.parameters, ("parameters",)):
        yield list(found[0]), found[1]
    if len({window.kind for window in file.windows()}) < max(1, len(file.windows())):
        yield ["periods"], "expected one window of periods, or several of different kinds"
    named = list(islice(_unknown_subjects(file, units, procedures), _MOST_TOLD))
    yield from named
    if not named:
        subjects = list(_subjects(file, units, procedures))
        if twice := repeated(subject.slug for subject in subjects):
            yield ["units"], f"two of its units have the slug '{twice}', and would be one page"
        known = {subject.id for subject in subjects}
        for name in file.sections:
            if name not in known:
                yield ["sections", name], unknown("unit", name, known)


def _unfit(value: object, place: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], str] | None:
    """What in a parameter a run cannot be given, and where; runs are given JSON."""
    inner: list[tuple[str | int, object]] = []
    name = ".".join(map(str, place[1:]))
    match value:
        case dict():
            for key in value:
                if not isinstance(key, str):
                    problem = f"the key {key} is no text; write it in quotes: '{key}'"
                    return place, f"parameter '{name}': {problem}"
            inner = list(value.items())
        case list():
            inner = list(enumerate(value))
        case str():
            if any("\ud800" <= sign <= "\udfff" for sign in value):
                return place, f"parameter '{name}' holds half of a sign; type the sign anew"
        case float() if not math.isfinite(value):
            return place, f"parameter '{name}' is {value}, which is no number; leave it out"
        case date():
            problem = f"is a date; write it as a text in quotes: '{value}'"
            return place, f"parameter '{name}' {problem}"
        case None | bool() | int() | float():
            pass
        case _:
            problem = f"({type(value).__name__}) is no text, number, list or mapping"
            return place, f"parameter '{name}' {problem}; write it as a text in quotes"
    for step, part in inner:
        if found := _unfit(part, (*place, step)):
            return found
    return None


def _unknown_subjects(file: ReportFile, units: Units, procedures: Procedures) -> Iterator[Fault]:
    """What its pages shall be about and is not there."""
    if isinstance(file.units, UnitsOfProcedures):
        for number, name in enumerate(file.units.procedures):
            if name in file.units.procedures[:number]:
                yield ["units", "procedures", number], f"'{shown(name)}' stands twice"
            elif name not in procedures:
                said = unknown("procedure or group", name, procedures)
                yield ["units", "procedures", number], said
    elif isinstance(file.units, UnitsOfKind):
        if not units.of_kind(file.units.kind):
            yield ["units", "kind"], f"no unit is a {file.units.kind}"
    else:
        if not file.units:
            yield ["units"], "no unit stands here; name one, or a kind of unit"
        for number, name in enumerate(file.units):
            if name in file.units[:number]:
                yield ["units", number], f"the unit '{shown(name)}' stands twice"
            elif name not in units:
                yield ["units", number], unknown("unit", name, [u.id for u in units])


def _subjects(file: ReportFile, units: Units, procedures: Procedures) -> Iterator[Subject]:
    if isinstance(file.units, UnitsOfProcedures):
        for name in file.units.procedures:
            title = procedures.name(name)
            label = f"{title} ({name})" if name.isupper() else title
            short = name if name.isupper() else title
            yield Subject(id=name, name=label, short=short, slug=procedures.slug(name))
        return
    if isinstance(file.units, UnitsOfKind):
        chosen = units.of_kind(file.units.kind)
    else:
        chosen = [units.get(name) for name in file.units]
    for unit in chosen:
        yield Subject(
            id=unit.id,
            name=unit.name,
            short=unit.short,
            slug=unit.slug,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )
