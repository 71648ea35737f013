"""What `lpe check` looks at: one check after the other, so that all mistakes are told at once."""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from lpe_reports.build.planning.notebooks import read_notebook
from lpe_reports.build.planning.plan import read_report_notebook
from lpe_reports.errors import LpeError, ParamsError, RenderError
from lpe_reports.params.calendar import load_calendar
from lpe_reports.params.citations import load_citations
from lpe_reports.params.disclosure import load_disclosure
from lpe_reports.params.glossary import load_glossary
from lpe_reports.params.moved import load_moved
from lpe_reports.params.packs import load_packs
from lpe_reports.params.procedures import Procedures, load_procedures
from lpe_reports.params.reading import line_of, read_model, read_yaml
from lpe_reports.params.reports import Report, ReportFile, load_reports
from lpe_reports.params.retention import load_retention
from lpe_reports.params.site import load_site
from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import Units, load_units
from lpe_reports.render.website import load_website, unknown_keys
from lpe_reports.settings import MARKER, Project
from lpe_reports.warehouse.tables import table_contract

Loaded = TypeVar("Loaded")


def find_wrong(project: Project) -> list[str]:
    """Everything wrong in a project, a line each, in the order of the files."""
    checks = _Checks(project)
    checks.all()
    return list(dict.fromkeys(checks.wrong))


def find_warnings(project: Project) -> list[str]:
    """What is not wrong, but may not be what its author meant."""
    from lpe_reports.warehouse.nights.folders import has_been, nights

    try:
        keys = unknown_keys(project.root / MARKER)
    except LpeError:
        # It is told as wrong.
        keys = []
    return [
        *(f"{MARKER}:{key} means nothing to the embedded renderer" for key in keys),
        *_unhonoured(project),
        *(
            f"{project.relative(night.folder)} is a night of a day that has not been, and is "
            "passed over; `lpe prune` removes it when it is old enough, or remove the folder"
            for night in nights(project)
            if not has_been(night)
        ),
    ]


def _unhonoured(project: Project) -> list[str]:
    """What notebooks hold that no page shows; notebooks with mistakes are told as wrong."""
    from lpe_reports.render.constructs import unhonoured

    notebooks = []
    for path in _notebooks(project):
        with contextlib.suppress(LpeError):
            notebooks.append(read_notebook(path, project))
    try:
        return unhonoured(notebooks)
    except RenderError as error:
        return [str(error)]


def _notebooks(project: Project) -> list[Path]:
    found = sorted(project.reports.rglob("*.ipynb"))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


class _Checks:
    def __init__(self, project: Project) -> None:
        self.wrong: list[str] = []
        self._project = project

    def all(self) -> None:
        """Look at everything."""
        folder, root = self._project.params, self._project.root
        self._try(lambda: load_website(root / MARKER, root))
        units = self._try(lambda: load_units(folder / "units.yml", root))
        if units is not None:
            self._try(lambda: load_calendar(folder / "calendar.yml", root, units))
        procedures = self._try(lambda: load_procedures(folder / "procedures.yml", root))
        self._try(lambda: load_glossary(folder / "glossary.yml", root))
        self._try(lambda: load_disclosure(folder / "disclosure.yml", root))
        sources = self._try(lambda: load_sources(folder / "sources.yml", root))
        if units is not None and sources is not None:
            self._sources(units, sources)
        self._try(lambda: load_retention(folder / "retention.yml", root))
        self._try(lambda: load_site(folder / "site.yml", root))
        self._try(lambda: load_moved(folder / "moved.yml", root))
        self._try(lambda: load_citations(folder / "citations.yml", root))
        reports = self._reports(units, procedures)
        if reports:
            self._try(lambda: load_packs(folder / "packs.yml", root, reports))
        for report in reports.values():
            self._try(partial(read_report_notebook, self._project, report))
            for table in report.requires_rows:
                self._try(partial(table_contract, table))
        self._outputs()
        self._extract()

    def _sources(self, units: Units, sources: Sources) -> None:
        """Names and spellings, which are the contract's and the units'; each with its line."""
        from lpe_reports.warehouse.sources.source import wrong_names
        from lpe_reports.warehouse.spellings import alias_problems

        for name, entry in sources.sources.items():
            for wrong in wrong_names(name, entry):
                self._told("params/sources.yml", wrong.location, wrong.said)
        for problem in alias_problems(units, sources):
            self._told(problem.file, problem.location, str(problem))

    def _told(self, file: str, location: Sequence[str | int], said: str) -> None:
        """Tell what is wrong at a place of a file, with its line."""
        root = self._project.root
        line = line_of(read_yaml(root / file, root), location)
        self.wrong.append(str(ParamsError(file, line, said)))

    def _reports(self, units: Units | None, procedures: Procedures | None) -> dict[str, Report]:
        folder, root = self._project.params / "reports", self._project.root
        for path in sorted(folder.glob("*.yml")):
            self._try(partial(read_model, path, ReportFile, root))
        if units is None or procedures is None:
            return {}
        return self._try(lambda: load_reports(folder, root, units, procedures)) or {}

    def _outputs(self) -> None:
        """Notebooks are kept without outputs: what they show can hold patients' values."""
        for path in _notebooks(self._project):
            notebook = self._try(partial(read_notebook, path, self._project))
            if notebook is not None and notebook.cells_with_outputs:
                self.wrong.append(
                    f"{notebook.name}: {notebook.cells_with_outputs} cells hold outputs, which "
                    "can hold data; clear them before the notebook is kept"
                )

    def _extract(self) -> None:
        from lpe_reports.warehouse.nights.folders import nights

        if not nights(self._project):
            return
        from lpe_reports.warehouse.snapshots import open_extract

        self._try(lambda: open_extract(self._project).verify())

    def _try(self, load: Callable[[], Loaded]) -> Loaded | None:
        try:
            return load()
        except LpeError as error:
            self.wrong += str(error).splitlines()
            return None
