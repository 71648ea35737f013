"""All params of a project in one object."""

from dataclasses import dataclass

from lpe_reports.params.calendar import Calendar, load_calendar
from lpe_reports.params.disclosure import DisclosurePolicy, load_disclosure
from lpe_reports.params.glossary import Glossary, load_glossary
from lpe_reports.params.packs import Pack, load_packs
from lpe_reports.params.procedures import Procedures, load_procedures
from lpe_reports.params.reports import Report, load_reports
from lpe_reports.params.retention import Retention, load_retention
from lpe_reports.params.site import Site, load_site
from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import Units, load_units
from lpe_reports.settings import Project


@dataclass(frozen=True)
class Params:
    """What the office has decided; read once, never changed."""

    units: Units
    calendar: Calendar
    procedures: Procedures
    glossary: Glossary
    disclosure: DisclosurePolicy
    sources: Sources
    retention: Retention
    site: Site
    reports: dict[str, Report]
    packs: tuple[Pack, ...] = ()


def load_params(project: Project, *, notebooks: bool = True) -> Params:
    """The params of a project.

    Args:
        project: The project.
        notebooks: Whether the notebook of each report must be there.

    Raises:
        ParamsError: A file is wrong; names file and line.
    """
    folder, root = project.params, project.root
    units = load_units(folder / "units.yml", root)
    procedures = load_procedures(folder / "procedures.yml", root)
    reports = load_reports(folder / "reports", root, units, procedures, notebooks=notebooks)
    return Params(
        units=units,
        calendar=load_calendar(folder / "calendar.yml", root, units),
        procedures=procedures,
        glossary=load_glossary(folder / "glossary.yml", root),
        disclosure=load_disclosure(folder / "disclosure.yml", root),
        sources=load_sources(folder / "sources.yml", root),
        retention=load_retention(folder / "retention.yml", root),
        site=load_site(folder / "site.yml", root),
        reports=reports,
        packs=load_packs(folder / "packs.yml", root, reports),
    )
