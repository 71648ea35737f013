"""The real steps of a night, put together: the one place that knows all parts of the package."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lpe_reports.build.looking import Rules
from lpe_reports.build.nightly import BuildSteps, NightSteps
from lpe_reports.build.planning.plan import Plan, make_plan
from lpe_reports.build.planning.selection import Selection
from lpe_reports.build.planning.tools import tool_versions
from lpe_reports.build.runs import ExecutedRun, RunKey
from lpe_reports.display.about import nesting_of
from lpe_reports.errors import UsageError
from lpe_reports.params.loading import Params
from lpe_reports.progress import Progress
from lpe_reports.publish import versions
from lpe_reports.publish.candidate_note import begin_candidate, note_candidate
from lpe_reports.publish.catalogue import latest_version
from lpe_reports.publish.journal import retracted
from lpe_reports.publish.kept_versions import differences_text, differing_pages
from lpe_reports.publish.naming import PLACE
from lpe_reports.publish.pointer import choose_pointer
from lpe_reports.settings import MARKER, Project

if TYPE_CHECKING:
    from lpe_reports.render.candidate import Candidate

# What tells of a build and not of what it shows; a difference there is no new version.
TELLS_OF_THE_BUILD = ("build.json", "byggstatus", "diff.json", "nytt")


def today() -> date:
    """The day it is in Sweden."""
    return datetime.now(PLACE).date()


@dataclass(frozen=True)
class Which:
    """Which night is built, and on which day it is asked for.

    Fields:
        today: The day it is in Sweden; a night's age is counted back from it.
        source: The newest night of this source; of the default one when None.
        folder: This very night instead.
    """

    today: date
    source: str | None = None
    folder: Path | None = None


def plan_now(
    project: Project, params: Params, selection: Selection, which: Which, *, fresh: bool = False
) -> Plan:
    """The plan against an extract.

    Raises:
        UsageError: There is no such source, report, unit or period.
        ExtractError: There is no extract of the source, or it is damaged.
        ExtractHeldError: The extract is older than its source may be (`freshness`).
    """
    from lpe_reports.build.deciding import standing_decisions
    from lpe_reports.build.planning.evidence import NightEvidence
    from lpe_reports.warehouse.nights.folders import find_night, newest_night
    from lpe_reports.warehouse.nights.freshness import refuse_if_too_old

    if which.folder is not None:
        night = find_night(project, which.folder.name)
    else:
        name = which.source or params.sources.default
        params.sources.get(name)
        night = newest_night(project, name)
    refuse_if_too_old(night, params.sources, which.today)
    evidence = partial(NightEvidence, project, params, night.folder.name)
    plan = make_plan(
        project,
        params.reports,
        night.date,
        evidence,
        selection,
        fresh=fresh,
        decisions=standing_decisions(project, night.date),
    )
    return replace(plan, extract=night.folder.name)


@dataclass(frozen=True)
class Wanted:
    """Which extract is wanted.

    Fields:
        source: Of this source; of the default one when None.
        as_of: With this day; as the source says when None.
        anew: Also where the source's files are as they were.
        full: Every table whole, and compared with what was stored before.
        accept: The night that is held, as it is; nothing is loaded.
        replace: Days of the waiting lists that are taken anew.
        today: The day it is in Sweden, as the command began.
    """

    source: str | None = None
    as_of: date | None = None
    anew: bool = False
    full: bool = False
    accept: bool = False
    replace: frozenset[date] = frozenset()
    today: date = field(default_factory=today)


def take_extract(project: Project, params: Params, wanted: Wanted, progress: Progress) -> Path:
    """Take an extract, or the night that is there where nothing new is wanted or to be had.

    Raises:
        UsageError: A night shall be accepted and none is held; or a new one be taken with it.
    """
    from lpe_reports.build.planning.source_stamp import source_stamp, unchanged_night, write_stamp

    name = wanted.source or params.sources.default
    entry = params.sources.get(name)
    if wanted.accept:
        return _accept(project, name, wanted)
    stamp = source_stamp(project, name, entry, wanted.today)  # of what is read, not of what follows
    if not wanted.anew and wanted.as_of is None:
        found = unchanged_night(project, stamp, wanted.today)
        if found is not None:
            typer.echo(f"extract: source '{name}' is as it was for {found.name}", err=True)
            return found
    from lpe_reports.warehouse.extract import extract

    folder = extract(
        project,
        params,
        name,
        wanted.as_of,
        progress,
        full=wanted.full,
        replace=wanted.replace,
        today=wanted.today,
    )
    if wanted.as_of is None:
        write_stamp(project, stamp, folder)
    return folder


def _accept(project: Project, source: str, wanted: Wanted) -> Path:
    """Let the held night through. No stamp: its source may have changed since it was held."""
    from lpe_reports.warehouse.nights.accepting import accept_held

    if wanted.full or wanted.replace:
        raise UsageError(
            "--accept lets a held night through as it is, and --full and --replace-snapshot load a "
            "new one. Load it first; if it is held, look at it and accept it"
        )
    return accept_held(project, source, wanted.as_of)


def build_steps(
    project: Project,
    params: Params,
    selection: Selection,
    progress: Progress,
    *,
    source: str | None = None,
    renderer: str = "auto",
    fresh: bool = False,
) -> BuildSteps:
    """The steps of a build; what rendering needs is looked at now, before anything runs.

    Raises:
        SettingsError: There is no such renderer here, or nowhere to put temporary files.
        ParamsError: `_quarto.yml` is wrong.
    """
    from lpe_reports.cli.temporary import use_one_temporary_folder
    from lpe_reports.render.choosing import choose_renderer
    from lpe_reports.render.website import load_website

    use_one_temporary_folder()
    choose_renderer(renderer, project.root)
    load_website(project.root / MARKER, project.root)
    return BuildSteps(
        plan=lambda: plan_now(project, params, selection, Which(today(), source), fresh=fresh),
        addresses=partial(_address, params),
        assemble=partial(_assemble, project, params, selection, progress, renderer),
        rules=Rules(params.disclosure.threshold, nesting_of(params.units, params.procedures)),
    )


def night_steps(
    project: Project,
    params: Params,
    source: str | None,
    as_of: date | None,
    progress: Progress,
    *,
    renderer: str = "auto",
    pointer: str | None = None,
    on: date | None = None,
) -> NightSteps:
    """The steps of a night; what publishing needs is looked at now, before anything runs.

    All of them go by one day, however the clock goes on; only what tells when something was
    published is read from it then.

    Args:
        project: The project.
        params: Its params.
        source: The source; the default one when None.
        as_of: The night's day; as the source says when None.
        progress: Who is told how far it is.
        renderer: Which renderer.
        pointer: How `latest` leads to the version.
        on: The day it is in Sweden; by the clock when None.

    Raises:
        SettingsError: There is no such renderer or pointer, or `latest` is not ours.
        ParamsError: `_quarto.yml` is wrong.
    """
    choose_pointer(project.public, pointer)
    build = build_steps(project, params, Selection(), progress, renderer=renderer)
    taken: list[Path] = []
    day = on or today()

    def take() -> None:
        taken.append(take_extract(project, params, Wanted(source, as_of, today=day), progress))

    return NightSteps(
        # The night that was just taken, whatever other nights and sources lie beside it.
        plan=lambda: plan_now(project, params, Selection(), Which(day, folder=taken[-1])),
        addresses=build.addresses,
        assemble=build.assemble,
        rules=build.rules,
        extract=take,
        unchanged=partial(_unchanged, project),
        gate=partial(gate_candidate, project),
        publish=lambda folder: versions.publish(project, folder, pointer=pointer),
        published=lambda: latest_version(project),
        prune=partial(_prune, project, params, day),
    )


def gate_candidate(project: Project, folder: Path) -> None:
    """Pass the gate, and tell where kept versions of a page hide what it shows, or show it.

    Raises:
        GateError: The gate found what must not leave.
    """
    # What the gate reads markup with is not imported where nothing new is to be published.
    from lpe_reports.publish import gate

    found = differing_pages(project, folder)
    gate.pass_gate(folder, project, between_versions=[each.to_json() for each in found])
    for line in differences_text(found):
        typer.echo(line, err=True)


def _prune(project: Project, params: Params, day: date) -> str:
    from lpe_reports.cli.pruned import night_pruned_text
    from lpe_reports.cli.pruning import prune_all

    return night_pruned_text(project, prune_all(project, params, day))


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
    from lpe_reports.build.planning.linked_before import linked_before
    from lpe_reports.publish.retracting import finish_retractions
    from lpe_reports.render.assemble import Earlier, Origin, assemble
    from lpe_reports.warehouse.nights.folders import find_night
    from lpe_reports.warehouse.nights.history import last_loads
    from lpe_reports.warehouse.nights.manifest import read_manifest

    folder = find_night(project, plan.extract or plan.night).folder
    manifest = read_manifest(folder)
    finish_retractions(project)
    before = None
    if selection.everything and (shown := latest_version(project)):
        place = project.public / "v" / shown.id
        before = Earlier(shown.id, date.fromisoformat(shown.night), place)
    origin = Origin(
        plan.night,
        manifest,
        tool_versions(),
        _commit(project),
        loads=last_loads(project, manifest),
        links=linked_before(project, manifest, folder.name),
        before=before,
        retracted=retracted(project.public),
    )
    began = begin_candidate(project)
    candidate = assemble(runs, project, params, origin, renderer=renderer, progress=progress)
    note_candidate(project, began, whole=selection.everything)
    return candidate


def _commit(project: Project) -> str:
    try:
        found = subprocess.run(
            ["git", "-C", str(project.root), "rev-parse", "HEAD"],
            capture_output=True, encoding="utf-8", timeout=10, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
