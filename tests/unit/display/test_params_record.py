"""Which params a page read is noted by itself, and a changed entry changes its digest alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.display.page import Page
from lpe_reports.display.params_record import ParamsRecord, params_digest, recorded
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

ENTRIES = [
    "units", "units/hu-cop", "units/kind/hospital", "units/sections/kirurgi",
    "units/clinics/ortopedi", "glossary/operations", "limits/guarantee", "calendar", "procedures",
    "disclosure", "site/periods_shown", "reports/weekly/subjects/ortopedi",
    "reports/weekly/sections/ortopedi", "reports/weekly/notebook",
]  # fmt: skip
GONE = ["units/xx", "glossary/xx", "reports/xx/notebook", "site/xx", "xx", "", "units/kind/xx/yy"]


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "params" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def digests(root: Path) -> dict[str, str | None]:
    params = load_params(Project(root))
    return {entry: params_digest(params, entry) for entry in ENTRIES}


def test_every_entry_has_a_digest(project_copy: Path) -> None:
    """Each name under which a page can note something is found again, and the same each time."""
    first = digests(project_copy)

    assert None not in first.values()
    assert first == digests(project_copy)


@pytest.mark.parametrize("entry", GONE)
def test_entry_that_is_gone_has_no_digest(project_copy: Path, entry: str) -> None:
    """A removed unit or report makes the runs that read it run again, not fail."""
    assert params_digest(load_params(Project(project_copy)), entry) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("units.yml", "short: Hu - C-op", "short: Hu C-op", {"units", "units/hu-cop"}),
        ("units.yml", "Gävle sjukhus", "Gavle", {"units", "units/kind/hospital"}),
        ("site.yml", "contact: ", "contact: b@example.invalid # ", set()),
        ("disclosure.yml", "threshold: 5", "threshold: 6", {"disclosure"}),
        ("glossary.yml", "days: 90", "days: 60", {"limits/guarantee"}),
        ("calendar.yml", "2026-09-13", "2026-09-20", {"calendar"}),
        ("procedures.yml", "name: Höft,", "name: Höften,", {"procedures"}),
    ],
)
def test_changed_entry_changes_its_digest_alone(
    project_copy: Path, file: str, old: str, new: str, changed: set[str]
) -> None:
    """A new name of one unit concerns the pages that used that unit."""
    before = digests(project_copy)
    change(project_copy, file, old, new)
    after = digests(project_copy)

    assert {entry for entry in ENTRIES if before[entry] != after[entry]} == changed


def test_record_notes_what_is_handed_out(project_copy: Path) -> None:
    """Asking is noting; nobody declares what a page depends on."""
    record = ParamsRecord(load_params(Project(project_copy)))
    params = recorded(load_params(Project(project_copy)), record)
    params.units.get("hu-cop")
    params.units.of_kind("hospital")
    _ = params.site.periods_shown
    params.calendar.is_holiday(date(2026, 5, 1))
    params.glossary.guarantee_days("operation", date(2026, 5, 1))

    assert list(record.digests()) == [
        "calendar", "limits/guarantee", "site/periods_shown", "units/hu-cop", "units/kind/hospital",
    ]  # fmt: skip


def test_page_does_not_depend_on_other_reports_and_titles(
    open_page: Callable[..., Page],
) -> None:
    """A new report or site title re-renders pages, it executes none."""
    page = open_page()
    page.series("operations", unit="bo-opc", last=8)
    page.comment()
    read = page._record.digests()

    assert {"reports/weekly/subjects/ortopedi", "units/bo-opc", "disclosure"} <= read.keys()
    assert not any(name.startswith(("site", "glossary/")) for name in read)
    with pytest.raises(AttributeError, match="own report"):
        _ = page.params.reports
