"""Which pages go into a pack, and what is said of those that do not."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from lpe_reports.build.runs import (
    ExecutedRun,
    FailureKind,
    Kept,
    PlannedRun,
    PlanStatus,
    RunFailure,
    RunStatus,
)
from lpe_reports.params.packs import Pack, PackChapter
from lpe_reports.params.reports import Report, Subject, Window
from lpe_reports.periods import PeriodKind, parse_period
from lpe_reports.render.packs.plan import NOT_THERE, plan_packs

NIGHT = date(2026, 5, 11)
REPORT = Report(
    id="weekly",
    notebook="reports/weekly.ipynb",
    area="uppfoljning",
    slug="vecka",
    title="Vecka",
    question="?",
    owner="a@example.invalid",
    units=["a", "b", "c", "d"],
    periods=Window(kind=PeriodKind.WEEK, last=3),
    subjects=tuple(Subject(id=u, name=u.upper(), short=u, slug=u) for u in "abcd"),
)
PACK = Pack(
    id="mote",
    title="Möte",
    about="Beslut.",
    periods=Window(kind=PeriodKind.WEEK, last=2),
    chapters=(PackChapter(REPORT, ("b", "a", "c", "d"), PeriodKind.WEEK),),
)
FAILURE = RunFailure(FailureKind.RAISED, "cell 7 failed", words="cell 7 gick fel")


def run(unit: str, period: str = "2026-W19", status: RunStatus = RunStatus.BUILT) -> ExecutedRun:
    """What came of one run; with a notebook where it is built."""
    planned = PlannedRun("weekly", unit, parse_period(period), {}, PlanStatus.NEW, "")
    return ExecutedRun(planned, status, Path("n.ipynb") if status is RunStatus.BUILT else None)


def test_pages_stand_in_the_order_of_the_forum() -> None:
    """Each with its own period; packs without a page are not made."""
    packs = list(plan_packs([PACK], [run(unit) for unit in "abcd"], NIGHT))

    assert [pack.address for pack in packs] == ["motesunderlag/mote/2026-W19"]
    assert packs[0].title == "Möte, vecka 19 2026"
    assert [spot.address for spot in packs[0].pages] == [
        f"uppfoljning/vecka/{unit}/2026-W19" for unit in "bacd"
    ]
    assert packs[0].absences == ()


def test_pages_that_are_not_there_are_named_with_the_reason() -> None:
    """One that failed, one that is kept from an earlier version, one that nobody made."""
    failed = replace(run("b", status=RunStatus.FAILED), error=FAILURE)
    kept = replace(
        run("c", status=RunStatus.KEPT),
        error=FAILURE,
        kept=Kept("2026-05-10", "2026-05-09", "cell 7 gick fel"),
    )

    (pack,) = plan_packs([PACK], [run("a"), failed, kept], NIGHT)

    assert [spot.subject.id for spot in pack.pages] == ["a"]
    assert {absence.units: absence.why for absence in pack.absences} == {
        ("B",): "kunde inte göras, därför att cell 7 gick fel",
        ("C",): "kunde inte göras om, därför att cell 7 gick fel; på webbplatsen står sidan som "
        "den var i version 2026-05-10",
        ("D",): NOT_THERE,
    }


def test_pages_that_are_missing_alike_are_named_together() -> None:
    """One line for all units of a report."""
    (pack,) = plan_packs([PACK], [run("c")], NIGHT)

    (absence,) = pack.absences
    assert absence.units == ("B", "A", "D")
    assert absence.period.id == "2026-W19"


def test_a_pack_of_every_period_that_has_a_page(tmp_path: Path) -> None:
    """The newest first."""
    runs = [run("a", period) for period in ("2026-W18", "2026-W19", "2026-W17")]

    packs = list(plan_packs([PACK], runs, NIGHT))

    assert [pack.period.id for pack in packs] == ["2026-W19", "2026-W18"]
