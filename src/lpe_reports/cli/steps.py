"""The real steps of a night, put together: the one place that knows all parts of the package."""

import subprocess
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lpe_reports.build.nightly import BuildSteps, NightSteps
from lpe_reports.build.plan import Plan, make_plan
from lpe_reports.build.runs import ExecutedRun, RunKey
from lpe_reports.build.selection import Selection
from lpe_reports.build.tools import tool_versions
from lpe_reports.params.loading import Params
from lpe_reports.progress import Progress
from lpe_reports.publish import gate, versions
from lpe_reports.publish.candidate_note import begin_candidate, note_candidate
from lpe_reports.settings import MARKER, Project

if TYPE_CHECKING:
    from lpe_reports.render.candidate import Candidate

# What tells of a build and not of what it shows; a difference there is no new version.
TELLS_OF_THE_BUILD = ("build.json", "byggstatus")


def today() -> date:
    """The day it is in Sweden."""
    return datetime.now(versions.PLACE).date()


def plan_now(
    project: Project,
    params: Params,
    selection: Selection,
    *,
    fresh: bool,
    folder: Path | None = None,
) -> Plan:
    """The plan against an extract, by its folder; the newest when not given.

    Raises:
        ExtractError: There is no extract.
    """
    from lpe_reports.build.evidence import NightEvidence
    from lpe_reports.warehouse.nights import find_night, night_of

    night = find_night(project).date if folder is None else night_of(folder)
    evidence = partial(NightEvidence, project, params, night)
    return make_plan(project, params.reports, night, evidence, selection, fresh=fresh)


def take_extract(
    project: Project,
    params: Params,
    source: str | None,
    as_of: date | None,
    progress: Progress,
    *,
    anew: bool,
) -> Path:
    """Take an extract; none where the source's files are unchanged, unless `anew` asks for it."""
    from lpe_reports.build.source_stamp import unchanged_night, write_stamp

    name = source or params.sources.default
    entry = params.sources.get(name)
    if not anew and as_of is None:
        found = unchanged_night(project, name, entry, today())
        if found is not None:
            typer.echo(f"extract: source '{name}' is as it was for {found.name}", err=True)
            return found
    from lpe_reports.warehouse.extract import extract

    folder = extract(project, params, name, as_of, progress)
    if as_of is None:
        write_stamp(project, name, entry, today(), folder)
    return folder


def build_steps(
    project: Project,
    params: Params,
    selection: Selection,
    progress: Progress,
    *,
    renderer: str = "auto",
    fresh: bool = False,
) -> BuildSteps:
    """The steps of a build; what rendering needs is looked at now, before anything runs.

    Raises:
        SettingsError: There is no such renderer here.
        ParamsError: `_quarto.yml` is wrong.
    """
    from lpe_reports.render.choosing import choose_renderer
    from lpe_reports.render.website import load_website

    choose_renderer(renderer)
    load_website(project.root / MARKER, project.root)
    return BuildSteps(
        plan=lambda: plan_now(project, params, selection, fresh=fresh),
        addresses=partial(_address, params),
        assemble=partial(_assemble, project, params, selection, progress, renderer),
    )


def night_steps(
    project: Project,
    params: Params,
    source: str | None,
    as_of: date | None,
    progress: Progress,
    *,
    renderer: str = "auto",
) -> NightSteps:
    """The steps of a night."""
    build = build_steps(project, params, Selection(), progress, renderer=renderer)
    taken: list[Path] = []

    def take() -> None:
        taken.append(take_extract(project, params, source, as_of, progress, anew=False))

    return NightSteps(
        # The night that was just taken, whatever other nights and sources lie beside it.
        plan=lambda: plan_now(project, params, Selection(), fresh=False, folder=taken[-1]),
        addresses=build.addresses,
        assemble=build.assemble,
        extract=take,
        unchanged=partial(_unchanged, project),
        gate=lambda folder: gate.pass_gate(folder, project),
        publish=lambda folder: versions.publish(project, folder),
        published=lambda: versions.latest_version(project),
    )


def _unchanged(project: Project, folder: Path) -> bool:
    """Whether the site shows the candidate's pages already; then its menu is made whole too."""
    same = versions.same_pages(project, folder, but_for=TELLS_OF_THE_BUILD)
    if same:
        versions.mend(project)
    return same


def _address(params: Params, key: RunKey) -> str:
    from lpe_reports.periods import parse_period
    from lpe_reports.render.addresses import page_address

    report = params.reports[key.report]
    return page_address(report, report.subject(key.unit), parse_period(key.period))


def _assemble(
    project: Project,
    params: Params,
    selection: Selection,
    progress: Progress,
    renderer: str,
    plan: Plan,
    runs: Sequence[ExecutedRun],
) -> "Candidate":
    from lpe_reports.render.assemble import Origin, assemble
    from lpe_reports.warehouse.manifest import read_manifest
    from lpe_reports.warehouse.nights import find_night

    manifest = read_manifest(find_night(project, plan.night).folder)
    origin = Origin(plan.night, manifest, tool_versions(), _commit(project))
    begin_candidate(project)
    candidate = assemble(runs, project, params, origin, renderer=renderer, progress=progress)
    note_candidate(project, whole=selection.everything)
    return candidate


def _commit(project: Project) -> str:
    try:
        found = subprocess.run(
            ["git", "-C", str(project.root), "rev-parse", "HEAD"],
            capture_output=True, text=True, timeout=10, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
