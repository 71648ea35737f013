"""What the project's params say, for rules over notebooks; None where a file cannot be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from lpe_reports.params.glossary import Glossary
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.reading import line_of, read_yaml
from lpe_reports.params.reports import Report, ReportFile
from lpe_reports.params.units import Units
from lpe_reports.settings import Project

Loaded = TypeVar("Loaded")
Load = Callable[[], Loaded]


@dataclass
class Facts:
    """What notebooks are held against.

    Fields:
        project: The project.
        units: Its units.
        procedures: Its procedures.
        glossary: Its definitions.
        reports: Its reports whose files hold.
        files: The params files of all its reports, by id; those too whose names lead nowhere.
        whole: Whether every file of params/reports could be read.
    """

    project: Project
    units: Units | None = None
    procedures: Procedures | None = None
    glossary: Glossary | None = None
    reports: Mapping[str, Report] = field(default_factory=dict)
    files: Mapping[str, ReportFile] = field(default_factory=dict)
    whole: bool = False

    def runs(self, notebook: str) -> dict[str, ReportFile]:
        """The reports that run a notebook, by id."""
        return {id: file for id, file in self.files.items() if file.notebook == notebook}

    def params_name(self, report: str) -> str:
        """A report's params file, as the reader knows it."""
        return f"params/reports/{report}.yml"

    def params_line(self, report: str, *place: str | int) -> int | None:
        """The line of a place in a report's params file."""
        path = self.project.root / self.params_name(report)
        return line_of(read_yaml(path, self.project.root), place)
