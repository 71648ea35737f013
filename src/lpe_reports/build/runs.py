"""The values a build is made of: what is to run, what came of it, and how a run fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lpe_reports.build.forking.choice import Choice
from lpe_reports.periods import Period


class PlanStatus(StrEnum):
    """What the plan says of a run."""

    NEW = "new"  # never run, or what was stored of it is gone or damaged
    CHANGED = "changed"  # something it read is no longer the same
    CURRENT = "current"  # nothing it read has changed


class RunStatus(StrEnum):
    """What came of a run in one build."""

    BUILT = "built"  # executed now
    REUSED = "reused"  # the stored notebook still holds
    KEPT = "kept"  # failed; its page of the last published version stays
    FAILED = "failed"  # failed, and no version has a page of it


class FailureKind(StrEnum):
    """How a run can fail."""

    RAISED = "raised"  # a cell raised
    UNFINISHED = "unfinished"  # it ended without its closing mark (sys.exit, for instance)
    DIED = "died"  # its kernel or worker was killed or crashed
    TIMED_OUT = "timed out"
    TOO_MUCH_MEMORY = "too much memory"  # it, or what it started, wanted more than it may have
    TOO_MUCH_OUTPUT = "too much output"  # it showed more than a page can be
    NOT_RENDERED = "not rendered"  # it ran, and its page could not be made of what it showed
    NOT_STARTED = "not started"  # no kernel or no worker came up
    FOREIGN = "foreign output"  # a cell shows something that did not come from the page
    NO_ROWS = "no rows"  # a table that its report requires gave not one row for its period
    TOLD = "told"  # with what other pages show, it gives a hidden number away
    DISK_FULL = "disk full"  # what it showed found no room; ends the whole build


@dataclass(frozen=True)
class RunKey:
    """Which run: one report, for one unit and one period."""

    report: str
    unit: str
    period: str

    def __str__(self) -> str:
        return f"{self.report} · {self.unit} · {self.period}"

    @property
    def file_stem(self) -> str:
        """The run as the name of a file."""
        return f"{self.report}.{self.unit}.{self.period}"

    @classmethod
    def from_stem(cls, stem: str) -> "RunKey":
        """The run that the name of a file spells."""
        report, unit, period = stem.rsplit(".", 2)
        return cls(report, unit, period)


@dataclass(frozen=True)
class PlannedRun:
    """One run and whether it has to run, with the reason in words."""

    report: str
    unit: str
    period: Period
    parameters: Mapping[str, object]  # what papermill injects
    status: PlanStatus
    reason: str  # for the terminal
    words: str = ""  # the same in Swedish, for the site

    @property
    def key(self) -> RunKey:
        return RunKey(self.report, self.unit, self.period.id)


@dataclass(frozen=True)
class RunFailure:
    """Why a run failed, in words that hold no data: a cell's number, an error's class."""

    kind: FailureKind
    message: str
    cell: int | None = None  # counted from 1 over all cells of the source notebook
    error_class: str | None = None
    words: str = ""  # the message's reason in Swedish, as it follows on "därför att"
    # What an error of the package itself says; for the terminal, and on no page and in no record.
    told: str = ""

    @property
    def in_full(self) -> str:
        """The message as its author reads it on the terminal."""
        return f"{self.message}: {self.told}" if self.told else self.message


@dataclass(frozen=True)
class ExecutedRun:
    """What came of one run."""

    run: PlannedRun
    status: RunStatus
    notebook: Path | None  # the executed notebook in the store; None when kept or failed
    error: RunFailure | None = None
    seconds: float = 0.0  # wall clock of this build; 0 when reused
    engine: Choice | None = None  # what ran it in this build; None when reused
    kept: "Kept | None" = None
    digests: Mapping[str, str] = field(default_factory=dict)  # notebook, code, answers
    decided: tuple[str, ...] = ()  # groups that its page hides because of a decision
    groups: tuple[str, ...] = ()  # all groups that its page hides
    hidden: int = 0  # cells of its protected tables that are hidden
    cells: int = 0  # all cells of its protected tables
    closed: tuple[str, ...] = ()  # those of `groups` whose time is over on the night

    @property
    def key(self) -> RunKey:
        return self.run.key


@dataclass(frozen=True)
class Kept:
    """Where a kept page comes from."""

    version: str  # the version that it is taken from
    since: str  # the day of the first version that had to keep it
    reason: str  # in Swedish, as it follows on "därför att"
