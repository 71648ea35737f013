"""Which params a page read is noted by itself, and a changed entry changes its digest alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.display.page import Page
from lpe_reports.display.params_record import ParamsRecord, params_digest
from lpe_reports.display.params_seen import recorded
from lpe_reports.errors import UsageError
from lpe_reports.params.loading import Params, load_params
from lpe_reports.settings import Project

ENTRIES = [
    "units/hu-cop", "units/hu-cop/short", "units/hu-cop/kind", "units/ga/name", "units/all ids",
    "units/of kind/hospital", "units/of kind/operating_unit", "units/operating units of/hu",
    "units/sections of/kirurgi", "units/clinics of/ortopedi", "units/is there/zz-cop",
    "units/order of/bo-opc,hu-cop", "glossary/operations", "glossary/is there/operations",
    "limits/guarantee", "calendar", "calendar/days off/2026-09-01/2026-09-15",
    "calendar/days off/2026-09-16/2026-12-31", "calendar/closures",
    "calendar/closures/bo-opc/2026-01-01/2026-12-31", "calendar/on call", "procedures/all ids",
    "procedures/hip/name", "procedures/hip/prefixes", "procedures/knee/name",
    "procedures/is there/NGB49", "procedures/prefixes of groups", "procedures/all/groups",
    "disclosure", "sources", "retention", "site/periods_shown",
    "reports/weekly/subjects/ortopedi", "reports/weekly/sections/ortopedi",
    "reports/weekly/notebook", "reports/weekly/requires_rows",
]  # fmt: skip
GONE = [
    "units/xx", "units/xx/name", "units/hu-cop/xx", "units", "units/kind/xx/yy", "glossary/xx",
    "reports/xx/notebook", "site/xx", "xx", "", "procedures/xx/name", "procedures/hip/xx",
    "procedures", "calendar/days off/x/y", "calendar/xx", "sources/xx",
]  # fmt: skip
ZZ = """units:
  - {id: zz-cop, kind: operating_unit, name: Zäta, short: Zz, slug: zz, hospital: ga}
"""


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
        (
            "units.yml",
            "short: Hu - C-op",
            "short: Hu C-op",
            {"units/hu-cop", "units/hu-cop/short"},
        ),
        ("units.yml", "Gävle sjukhus", "Gavle", {"units/ga/name"}),
        (
            "units.yml",
            "units:\n",
            ZZ,
            {"units/all ids", "units/of kind/operating_unit", "units/is there/zz-cop"},
        ),
        ("site.yml", "contact: ", "contact: b@example.invalid # ", set()),
        ("disclosure.yml", "threshold: 5", "threshold: 6", {"disclosure"}),
        ("glossary.yml", "days: 90", "days: 60", {"limits/guarantee"}),
        (
            "calendar.yml",
            "2026-09-13",
            "2026-09-20",
            {
                "calendar",
                "calendar/closures",
                "calendar/closures/bo-opc/2026-01-01/2026-12-31",
            },
        ),
        (
            "calendar.yml",
            "extra_days_off: []",
            "extra_days_off: [{date: 2026-09-14, name: Planeringsdag}]",
            {"calendar", "calendar/days off/2026-09-01/2026-09-15"},
        ),
        (
            "procedures.yml",
            "name: Höft,",
            "name: Höften,",
            {"procedures/hip/name", "procedures/all/groups"},
        ),
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


def test_order_of_a_mapping_is_part_of_its_entry(project_copy: Path) -> None:
    """A page can go through a mapping and show it row by row; the order of fields shows nowhere."""
    waiting, clinics = (
        "    waiting: [bo-opc, hu-cop, ga-cop]\n",
        "    clinics: [ort-mott-bo, ort-mott-hu, ort-mott-ga]\n",
    )
    before = digests(project_copy)
    change(project_copy, "reports/weekly.yml", waiting + clinics, clinics + waiting)
    change(project_copy, "units.yml", "name: Gävle sjukhus, short: Gävle",
           "short: Gävle, name: Gävle sjukhus")  # fmt: skip
    after = digests(project_copy)

    section = "reports/weekly/sections/ortopedi"
    assert list(load_params(Project(project_copy)).reports["weekly"].sections["ortopedi"])[2:4] == [
        "clinics", "waiting",
    ]  # fmt: skip
    assert {entry for entry in ENTRIES if before[entry] != after[entry]} == {section}


def noted(root: Path, read: Callable[[Params], object]) -> list[str]:
    """The names that reading something notes."""
    record = ParamsRecord(load_params(Project(root)))
    read(recorded(load_params(Project(root)), record))
    return list(record.digests())


def test_record_notes_what_is_handed_out(project_copy: Path) -> None:
    """Asking is noting; nobody declares what a page depends on."""

    def read(params: Params) -> None:
        _ = params.units.get("hu-cop").short
        params.units.get("ga-cop")
        params.units.of_kind("hospital")
        _ = params.site.periods_shown
        params.calendar.is_holiday(date(2026, 5, 1))
        params.calendar.holidays(date(2026, 4, 1), date(2026, 4, 20))
        params.calendar.closures_of(["hu-cop"], date(2026, 4, 1), date(2026, 5, 1))
        params.glossary.guarantee_on(date(2026, 5, 1), list="operation")
        params.procedures.prefixes("hip")

    assert noted(project_copy, read) == [
        "calendar/closures/hu-cop/2026-04-01/2026-05-01",
        "calendar/days off/2026-04-01/2026-05-01",
        "limits/guarantee",
        "procedures/hip/prefixes",
        "site/periods_shown",
        "units/hu-cop/short",
        "units/is there/ga-cop",
        "units/of kind/hospital",
    ]


def test_going_through_all_units_reads_their_ids_and_what_is_looked_at(project_copy: Path) -> None:
    """Not the names of those that a page passes by."""

    def read(params: Params) -> None:
        _ = [unit.name for unit in params.units if unit.id == "hu-cop"]

    assert noted(project_copy, read) == ["units/all ids", "units/hu-cop/name"]


def test_sorting_units_reads_their_order_alone(project_copy: Path) -> None:
    """A unit that is added between two others does not change which of them comes first."""

    def read(params: Params) -> None:
        sorted(["hu-cop", "ga-cop", "nowhere"], key=params.units.place_of)

    assert noted(project_copy, read) == ["units/order of/ga-cop,hu-cop,nowhere"]
    assert "units/is there/hu-cop" in noted(project_copy, lambda params: "hu-cop" in params.units)


def test_what_is_not_there_is_noted_too(project_copy: Path) -> None:
    """A page that was told no depends on it: once the unit is there it would be told yes."""

    def read(params: Params) -> None:
        assert "zz-cop" not in params.units
        assert "zz" not in params.procedures
        assert "zz" not in params.glossary
        with pytest.raises(UsageError):
            params.units.get("yy-cop")
        with pytest.raises(UsageError):
            params.procedures.name("zz")

    assert noted(project_copy, read) == [
        "glossary/is there/zz", "procedures/is there/zz", "procedures/zz/name",
        "units/is there/yy-cop", "units/is there/zz-cop",
    ]  # fmt: skip


def test_whatever_else_is_done_with_params_notes_them_whole(project_copy: Path) -> None:
    """Comparing or printing a unit, or taking a part that has no finer names."""

    def read(params: Params) -> None:
        hash(params.units.get("bo"))
        _ = params.units.get("hu-cop") == params.units.get("ga-cop")
        repr(params.units.get("bo-opc"))
        _ = params.procedures.codes
        _ = params.calendar.file
        _ = params.calendar.on_call
        _ = params.calendar.closures
        _ = params.sources.default

    assert noted(project_copy, read) == [
        "calendar", "calendar/closures", "calendar/on call", "procedures/all/codes", "sources",
        "units/bo-opc", "units/hu-cop", "units/is there/bo", "units/is there/ga-cop",
    ]  # fmt: skip


def test_page_does_not_depend_on_other_reports_and_titles(
    open_page: Callable[..., Page],
) -> None:
    """A new report or site title re-renders pages, it executes none."""
    page = open_page()
    page.series("operations", unit="bo-opc", last=8)
    page.comment()
    read = page._record.digests()

    assert {"reports/weekly/subjects/ortopedi", "disclosure"} <= read.keys()
    assert "units/operating units of/bo" in read
    assert not {"units/all ids", "units/of kind/operating_unit"} & read.keys()
    assert not any(name.startswith(("site", "glossary/")) for name in read)
    with pytest.raises(AttributeError, match="own report"):
        _ = page.params.reports
