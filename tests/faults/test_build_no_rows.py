"""A page with nothing to show is a failed run, told by table; real notebook, kernel and build."""

from pathlib import Path

import pytest

from chart_library import share_chart_library
from command_line import lpe
from page_office import page_office

pytestmark = pytest.mark.promise(
    "notebooks", "A page with nothing to show is a failed run that names the table"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of `page_office`: operations in 2026 alone."""
    project = page_office(tmp_path_factory.mktemp("office"))
    share_chart_library(project)
    return project.root


def test_a_year_without_an_operation_gives_no_page(root: Path) -> None:
    """Exit code 3, the table and the rule in the message; the year that has some is a page."""
    built = lpe(
        root, "build", "--jobs", "1", "--report", "procedure", "--unit", "NGB49",
        "--period", "2025", "--period", "2026",
    )  # fmt: skip

    assert built.returncode == 3, built.stderr
    assert built.stdout.splitlines()[0] == (
        "failed: procedure · NGB49 · 2025: operations gave not one row for its period, and the "
        "report requires some (requires_rows) (no page; private log: "
        "build/logs/procedure.NGB49.2025.log)"
    )
    pages = root / "build" / "candidate" / "jamlik-vard" / "vantetid-per-atgard" / "ngb49"
    assert (pages / "2026.html").exists()
    assert not (pages / "2025.html").exists()


def test_a_table_that_no_contract_has_is_found_by_check(root: Path) -> None:
    """Before a run could fail of it."""
    path = root / "params" / "reports" / "procedure.yml"
    text = path.read_text()
    path.write_text(text.replace("requires_rows: [operations]", "requires_rows: [operation]"))

    told = lpe(root, "check")

    path.write_text(text)
    assert told.returncode == 9
    assert "the data contract has no table 'operation'" in told.stderr
