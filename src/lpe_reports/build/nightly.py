"""A night from beginning to end, and the build that is its middle.

What the steps do stands in their own parts; here stands in which order they run, what happens
when something of it fails, and what is said of it. Rendering and publishing lie above the build,
so they are handed in.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from lpe_reports.build.deciding import Pages, decide, write_decisions
from lpe_reports.build.execute import execute
from lpe_reports.build.kept import Addresses, keep_failed
from lpe_reports.build.lock import locked
from lpe_reports.build.looking import Rules
from lpe_reports.build.planning import reasons
from lpe_reports.build.planning.plan import Plan
from lpe_reports.build.running.executed import CLOSE_SOURCE
from lpe_reports.build.running.logs import log_path
from lpe_reports.build.running.runners import Runners
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from lpe_reports.build.storing.store import clear_leftovers, write_whole
from lpe_reports.errors import LpeError, NothingToPublishError, RenderError
from lpe_reports.progress import Progress
from lpe_reports.settings import Project
from lpe_reports.system import clear_scratch

Result = TypeVar("Result")

# The folders, beside the logs, that files are put into whole.
_WRITTEN = (
    *("store", "store/notebooks", "store/traces/*/*", "store/exposures/*/*", "store/pages"),
    "parsed/**",
)

# Exit code of a night that published, but not every page as it should be.
NOT_ALL_WELL = 3


class Assembled(Protocol):
    """A candidate version."""

    @property
    def folder(self) -> Path: ...
    @property
    def pages(self) -> int: ...
    @property
    def rendered(self) -> int: ...
    @property
    def note(self) -> str: ...
    @property
    def unmade(self) -> tuple[str, ...]:
        """The addresses of what was to be bound from its pages and could not be."""

    @property
    def warnings(self) -> Mapping[str, tuple[str, ...]]:
        """What the renderer warned of, by the address of the page."""


class Published(Protocol):
    """A version that has been published."""

    @property
    def id(self) -> str: ...
    @property
    def megabytes(self) -> float: ...


@dataclass(frozen=True)
class BuildSteps:
    """What a build is made of.

    Fields:
        plan: Decides which runs run.
        addresses: The address of a run's page in a version, without its ending.
        assemble: Renders the runs' pages and lays the candidate.
        rules: What is asked of all pages together; nothing is when there are none.
    """

    plan: Callable[[], Plan]
    addresses: Addresses
    assemble: Callable[[Plan, Sequence[ExecutedRun]], Assembled]
    rules: Rules | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class NightSteps(BuildSteps):
    """What a night is made of, beside its build.

    Fields:
        extract: Warehouse to extract.
        unchanged: Whether the published site shows what the candidate shows.
        gate: Raises GateError when something must not leave.
        publish: Publishes the candidate.
        published: The version that is published already, if any.
        prune: Removes what has been kept long enough, and says what that was.
    """

    extract: Callable[[], object]
    unchanged: Callable[[Path], bool]
    gate: Callable[[Path], None]
    publish: Callable[[Path], Published]
    published: Callable[[], Published | None]
    prune: Callable[[], str]


@dataclass(frozen=True)
class BuildOptions:
    """How a build runs.

    Fields:
        jobs: How many notebooks run at a time on this machine; as many as there are processors
            when None.
        today: The day that a page is kept from when its run fails.
        progress: Who is told how far it is.
        close_source: The code of the cell that is put after a notebook's last one.
        runners: Where notebooks run instead of this machine.
    """

    jobs: int | None
    today: date
    progress: Progress
    close_source: str = CLOSE_SOURCE
    runners: Runners | None = None


@dataclass(frozen=True)
class Build:
    """What came of a build."""

    night: date
    runs: tuple[ExecutedRun, ...]
    candidate: Assembled
    seconds: dict[str, float]  # wall clock by step

    def count(self, status: RunStatus) -> int:
        """How many runs have a status."""
        return Counter(run.status for run in self.runs)[status]

    @property
    def failures(self) -> list[ExecutedRun]:
        """The runs whose notebook failed, whether their page was kept or not."""
        return [run for run in self.runs if run.status in (RunStatus.FAILED, RunStatus.KEPT)]

    @property
    def hidden(self) -> tuple[int, int]:
        """How many cells of protected tables are hidden, and how many there are."""
        return sum(run.hidden for run in self.runs), sum(run.cells for run in self.runs)

    @property
    def exit_code(self) -> int:
        return NOT_ALL_WELL if self.failures or self.candidate.unmade else 0


@dataclass(frozen=True)
class Night:
    """What came of a night."""

    build: Build
    version: Published  # what `latest` leads to now
    new: bool  # False when the published site showed the same already
    seconds: dict[str, float]
    pruned: str = ""  # what was removed at its end, in words

    @property
    def exit_code(self) -> int:
        return self.build.exit_code


def run_build(project: Project, steps: BuildSteps, options: BuildOptions) -> Build:
    """Plan, execute, and lay a candidate. Needs the lock.

    Raises:
        NothingToPublishError: Not one run gave a page.
    """
    clock = _Clock()
    clear_leftovers(project.build, "", "logs", *_WRITTEN)
    clear_scratch()
    plan = clock.time("plan", steps.plan)
    write_decisions(project, plan.decisions)
    pages = Pages(
        partial(
            execute,
            project,
            jobs=options.jobs,
            runners=options.runners,
            progress=options.progress,
            close_source=options.close_source,
        ),
        lambda runs: keep_failed(project, runs, steps.addresses, options.today),
    )
    runs = clock.time("execute", lambda: pages.execute(plan))
    if rules := steps.rules:
        runs = clock.time("decide", lambda: decide(project, plan, runs, rules, pages))
    runs, candidate = clock.time("render", lambda: _assemble(project, steps, options, plan, runs))
    return Build(plan.night, tuple(runs), candidate, clock.seconds)


def run_nightly(project: Project, steps: NightSteps, options: BuildOptions) -> Night:
    """Extract, build, gate, publish and prune, alone in the project.

    Raises:
        LockedError: Another command is at work in the project.
        NothingToPublishError: Not one run gave a page; the published site is untouched.
        GateError: The gate found something; the published site is untouched.
    """
    with locked(project, "nightly"):
        clock = _Clock()
        clock.time("extract", steps.extract)
        build = run_build(project, steps, options)
        folder = build.candidate.folder
        before = steps.published()
        new = before is None or not clock.time("compare", lambda: steps.unchanged(folder))
        version = before
        if new:
            clock.time("gate", lambda: steps.gate(folder))
            version = clock.time("publish", lambda: steps.publish(folder))
        assert version is not None
        pruned = clock.time("prune", lambda: _prune(steps))
        return Night(build, version, new, clock.seconds | build.seconds, pruned)


def _prune(steps: NightSteps) -> str:
    """Prune at the end of a night, which is published by then and stays so whatever happens."""
    try:
        return steps.prune()
    except LpeError as error:
        why = str(error)
    except Exception as error:
        why = getattr(error, "strerror", None) or type(error).__name__
    return f"pruning failed: {why}; the night is published. `lpe prune` tries again"


def _assemble(
    project: Project,
    steps: BuildSteps,
    options: BuildOptions,
    plan: Plan,
    runs: list[ExecutedRun],
) -> tuple[list[ExecutedRun], Assembled]:
    """Lay the candidate; a page that cannot be rendered is a failed run like any other."""
    _check_some_page(runs)
    kept = keep_failed(project, runs, steps.addresses, options.today)
    try:
        return kept, steps.assemble(plan, kept)
    except RenderError as error:
        rest = _fail_unrendered(project, steps.addresses, kept, error)
    _check_some_page(rest)
    kept = keep_failed(project, rest, steps.addresses, options.today)
    return kept, steps.assemble(plan, kept)


def _fail_unrendered(
    project: Project, addresses: Addresses, runs: Sequence[ExecutedRun], error: RenderError
) -> list[ExecutedRun]:
    """The runs, with those failed whose pages could not be rendered.

    Raises:
        RenderError: It is not known which pages, or one is no run's (an index page).
    """
    unrendered = set(error.addresses)
    if not unrendered or not unrendered <= {addresses(run.key) for run in runs}:
        raise error
    reason = reasons.not_rendered()
    found = list(runs)
    for number, run in enumerate(runs):
        if addresses(run.key) in unrendered:
            message = f"{run.key}: {reason.text}"
            failure = RunFailure(FailureKind.NOT_RENDERED, message, words=reason.words)
            found[number] = replace(run, status=RunStatus.FAILED, notebook=None, error=failure)
            write_whole(log_path(project, run.key.file_stem), f"{error}\n".encode(), mode=0o600)
    return found


def _check_some_page(runs: Sequence[ExecutedRun]) -> None:
    if any(run.status is not RunStatus.FAILED for run in runs):
        return
    if not runs:
        raise NothingToPublishError("the selection holds no run; see `lpe plan`")
    first = runs[0].error
    raise NothingToPublishError(
        f"all {len(runs)} runs failed, so there is nothing new to publish and the published site "
        f"is untouched; the first: {first.in_full if first else runs[0].key}"
    )


class _Clock:
    """Wall-clock seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, name: str, step: Callable[[], Result]) -> Result:
        began = time.monotonic()
        result = step()
        self.seconds[name] = round(time.monotonic() - began, 2)
        return result
