"""Across pages and against time: what is decided after the runs, and what stays decided."""

import json
from pathlib import Path

import pytest

from lpe_reports.build import deciding
from lpe_reports.build.planning.plan import PlanStatus
from lpe_reports.build.runs import FailureKind, RunKey, RunStatus
from lpe_reports.build.storing.exposures import exposure_path
from lpe_reports.disclosure.across import Found
from lpe_reports.disclosure.decisions import Across, Decisions, decisions_path
from lpe_reports.errors import DisclosureError
from lpe_reports.publish.kept_versions import differences_text
from pooled_night import WEEK, PooledNight, next_night

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")
KEPT = pytest.mark.promise(
    "disclosure", "What a kept version hides of a closed period stays hidden"
)

# The same group as two tables count it, closed on every night of these tests.
HIP = "operated|procedure=hip|time=2026-03|unit=ga-cop"


@pytest.fixture
def nights(tmp_path: Path) -> PooledNight:
    return PooledNight(tmp_path)


def test_a_group_that_another_page_hides_is_hidden_here(nights: PooledNight) -> None:
    """One page hides seven as the second cell of its row; the other showed it, and runs again."""
    nights.page("one", {HIP: 7, "operated|time=2026-03": 40}, hidden=[HIP])
    nights.page("two", {HIP: 7, "operated|time=2026-02": 50})

    first = nights.run()

    assert nights.ran == ["one", "two", "two"]
    assert nights.shown("two") == {HIP: None, "operated|time=2026-02": 50}
    assert nights.decisions.across[HIP] == Across((f"two.a.{WEEK}",), None)
    assert first.exit_code == 0
    assert first.build.hidden == (2, 4)


def test_the_second_night_runs_nothing_again(nights: PooledNight) -> None:
    """What was decided stands, the pages hide it, and no version is made of it."""
    nights.page("one", {HIP: 7}, hidden=[HIP])
    nights.page("two", {HIP: 7})
    nights.run()
    decided = decisions_path(nights.project).read_bytes()

    second, ran = nights.run(), nights.ran
    nights.night = next_night(nights.night)
    third = nights.run()

    assert (ran, nights.ran) == ([], [])
    assert (second.new, third.new) == (False, False)
    # Only what the published version hides has joined it.
    assert json.loads(decided)["across"].keys() == nights.decisions.across.keys()
    assert nights.decisions.kept == {HIP}


def test_a_build_that_is_killed_before_pages_run_again_runs_them_the_next_time(
    nights: PooledNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision is written first; the page it names is not current until it follows it."""
    nights.page("one", {HIP: 7}, hidden=[HIP])
    nights.page("two", {HIP: 7})
    with monkeypatch.context() as patched:
        patched.setattr(deciding._Deciding, "_again", _killed)
        with pytest.raises(KeyboardInterrupt):
            nights.run()

    (planned,) = [run for run in nights.plan().runs if run.status is not PlanStatus.CURRENT]
    assert (planned.report, planned.reason) == (
        "two",
        "other pages would give away what it must hide",
    )
    nights.run()

    assert nights.ran == ["two"]
    assert nights.shown("two") == {HIP: None}


def test_a_build_that_is_killed_before_deciding_decides_the_next_time(
    nights: PooledNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All runs are current then, and yet it is known that nobody has looked at them together."""
    nights.page("one", {HIP: 7}, hidden=[HIP])
    nights.page("two", {HIP: 7})
    with monkeypatch.context() as patched:
        patched.setattr(deciding._Deciding, "settle", _killed)
        with pytest.raises(KeyboardInterrupt):
            nights.run()

    assert nights.plan().count(PlanStatus.CURRENT) == 2
    nights.run()

    assert nights.shown("two") == {HIP: None}


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


@KEPT
def test_a_correction_of_a_closed_period_stays_hidden(nights: PooledNight) -> None:
    """Three became seven: a version that is kept hides it, so it stays hidden while it is kept."""
    nights.page("one", {HIP: 3, "operated|time=2026-03": 40})
    nights.run()
    nights.page("one", {HIP: 7, "operated|time=2026-03": 40})
    nights.night = next_night(nights.night)

    nights.run()

    assert nights.ran == ["one"]
    assert nights.shown("one") == {HIP: None, "operated|time=2026-03": 40}
    assert nights.differences() == []
    for version in (nights.project.public / "v").iterdir():
        (version / "hidden.json").unlink()
    nights.run()
    assert nights.ran == ["one"]
    assert nights.shown("one")[HIP] == 7


@KEPT
def test_a_page_made_later_does_not_show_what_a_kept_version_hides(nights: PooledNight) -> None:
    """The correction is in the data of all pages; the new one hides it from its first night."""
    nights.page("one", {HIP: 3})
    nights.run()
    nights.page("one", {"operated|time=2026-03": 40})
    nights.page("two", {HIP: 7, "operated|time=2026-03": 40})

    nights.run()

    assert nights.shown("two") == {HIP: None, "operated|time=2026-03": 40}


@KEPT
def test_an_open_period_is_decided_anew_each_night(nights: PooledNight) -> None:
    """What was hidden of May on one night may be shown on the next, and the report says where."""
    may = "operated|time=2026-05@2026-05-11|unit=ga-cop"
    nights.page("one", {may: 7}, hidden=[may])
    nights.page("two", {may: 7})
    nights.run()
    assert nights.decisions.across[may].open == "2026-05-11"
    assert nights.shown("two") == {may: None}

    nights.night = next_night(nights.night)
    nights.page("one", {may: 7})
    (planned,) = [run for run in nights.plan().runs if run.report == "two"]
    assert planned.reason == "a decision to hide, made across pages or versions, no longer stands"
    nights.run()

    assert dict(nights.decisions.across) == {}
    assert nights.decisions.kept == frozenset()
    assert (nights.shown("one"), nights.shown("two")) == ({may: 7}, {may: 7})
    assert nights.run().new is False


@KEPT
def test_the_report_of_kept_versions_names_page_version_and_count(nights: PooledNight) -> None:
    """Of an open period that was hidden and is shown; never a number."""
    may = "operated|time=2026-05@2026-05-11"
    nights.page("one", {may: 3, "operated|time=2026-04": 40})
    nights.page("two", {"operated|time=2026-04": 40})
    nights.run()
    nights.page("one", {may: 7, "operated|time=2026-04": 41})
    nights.night = next_night(nights.night)

    nights.run()
    (found,) = nights.differences()[:1]

    assert (found.page, found.count) == (f"one/a/{WEEK}.html", 1)
    assert found.versions == ("2026-05-11",)
    assert str(found) == f"one/a/{WEEK}.html: 1 cells, version 2026-05-11"
    assert differences_text([]) == []
    assert differences_text([found, found, *[found] * 4])[-1].strip() == (
        "… and 1 more; build/gate.json has them all"
    )


def test_a_page_that_has_a_group_no_more_does_not_run_for_it(nights: PooledNight) -> None:
    """It may have become coarser because of the decision, which stands: else it would be finer
    the next time, and so on night after night.
    """
    nights.page("one", {HIP: 7}, hidden=[HIP])
    nights.page("two", {HIP: 7})
    nights.run()
    nights.page("two", {"operated|time=2026-02": 50})

    nights.run()
    assert HIP in nights.decisions.across
    nights.run()
    assert nights.ran == []
    exposure_path(nights.project, RunKey("two", "a", WEEK)).unlink()
    nights.run()
    assert HIP not in nights.decisions.across


def test_what_no_hiding_helps_against_fails_its_pages(nights: PooledNight) -> None:
    """The other page cannot change, being kept from a version before: the failure is typed."""
    nights.page("one", {HIP: 7, "operated|time=2026-02": 50})
    nights.page("two", {HIP: 7, "operated|time=2026-02": 50})
    nights.page("well", {"operated|time=2026-02": 50})
    nights.run()
    nights.page("one", {HIP: 3, "operated|time=2026-02": 50})
    nights.tiny.write_report(["1 / 0"], name="two")
    nights.night = next_night(nights.night)

    second = nights.run()

    assert {run.run.report for run in second.build.failures} == {"one", "two"}
    (one,) = [run for run in second.build.runs if run.run.report == "one"]
    assert one.status is RunStatus.KEPT and one.error is not None
    assert one.error.kind is FailureKind.TOLD
    assert one.error.message == (
        f"one · a · {WEEK}: its numbers and those of other pages together give away what must "
        "be hidden"
    )
    assert nights.shown("one") == {HIP: 7, "operated|time=2026-02": 50}
    assert not exposure_path(nights.project, RunKey("one", "a", WEEK)).exists()


def test_deciding_comes_to_an_end_though_no_page_can_be_failed(
    nights: PooledNight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops with an error, and lets nothing through that gives something away."""
    nights.page("one", {HIP: 7})
    nights.page("two", {HIP: 7})
    turns = []

    def helpless(*_: object) -> Found:
        turns.append(1)
        return Found(helpless=frozenset({f"one.a.{WEEK}"}))

    monkeypatch.setattr(deciding, "look", helpless)
    monkeypatch.setattr(deciding._Deciding, "_fail", lambda _, runs, stems: runs)

    with pytest.raises(DisclosureError, match="could not be failed"):
        nights.run()
    assert len(turns) == deciding.ROUNDS + 3


def test_a_damaged_decision_or_exposure_is_made_anew(nights: PooledNight) -> None:
    """Neither is trusted: the runs that followed the decision run again, and it is decided."""
    nights.page("one", {HIP: 7}, hidden=[HIP])
    nights.page("two", {HIP: 7})
    nights.run()
    decisions = decisions_path(nights.project)
    before = decisions.read_bytes()
    decisions.write_bytes(before.replace(b"hip", b"hop"))
    nights.run()
    assert nights.shown("two") == {HIP: None}

    exposure_path(nights.project, RunKey("two", "a", WEEK)).write_bytes(b"")
    (planned,) = [run for run in nights.plan().runs if run.report == "two"]
    assert planned.status is PlanStatus.NEW
    nights.run()
    assert nights.ran == ["two"]
    assert nights.decisions != Decisions()
