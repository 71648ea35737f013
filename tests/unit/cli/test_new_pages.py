"""What `lpe new` writes, built as it is: each kind of unit and of period makes a page that passes.

One demo, one extract, one build and one version for all; some of the combinations, and every one
of them with LPE_LONG=1.
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from office_pages import Office

from command_line import lpe
from drawn import LONG
from lpe_reports.build.planning import plan
from lpe_reports.build.planning.selection import Target
from lpe_reports.cli.starting.subjects import KINDS, find_subjects
from lpe_reports.cli.starting.wish import AREAS, read_office
from lpe_reports.errors import UsageError
from lpe_reports.periods import PeriodKind, last_periods
from lpe_reports.settings import Project
from lpe_reports.testing import make_page

pytestmark = pytest.mark.promise(
    "authors", "`lpe new` writes a report that works as it is, and nothing over what is there"
)

NIGHT = date(2026, 5, 11)
EVERY = [(kind, periods) for kind in KINDS for periods in PeriodKind]
# Each kind of unit once, and each kind of period once.
SOME = [(kind, list(PeriodKind)[number]) for number, kind in enumerate(KINDS)]
# And a second report of procedures: the site lists those of several in another way.
SOME.append(("procedure", PeriodKind.MONTH))
CHOSEN = EVERY if LONG else SOME
IDS = [f"{kind}_{periods}" for kind, periods in CHOSEN]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A project of new reports alone, with a page of each, published."""
    root = tmp_path_factory.mktemp("mina rapporter på prov")
    assert lpe(root, "init", "--reports", "none").returncode == 0
    office = Office(root)
    for number, (kind, periods) in enumerate(CHOSEN):
        _do(
            root, "new", "--id", f"{kind}_{periods}", "--title", f"Prov {kind} {periods}",
            "--question", "Hur går det?", "--area", AREAS[number % len(AREAS)],
            "--units", "knee,NGB49" if kind == "procedure" else kind, "--periods", str(periods),
        )  # fmt: skip
    _do(root, "demo", "--years", "1", "--scale", "0.05")
    _do(root, "extract", "--source", "demo")
    _build(root, set(_pages(root)))
    _do(root, "publish")
    return office


def _do(root: Path, *arguments: str) -> None:
    told = lpe(root, *arguments)
    assert told.returncode == 0, told.stderr


def _build(root: Path, pages: set[tuple[str, str, str]]) -> None:
    """`lpe build` of these pages alone."""
    select = plan.select_targets

    def select_some(*given: Any) -> list[Target]:
        found = select(*given)
        return [each for each in found if (each.report.id, each.unit, each.period.id) in pages]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "select_targets", select_some)
        _do(root, "build")


def _pages(root: Path) -> list[tuple[str, str, str]]:
    """A page of each report: its first unit, the newest period that is over."""
    office = read_office(Project(root))
    pages = []
    for kind, periods in CHOSEN:
        words = ["knee"] if kind == "procedure" else [kind]
        unit = find_subjects(words, office.units, office.procedures).ids[0]
        over = [each for each in last_periods(periods, NIGHT, 2) if each.is_over(NIGHT)]
        pages.append((f"{kind}_{periods}", unit, over[-1].id))
    return pages


def _address(office: Office, report: str) -> str:
    """Where the report's page lies in the version."""
    found = read_office(Project(office.root)).reports[report]
    (period,) = (period for name, _, period in _pages(office.root) if name == report)
    latest = office.root / "public" / "latest"
    (page,) = (latest / found.area / found.slug).glob(f"*/{period}.json")
    return page.relative_to(latest).with_suffix("").as_posix()


@pytest.mark.parametrize("report", IDS)
def test_new_report_shows_real_numbers_as_it_is(office: Office, report: str) -> None:
    """A sentence, key figures, a chart and a table, whose numbers, and where they are defined."""
    address = _address(office, report)
    page: dict[str, Any] = office.page(address)
    html = (office.root / "public" / "latest" / f"{address}.html").read_text(encoding="utf-8")

    assert page["summary"]
    assert any(figure["value"] is not None for figure in page["key_figures"])
    *charts, table = page["tables"]
    assert charts and "<figure" in html and "<svg" not in page["summary"]
    assert table["rows"]
    assert table["caption"] and table["selection"]
    assert 'href="../../../sa-raknar-vi/' in html


def test_page_of_a_procedure_says_who_did_it(office: Office) -> None:
    """A procedure does nothing by itself: the region does."""
    page = office.page(_address(office, "procedure_month"))

    assert page["summary"].startswith("Regionen gjorde")


def test_procedures_are_listed_beside_their_reports(office: Office) -> None:
    """Those of several reports have a row in the list of the newest pages."""
    front = (office.root / "public/latest/index.html").read_text(encoding="utf-8")

    assert "Åtgärd" in front


def test_page_of_a_test_is_the_page_that_is_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make_page` gives what the JSON beside the page holds, and names what there is not."""
    monkeypatch.chdir(office.root)
    monkeypatch.delenv("LPE_PROJECT", raising=False)
    kind, periods = CHOSEN[0]
    report = f"{kind}_{periods}"

    assert make_page(report) == office.page(_address(office, report))
    with pytest.raises(UsageError, match=f"did you mean '{report}'"):
        make_page(f"{report}s")
    assert "LPE_RUN" not in os.environ


def test_tests_of_a_new_project_pass_as_they_are(office: Office) -> None:
    """Its own, and the one that each new report came with; nothing is written for them."""
    before = _kept(office.root)
    # The project's own test runs each report again; it is enough that it runs one.
    chosen = f"not test_report_makes_a_page or {IDS[0]}"

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, "tests"],
        cwd=office.root, capture_output=True, encoding="utf-8", timeout=250, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout
    assert _kept(office.root) == before


def _kept(root: Path) -> dict[Path, int]:
    """What a build keeps, and when it was written; not what params are read faster from."""
    files = (path for path in (root / "build").rglob("*") if path.is_file())
    return {path: path.stat().st_mtime_ns for path in files if "parsed" not in path.parts}


def test_tests_of_a_new_project_are_left_out_without_an_extract(tmp_path: Path) -> None:
    """They say what makes one."""
    assert lpe(tmp_path, "init", "--reports", "none").returncode == 0
    new = ["--title", "Ny", "--question", "Hur?", "--area", "nyttjande", "--units", "vo"]
    assert lpe(tmp_path, "new", *new, "--periods", "month").returncode == 0

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]
    assert "2 skipped" in done.stdout
    assert "run `lpe extract`" in done.stdout
