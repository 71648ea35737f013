"""What is wrong in params/ and `_quarto.yml`: every file, so that all mistakes are told at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Finding, Level, Part, found, project_rule
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.errors import LpeError, ParamsError
from lpe_reports.params.calendar import load_calendar
from lpe_reports.params.citations import load_citations
from lpe_reports.params.disclosure import load_disclosure
from lpe_reports.params.glossary import load_glossary
from lpe_reports.params.moved import load_moved
from lpe_reports.params.packs import load_packs
from lpe_reports.params.procedures import load_procedures
from lpe_reports.params.reading import line_of, read_model, read_yaml
from lpe_reports.params.reports import ReportFile, read_reports
from lpe_reports.params.retention import load_retention
from lpe_reports.params.site import load_site
from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import Units, load_units
from lpe_reports.render.website import load_website, unknown_keys
from lpe_reports.settings import MARKER, Project
from lpe_reports.warehouse.tables import table_contract

Loaded = TypeVar("Loaded")

PARAMS = project_rule(
    "params",
    Part.PROJECT,
    "A file of params or `_quarto.yml` that does not fit its model, or names what there is not: "
    "units, procedures, reports, tables, columns, spellings; a report without its notebook.",
    "The finding names the key and the nearest; docs/params.md has every key.",
)
QUARTO_KEY = project_rule(
    "quarto-key",
    Part.PROJECT,
    "A key of `_quarto.yml` that means nothing to the embedded renderer.",
    "Take it away, unless Quarto alone shall heed it.",
    level=Level.NOTE,
)
MEASURE_DEFINITION = project_rule(
    "measure-definition",
    Part.PROJECT,
    "A measure of the package without an entry in the glossary.",
    "Define it in params/glossary.yml, under its id.",
)
BUDGET = project_rule(
    "budget",
    Part.PROJECT,
    "A report whose notebooks took longer, on the mean, than its `budget_seconds` when they last "
    "ran.",
    "See what they ask twice or too widely (docs/plan.md), or raise the budget.",
    level=Level.NOTE,
)


class ParamsCheck:
    """Looks at every file of params.

    Args:
        project: The project.

    Attributes:
        facts: What the files say, for the rules over notebooks.
        findings: What is wrong with them.
    """

    def __init__(self, project: Project) -> None:
        self.facts = Facts(project)
        self.findings: list[Finding] = []
        self._project = project

    def read_facts(self) -> None:
        """Look at what notebooks are held against: units, procedures, definitions, reports."""
        folder, root, facts = self._project.params, self._project.root, self.facts
        facts.units = self._try(lambda: load_units(folder / "units.yml", root))
        facts.procedures = self._try(lambda: load_procedures(folder / "procedures.yml", root))
        facts.glossary = self._try(lambda: load_glossary(folder / "glossary.yml", root))
        self._reports()

    def look_at_the_rest(self) -> None:
        """Look at all other files, and at what several files say together."""
        folder, root = self._project.params, self._project.root
        self._try(lambda: load_website(root / MARKER, root))
        if (units := self.facts.units) is not None:
            self._try(lambda: load_calendar(folder / "calendar.yml", root, units))
        self._try(lambda: load_disclosure(folder / "disclosure.yml", root))
        sources = self._try(lambda: load_sources(folder / "sources.yml", root))
        if units is not None and sources is not None:
            self._sources(units, sources)
        self._try(lambda: load_retention(folder / "retention.yml", root))
        self._try(lambda: load_site(folder / "site.yml", root))
        self._try(lambda: load_moved(folder / "moved.yml", root))
        self._try(lambda: load_citations(folder / "citations.yml", root))
        self._measures()
        self._quarto_keys()
        self._budgets()

    def _reports(self) -> None:
        folder, facts = self._project.params, self.facts
        root, before = self._project.root, len(self.findings)
        files = {
            path.stem: self._try(partial(read_model, path, ReportFile, root))
            for path in sorted((folder / "reports").glob("*.yml"))
        }
        facts.files = {id: file for id, file in files.items() if file is not None}
        facts.whole = len(facts.files) == len(files)
        for report, file in facts.files.items():
            for number, table in enumerate(file.requires_rows):
                self._table(report, number, table)
        if facts.units is None or facts.procedures is None:
            return
        facts.reports, wrong = read_reports(folder / "reports", root, facts.units, facts.procedures)
        for error in wrong:
            self._tell(error)
        if not files:
            said = "no report is described here; `lpe new` makes one"
            self._tell(ParamsError("params/reports", None, said))
        # A pack that names a report that is wrong is not wrong itself.
        if facts.reports and len(self.findings) == before:
            self._try(lambda: load_packs(folder / "packs.yml", root, facts.reports))

    def _table(self, report: str, number: int, table: str) -> None:
        try:
            table_contract(table)
        except LpeError as error:
            line = self.facts.params_line(report, "requires_rows", number)
            self._tell(ParamsError(self.facts.params_name(report), line, str(error)))

    def _sources(self, units: Units, sources: Sources) -> None:
        """Names and spellings, which are the contract's and the units'; each with its line."""
        from lpe_reports.warehouse.source_names import wrong_names
        from lpe_reports.warehouse.spellings import alias_problems

        for name, entry in sources.sources.items():
            for wrong in wrong_names(name, entry):
                self._at("params/sources.yml", wrong.location, wrong.said)
        for problem in alias_problems(units, sources):
            self._at(problem.file, problem.location, str(problem))

    def _measures(self) -> None:
        glossary = self.facts.glossary
        for measure in MEASURES.values() if glossary is not None else ():
            if glossary is not None and measure.glossary_id not in glossary:
                said = f"no entry '{measure.glossary_id}' for the measure '{measure.id}' of "
                said += "p.series; define what is shown"
                self.findings.append(found(MEASURE_DEFINITION, "params/glossary.yml", said))

    def _quarto_keys(self) -> None:
        try:
            keys = unknown_keys(self._project.root / MARKER)
        except LpeError:
            return  # it is told as wrong
        for key in keys:
            line, _, name = key.partition(": ")
            said = f"{name} means nothing to the embedded renderer"
            self.findings.append(found(QUARTO_KEY, MARKER, said, line=int(line)))

    def _budgets(self) -> None:
        from lpe_reports.build.running.costs import read_costs

        costs = read_costs(self._project)
        for report, file in self.facts.files.items():
            cost = costs.get(report)
            if cost is not None and cost.seconds > file.budget_seconds:
                said = (
                    f"its notebooks took {cost.seconds:.1f} s each when they last ran; the budget "
                    f"(budget_seconds) is {file.budget_seconds} s. See what they ask twice or too "
                    "widely, or raise the budget"
                )
                line = self.facts.params_line(report, "budget_seconds")
                name = self.facts.params_name(report)
                self.findings.append(found(BUDGET, name, said, line=line))

    def _at(self, file: str, location: Sequence[str | int], said: str) -> None:
        """Tell what is wrong at a place of a file, with its line."""
        root = self._project.root
        line = line_of(read_yaml(root / file, root), location)
        self._tell(ParamsError(file, line, said))

    def _tell(self, error: ParamsError) -> None:
        for one in error.each:
            self.findings.append(found(PARAMS, str(one.file), one.problem, line=one.line))

    def _try(self, load: Callable[[], Loaded]) -> Loaded | None:
        try:
            return load()
        except ParamsError as error:
            self._tell(error)
        except LpeError as error:
            self.findings.append(found(PARAMS, "params", str(error)))
        return None
