"""A night from extract to published version, and what happens when some of it fails."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kept_worker import kept_worker
from lpe_reports.build.lock import locked
from lpe_reports.build.nightly import BuildOptions, Night, NightSteps, run_nightly
from lpe_reports.build.planning.plan import Plan
from lpe_reports.build.running.logs import log_path
from lpe_reports.build.runs import ExecutedRun, RunKey, RunStatus
from lpe_reports.errors import (
    ExtractError,
    GateError,
    LockedError,
    NothingToPublishError,
    RenderError,
)
from lpe_reports.progress import Silent
from lpe_reports.publish.catalogue import latest_version, list_versions
from lpe_reports.publish.gate import pass_gate
from lpe_reports.publish.versions import publish, same_pages
from tiny_project import CLOSE, TinyProject, telling, told

pytestmark = pytest.mark.promise(
    "builds",
    "A night in which a report fails publishes the rest, keeps its page and says so",
)

FIRST_DAY = date(2026, 5, 11)


@dataclass(frozen=True)
class TinyCandidate:
    folder: Path
    pages: int
    rendered: int
    note: str = ""
    unmade: tuple[str, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# What the gate wants of every page.
BEFORE = '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>a</title></head><body>'
AFTER = "</body></html>"


class TinyNight:
    """A night over tiny notebooks: real runs, gate and publishing, pages of one line."""

    def __init__(self, root: Path) -> None:
        self.tiny = TinyProject(root, kept_worker)
        self.project = self.tiny.project
        self.today = FIRST_DAY
        self.extract_fails = False
        self.addresses_differ = False
        self.prune_fails: Exception | None = None
        self.unrendered = ""  # pages whose address begins so cannot be rendered

    def run(self) -> Night:
        """One night."""
        steps = NightSteps(
            plan=self.tiny.plan,
            addresses=self._address,
            assemble=self._assemble,
            extract=self._extract,
            unchanged=lambda folder: same_pages(self.project, folder, but_for=["build.json"]),
            gate=lambda folder: pass_gate(folder, self.project),
            publish=lambda folder: publish(self.project, folder, now=self._now()),
            published=lambda: latest_version(self.project),
            prune=self._prune,
        )
        options = BuildOptions(2, self.today, Silent(), CLOSE, self.tiny.runners)
        return run_nightly(self.project, steps, options)

    def page(self, name: str) -> str:
        """A page as a reader of the published site gets it."""
        text = (self.project.public / "latest" / name).read_text()
        return text.removeprefix(BEFORE).removesuffix(AFTER)

    def _address(self, key: RunKey) -> str:
        folder = "elsewhere/" if self.addresses_differ else ""
        return f"{folder}{key.report}/{key.unit}/{key.period}"

    def _now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 1, tzinfo=UTC)

    def _extract(self) -> None:
        if self.extract_fails:
            raise ExtractError("the source is away")

    def _prune(self) -> str:
        if self.prune_fails:
            raise self.prune_fails
        return "nothing was old"

    def _assemble(self, plan: Plan, runs: Sequence[ExecutedRun]) -> TinyCandidate:
        folder = self.project.candidate
        shutil.rmtree(folder, ignore_errors=True)
        if self.unrendered:
            addresses = [f"{r.run.report}/{r.run.unit}/{r.run.period}" for r in runs if r.notebook]
            bad = [address for address in addresses if address.startswith(self.unrendered)]
            if bad:
                raise RenderError("a chart cannot be drawn: 19121212-1212", bad)
        paged = [run for run in runs if run.status is not RunStatus.FAILED]
        kept = {}
        for run in paged:
            address = f"{run.run.report}/{run.run.unit}/{run.run.period}.html"
            path = folder / address
            path.parent.mkdir(parents=True, exist_ok=True)
            if run.kept:
                old = self.project.public / "v" / run.kept.version / address
                path.write_bytes(old.read_bytes())
                kept[address] = vars(run.kept)
            else:
                assert run.notebook is not None
                path.write_text(f"{BEFORE}<p>{told(run.notebook)}</p>{AFTER}")
        (folder / "index.html").write_text(f"{BEFORE}<h1>Start</h1>{AFTER}")
        record = {"night": plan.night.isoformat(), "kept": kept}
        (folder / "version.json").write_text(json.dumps(record))
        (folder / "build.json").write_text(json.dumps({"pages": len(paged)}))
        return TinyCandidate(folder, len(paged), len(paged))


@pytest.fixture
def night(tmp_path: Path) -> TinyNight:
    made = TinyNight(tmp_path)
    made.tiny.write_report([telling("'first', unit")], name="good", units="ab")
    made.tiny.write_report([telling("'first', unit")], name="other")
    return made


def test_a_night_publishes_and_the_next_has_nothing_to_do(night: TinyNight) -> None:
    """Exit code 0 both times, and one version."""
    first = night.run()
    second = night.run()

    assert (first.exit_code, first.new, first.version.id) == (0, True, "2026-05-11")
    assert (second.exit_code, second.new, second.version.id) == (0, False, "2026-05-11")
    assert night.page("good/b/2026-W19.html") == "<p>first b</p>"
    assert second.build.count(RunStatus.REUSED) == 3


def test_a_night_clears_what_killed_writers_left(night: TinyNight) -> None:
    """Wherever the build writes; parsed params of any depth, too."""
    places = ["logs", "store", "store/notebooks", "store/traces/good/a", "store/exposures/good/a"]
    for place in (*places, "parsed", "parsed/params", "parsed/params/reports", "."):
        folder = night.project.build / place
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".part-1").touch()

    night.run()

    assert list(night.project.build.rglob(".part-*")) == []


def test_a_failing_report_keeps_its_page_and_says_since_when(night: TinyNight) -> None:
    """Three nights: made, kept, kept; the page, its version and its first day stay."""
    night.run()
    night.tiny.write_report(["raise ValueError('planted')"], name="other")
    night.tiny.write_report([telling("'second', unit")], name="good", units="ab")
    night.today = date(2026, 5, 12)
    second = night.run()
    night.tiny.write_report([telling("'third', unit")], name="good", units="ab")
    night.today = date(2026, 5, 13)
    third = night.run()

    assert (second.exit_code, third.exit_code) == (3, 3)
    assert night.page("other/a/2026-W19.html") == "<p>first a</p>"
    assert night.page("good/a/2026-W19.html") == "<p>third a</p>"
    told = json.loads(night.page("version.json"))["kept"]["other/a/2026-W19.html"]
    assert told == {
        "version": "2026-05-11",
        "since": "2026-05-12",
        "reason": "beräkningen avbröts av ett fel i cell 3 (ValueError)",
    }
    assert [version.kept for version in list_versions(night.project)] == [1, 1, 0]


def test_a_kept_page_is_made_again_when_its_report_is_mended(night: TinyNight) -> None:
    """Nothing of the failure is left in the version after."""
    night.run()
    night.tiny.write_report(["1 / 0"], name="other")
    night.run()
    night.tiny.write_report([telling("'mended'")], name="other")

    mended = night.run()

    assert mended.exit_code == 0
    assert night.page("other/a/2026-W19.html") == "<p>mended</p>"
    assert json.loads(night.page("version.json"))["kept"] == {}


def test_a_report_that_fails_from_the_start_is_left_out(night: TinyNight) -> None:
    """No version has its page, so there is none; the others are published, exit code 3."""
    night.tiny.write_report(["1 / 0"], name="other")

    first = night.run()

    assert first.exit_code == 3
    assert [str(run.key) for run in first.build.failures] == ["other · a · 2026-W19"]
    assert not (night.project.public / "latest" / "other").exists()
    assert night.page("good/a/2026-W19.html") == "<p>first a</p>"


def test_nothing_usable_publishes_nothing(night: TinyNight) -> None:
    """Every run fails: exit code 4, and the published site is as it was."""
    night.run()
    for name, units in (("good", "ab"), ("other", "a")):
        night.tiny.write_report(["1 / 0"], name=name, units=units)

    with pytest.raises(NothingToPublishError, match="all 3 runs failed"):
        night.run()

    assert [version.id for version in list_versions(night.project)] == ["2026-05-11"]
    assert night.page("good/a/2026-W19.html") == "<p>first a</p>"


def test_a_page_that_cannot_be_rendered_is_a_failure_of_its_own(night: TinyNight) -> None:
    """It is kept as it was, the others are published; what the renderer said stays private."""
    night.run()
    night.tiny.write_report([telling("'second'")], name="good", units="ab")
    night.tiny.write_report([telling("'second'")], name="other")
    night.unrendered = "other/"

    second = night.run()

    assert second.exit_code == 3
    (failed,) = second.build.failures
    assert failed.error is not None
    assert failed.error.message == "other · a · 2026-W19: its page could not be rendered"
    assert night.page("other/a/2026-W19.html") == "<p>first a</p>"
    assert night.page("good/a/2026-W19.html") == "<p>second</p>"
    log = log_path(night.project, failed.key.file_stem)
    assert "19121212" in log.read_text() and log.stat().st_mode & 0o777 == 0o600

    night.unrendered = ""
    assert night.run().exit_code == 0
    assert night.page("other/a/2026-W19.html") == "<p>second</p>"


def test_a_render_error_of_no_run_stops_the_night(night: TinyNight) -> None:
    """An index page that cannot be rendered is a fault of ours, not a report's."""
    night.run()
    night.tiny.write_report([telling("'second'")], name="other")
    night.unrendered = "other/"
    night.addresses_differ = True

    with pytest.raises(RenderError):
        night.run()

    assert night.page("other/a/2026-W19.html") == "<p>first a</p>"


def test_the_gate_stops_the_night(night: TinyNight) -> None:
    """The candidate stays for inspection, the published site is untouched."""
    night.run()
    night.tiny.write_report([telling("'19121212-1212'")], name="other")

    with pytest.raises(GateError, match=r"other/a/2026-W19\.html: personal identity number \(1\)"):
        night.run()

    assert night.page("other/a/2026-W19.html") == "<p>first a</p>"
    assert "1212" in (night.project.candidate / "other/a/2026-W19.html").read_text()


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermissionError(13, "Permission denied", "/secret/place"), "Permission denied"),
        (ExtractError("a manifest is damaged"), "a manifest is damaged"),
        (ValueError("19121212-1212"), "ValueError"),
    ],
)
def test_a_failing_prune_is_told_and_fails_no_night(
    night: TinyNight, error: Exception, why: str
) -> None:
    """The night is published by then; a new version or none, the same is said."""
    assert night.run().pruned == "nothing was old"
    night.prune_fails = error

    again = night.run()

    assert (again.exit_code, again.new) == (0, False)
    assert again.pruned == (
        f"pruning failed: {why}; the night is published. `lpe prune` tries again"
    )


def test_a_failing_extract_stops_the_night_before_anything_runs(night: TinyNight) -> None:
    """The error goes through as it is, and the lock is free again."""
    night.extract_fails = True

    with pytest.raises(ExtractError):
        night.run()

    assert not night.project.store.exists()
    with locked(night.project, "test"):
        pass


def test_a_second_night_beside_the_first_is_refused(night: TinyNight) -> None:
    """The lock is taken before anything is read."""
    with locked(night.project, "nightly"), pytest.raises(LockedError, match="`lpe nightly`"):
        night.run()
    assert not night.project.store.exists()
