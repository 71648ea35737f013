"""Every report on the demo data, through real kernels, renderers and commands."""

import re
from typing import Any

import pytest
from office_pages import PAGES, Office

from lpe_reports.params.loading import load_params
from lpe_reports.publish.gate import inspect
from lpe_reports.settings import Project
from small_warehouse import ROOT

PLACES_DOC = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
PLACES = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \|$", PLACES_DOC, re.MULTILINE)
FILES = (".html", ".pdf", ".xlsx", ".json")
ADDRESSES = sorted(PAGES)


def figure(page: dict[str, Any], label: str) -> dict[str, Any]:
    """The key figure with a label."""
    found: dict[str, Any] = next(f for f in page["key_figures"] if f["label"] == label)
    return found


def table(page: dict[str, Any], table_id: str) -> list[dict[str, Any]]:
    """A table's rows, each as column id to value."""
    found = next(t for t in page["tables"] if t["id"] == table_id)
    names = [column["id"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_report_gives_every_file_of_its_page(office: Office, address: str) -> None:
    """HTML, PDF, Excel, JSON and at least one CSV lie at the addresses of the plan."""
    candidate = office.root / "build" / "candidate"

    for suffix in FILES:
        assert (candidate / f"{address}{suffix}").stat().st_size > 1000
    assert list((candidate / address).glob("*.csv"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_report_says_what_happened(office: Office, address: str) -> None:
    """A page begins with sentences made from its numbers, and has figures and tables."""
    page = office.page(address)

    assert page["summary"].endswith(".")
    assert page["key_figures"]
    assert page["tables"]
    assert not re.search(r"\bnan\b|None|NaN|\{", page["summary"])


def test_equity_page_holds_the_offices_table_exactly(office: Office) -> None:
    """NGB49 in 2025: 40, 21 and 154 operations; 218.60, 139.48 and 84.21 days; 215 and 114.61.

    Source: the office's presentation of 2026-05-18.
    """
    page = office.page("jamlik-vard/vantetid-per-atgard/ngb49/2025")
    rows = {row["unit"]: row for row in table(page, "per-enhet")}

    counts = {unit: row["operations"] for unit, row in rows.items()}
    means = {unit: round(row["mean_days"], 2) for unit, row in rows.items()}
    assert counts == {
        "Centraloperation Gävle": 40,
        "Centraloperation Hudiksvall": 21,
        "Operationscentrum Bollnäs": 154,
        "Hela länet": 215,
    }
    assert means == {
        "Centraloperation Gävle": 218.60,
        "Centraloperation Hudiksvall": 139.48,
        "Operationscentrum Bollnäs": 84.21,
        "Hela länet": 114.61,
    }
    assert round(figure(page, "Skillnad mellan enheter, dagar")["value"], 2) == 134.39


def test_weekly_page_is_at_the_offices_levels(office: Office) -> None:
    """Week 19 of 2026 in Bollnäs: about 18 theatres, 46 operations and 20 prostheses.

    The demo meets levels, not numbers; the targets are the office's own: 20, 45 and 24.
    """
    page = office.page("uppfoljning/veckouppfoljning/ortopedi/2026-W19")

    theatres = figure(page, "Öppna salar, Bollnäs")
    operations = figure(page, "Operationer, Bollnäs")
    prostheses = figure(page, "Höft- och knäproteser, Bollnäs")
    assert (theatres["target"], operations["target"], prostheses["target"]) == (20, 45, 24)
    assert abs(theatres["value"] - 18) <= 3
    assert abs(operations["value"] - 46) <= 8
    assert abs(prostheses["value"] - 20) <= 6


def test_weekly_page_keeps_numerator_and_denominator(office: Office) -> None:
    """The share within the guarantee stands beside whom it counts, apart from the list's total.

    Where one of the two is hidden, so is the share; most rows are shown whole. Bollnäs may not
    be: with the department's page, its number would tell how few of Kirurgi's wait too long.
    """
    page = office.page("uppfoljning/veckouppfoljning/ortopedi/2026-W19")
    rows = table(page, "operation-nu")
    whole = [row for row in rows if None not in row.values()]

    assert len(rows) == 3
    assert len(whole) > len(rows) / 2
    for row in whole:
        assert row["within"] <= row["covered"] < row["waiting"]
        assert row["share_within"] == pytest.approx(row["within"] / row["covered"])
    for row in rows:
        assert row["waiting"] is not None
        parts_shown = row["within"] is not None and row["covered"] is not None
        assert (row["share_within"] is not None) == parts_shown


def test_section_of_one_unit_is_not_on_anothers_page(office: Office) -> None:
    """Prostheses are Ortopedi's; Anestesi has neither them nor visiting surgeons."""
    orthopaedics = office.page("uppfoljning/veckouppfoljning/ortopedi/2026-W19")
    anaesthesia = office.page("uppfoljning/veckouppfoljning/anestesi/2026-W12")

    assert table(orthopaedics, "operatorer")
    assert "operatorer" not in [t["id"] for t in anaesthesia["tables"]]


def test_page_under_way_says_so_and_compares_like_with_like(office: Office) -> None:
    """May 2026 has ten days on 11 May; what they are compared with are ten days too."""
    page = office.page("nyttjande/nyttjandegrad/bo-opc/2026-05")
    address = office.root / "build/candidate/nyttjande/nyttjandegrad/bo-opc/2026-05.html"

    assert "pågår" in address.read_text(encoding="utf-8")
    assert "Hittills" in page["summary"]
    assert "de tio första dagarna förra månaden" in page["summary"]


def test_seven_definitions_stand_side_by_side(office: Office) -> None:
    """Each share comes with the time used, the time available and the number of sessions."""
    rows = table(office.page("nyttjande/nyttjandegrad/hu-cop/2026-04"), "definitioner")

    assert len(rows) == 7
    for row in rows:
        assert row["sessions"] > 50
        assert row["share"] == pytest.approx(row["numerator_hours"] / row["denominator_hours"])
    shares = {row["definition"]: row["share"] for row in rows}
    assert shares["AACD, med bytestid"] > shares["AACD, patienttid i pass"]


def test_small_numbers_are_hidden_and_nowhere(office: Office) -> None:
    """A hidden cell is null in the JSON and named; the page reads dold."""
    page = office.page("jamlik-vard/vantetid-per-atgard/ngb49/2025")
    hidden = [
        table["rows"][row][column] for table in page["tables"] for row, column in table["hidden"]
    ]

    assert hidden
    assert set(hidden) == {None}
    for split in ("per-enhet", "per-manad", "efter-asa", "efter-alder", "efter-kon"):
        for row in table(page, split):
            counts = [row[name] for name in row if name.startswith("operations")]
            assert all(count is None or count == 0 or count >= 5 for count in counts)


def test_coarser_table_is_shown_before_many_hidden_cells(office: Office) -> None:
    """By month and unit most of NGB49's cells would be hidden: it is coarser, and says why."""
    address = "jamlik-vard/vantetid-per-atgard/ngb49/2025"
    by_month = table(office.page(address), "per-manad")
    html = (office.root / f"build/candidate/{address}.html").read_text(encoding="utf-8")

    assert "operations_hu-cop" not in by_month[0] or len(by_month) < 12 + 1
    assert "skulle för många tal döljas." in html
    for shown in office.page(address)["tables"]:
        cells = sum(map(len, shown["rows"]))
        assert len(shown["hidden"]) <= cells / 4


def test_second_build_runs_no_notebook(office: Office) -> None:
    """Nothing changed, so every run is current; and the plan says so."""
    plan = office.lpe("plan", "--report", "procedure", "--unit", "NGB49", "--period", "2025")

    assert "current" in plan.stdout


def test_candidate_passes_the_gate(office: Office) -> None:
    """Nothing in real pages, their PDFs and their downloads must not leave."""
    found = inspect(office.root / "build" / "candidate", Project(office.root))

    assert found == []


def test_some_pages_alone_are_never_published(office: Office) -> None:
    """A candidate of selected pages would take all others away, so it is refused."""
    refused = office.lpe("publish", expect=4)

    assert "only the pages" in refused.stderr
    assert not (office.root / "public" / "latest").exists()


def test_every_report_is_named_with_its_title() -> None:
    """The table has a row for each file of params/reports, and none for one that is not."""
    named = set(re.findall(r"^\| ([^|(]+) \(`(\w+)`\)", PLACES_DOC, re.MULTILINE))

    reports = load_params(Project(ROOT)).reports

    assert named == {(report.title, report.id) for report in reports.values()}


@pytest.mark.parametrize(("what", "address", "table"), PLACES)
def test_the_offices_table_is_where_it_is_said_to_be(
    office: Office, what: str, address: str, table: str
) -> None:
    """The page is made, and has a table of that name with rows."""
    assert address in PAGES, f"{what}: name a page that the tests build"

    found = [t for t in office.page(address)["tables"] if t["id"] == table]

    assert found, f"{what}: {address} has no table '{table}'"
    assert found[0]["rows"]
