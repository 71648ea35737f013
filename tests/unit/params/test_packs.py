"""Packs of params: what is wrong is told with its line, and which pages a pack takes."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.loading import load_params
from lpe_reports.params.packs import Pack, load_packs
from lpe_reports.params.reports import Report, Subject, Window
from lpe_reports.periods import PeriodKind, parse_period
from lpe_reports.settings import Project

PACK = """packs:
  - id: forum
    title: Forum
    about: Beslut.
    periods: {kind: month, last: 2}
    pages:
"""
NIGHT = date(2026, 5, 11)


def report(name: str, *kinds: PeriodKind) -> Report:
    """A report of two units."""
    return Report(
        id=name,
        notebook=f"reports/{name}.ipynb",
        area="nyttjande",
        slug=name,
        title=name,
        question="?",
        owner="a@example.invalid",
        units=["a", "b"],
        periods=[Window(kind=kind, last=3) for kind in kinds],
        subjects=tuple(Subject(id=u, name=u, short=u, slug=u) for u in "ab"),
    )


REPORTS = {
    "weekly": report("weekly", PeriodKind.WEEK),
    "monthly": report("monthly", PeriodKind.MONTH),
    "flow": report("flow", PeriodKind.QUARTER),
    "procedure": report("procedure", PeriodKind.YEAR, PeriodKind.ROLLING12),
    "capacity": report("capacity", PeriodKind.SCHEDULE),
}


def load(folder: Path, pages: str) -> Pack:
    """The one pack of a file with these pages."""
    path = folder / "packs.yml"
    path.write_text(PACK + pages, encoding="utf-8")
    (pack,) = load_packs(path, folder, REPORTS)
    return pack


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ("      - {report: weekley}", "7: no report 'weekley'; did you mean 'weekly'?"),
        (
            "      - {report: flow}\n      - report: weekly\n        units: [a, aa]",
            "9: no unit 'aa'; did you mean 'a'?",
        ),
        ("      - {report: procedure}", "7: 'procedure' is made per year or rolling12; say which"),
        ("      - {report: flow, kind: week}", "7: 'flow' is made per quarter; say which"),
        ("      - {report: flow, unit: a}", "7: unknown key 'unit'"),
        (
            "      - {report: flow}\n      - {report: flow, units: [b]}",
            "8: 'flow' has these pages already",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, pages: str, problem: str) -> None:
    """A report, unit or kind that is not there; a page that stands twice."""
    with pytest.raises(ParamsError) as raised:
        load(tmp_path, pages)

    assert str(raised.value).startswith(f"packs.yml:{problem}")


def test_two_packs_cannot_have_one_address(tmp_path: Path) -> None:
    """The second is named."""
    path = tmp_path / "packs.yml"
    entry = PACK.removeprefix("packs:\n") + "      - {report: flow}\n"
    path.write_text("packs:\n" + entry * 2, encoding="utf-8")

    with pytest.raises(ParamsError, match=r"^packs\.yml:8: two packs have the id 'forum'"):
        load_packs(path, tmp_path, REPORTS)


def test_a_project_without_the_file_has_no_packs(tmp_path: Path) -> None:
    """It is no error."""
    assert load_packs(tmp_path / "packs.yml", tmp_path, REPORTS) == ()


@pytest.mark.parametrize(
    ("pages", "of", "taken"),
    [
        ("{report: monthly}", "2026-04", "2026-04"),
        ("{report: weekly}", "2026-04", "2026-W17"),  # week 18 ends in May
        ("{report: weekly}", "2026-05", "2026-W22"),  # week 22 ends with May
        ("{report: flow}", "2026-04", "2026-Q1"),
        ("{report: flow}", "2026-03", "2026-Q1"),
        ("{report: flow, under_way: true}", "2026-04", "2026-Q2"),
        ("{report: procedure, kind: rolling12}", "2026-04", "r12-2026-04"),
        ("{report: procedure, kind: rolling12}", "2026-W19", "r12-2026-04"),
        ("{report: procedure, kind: year}", "2026-04", "2025"),
        ("{report: capacity}", "2026-04", "2026-W02--2026-W11"),
        ("{report: capacity, under_way: true}", "2026-04", "2026-W12--2026-W21"),
    ],
)
def test_a_pack_takes_the_newest_page_that_is_over(
    tmp_path: Path, pages: str, of: str, taken: str
) -> None:
    """When the pack's period ends; a schedule may be under way by then."""
    pack = load(tmp_path, f"      - {pages}")

    assert pack.chapters[0].period(parse_period(of)).id == taken
    assert pack.chapters[0].subjects == ("a", "b")


def test_packs_are_made_of_periods_that_are_over(tmp_path: Path) -> None:
    """The newest first, as many as asked for, also on the first day of a period."""
    pack = load(tmp_path, "      - {report: flow}")

    assert [period.id for period in pack.periods_at(NIGHT)] == ["2026-04", "2026-03"]
    assert [period.id for period in pack.periods_at(date(2026, 5, 1))] == ["2026-04", "2026-03"]
    assert [period.id for period in pack.periods_at(date(2026, 4, 30))] == ["2026-03", "2026-02"]


def test_the_office_has_a_pack_for_each_of_its_four_forums(tmp_path: Path, root: Path) -> None:
    """Every report belongs to one of them."""
    shutil.copytree(root / "params", tmp_path / "params")
    params = load_params(Project(tmp_path), notebooks=False)

    assert [pack.title for pack in params.packs] == [
        "Produktionsstyrelse", "Medicinskt råd", "Operationsråd", "Opplanerarmöte",
    ]  # fmt: skip
    named = {chapter.report.id for pack in params.packs for chapter in pack.chapters}
    assert named == params.reports.keys()
