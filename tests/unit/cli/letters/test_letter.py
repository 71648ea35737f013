"""What is written to whom after a night that did not go well."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.build.runs import ExecutedRun, FailureKind, Kept, RunFailure, RunStatus
from lpe_reports.cli.letters.letter import operators_letter, owners_letters
from lpe_reports.params.reports import Report
from sample_site import make_project, read_params, sample_run

NIGHT = date(2026, 5, 11)


@pytest.fixture
def reports(tmp_path: Path) -> dict[str, Report]:
    """The office's reports, of which one has another owner."""
    found = read_params(make_project(tmp_path)).reports
    changed = {"owner": "flode@example.invalid"}
    return {**found, "flow": found["flow"].model_copy(update=changed)}


def failed(tmp_path: Path, report: str, unit: str, *, kept: Kept | None = None) -> ExecutedRun:
    failure = RunFailure(FailureKind.RAISED, "cell 7 raised KeyError", words="cell 7 gick fel")
    status = RunStatus.KEPT if kept else RunStatus.FAILED
    project = make_project(tmp_path / report / unit)
    return sample_run(project, report, unit, "2026-W19", status=status, kept=kept, error=failure)


def test_each_owner_is_told_of_their_pages(tmp_path: Path, reports: dict[str, Report]) -> None:
    """Which, why, what readers see in their place, and how to make one again."""
    kept = Kept("2026-05-10", "2026-05-11", "cell 7 gick fel")
    runs = [
        failed(tmp_path, "weekly", "ortopedi", kept=kept),
        failed(tmp_path, "weekly", "kirurgi"),
        failed(tmp_path, "flow", "ortopedi"),
    ]

    first, second = owners_letters(runs, reports, NIGHT, "2026-05-12")

    assert (first.to, second.to) == ("analys@example.invalid", "flode@example.invalid")
    assert first.subject == "Veckouppföljning: två sidor kunde inte göras"
    assert (
        "- Veckouppföljning, Ortopedi, vecka 19 2026: cell 7 gick fel. Sidan visas som den var i "
        "versionen 2026-05-10." in first.body
    )
    assert (
        "- Veckouppföljning, Kirurgi, vecka 19 2026: cell 7 gick fel. Sidan saknas." in first.body
    )
    assert "uppgifterna till och med 11 maj 2026" in first.body
    assert "Övriga sidor är publicerade i versionen 2026-05-12." in first.body
    assert "lpe build --report weekly --unit ortopedi --period 2026-W19" in first.body
    assert "Hela flödet" in second.subject


def test_a_report_that_failed_whole_is_told_shortly(
    tmp_path: Path, reports: dict[str, Report]
) -> None:
    """Twelve pages by name and how many more."""
    runs = [failed(tmp_path, "weekly", "ortopedi")] * 30

    (letter,) = owners_letters(runs, reports, NIGHT, "")

    assert letter.body.count("\n- ") == 13
    assert "- och 18 till" in letter.body
    assert "publicerade" not in letter.body


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (3, "Nattens sidor är publicerade, men inte alla kunde göras"),
        (5, "Uttaget ur datalagret misslyckades"),
        (7, "Granskningen före publicering stoppade natten"),
        (1, "Natten avbröts av ett fel"),
    ],
)
def test_the_operator_is_told_how_the_night_ended(code: int, said: str) -> None:
    """In the subject, with the exit code and the night's own words."""
    letter = operators_letter("drift@example.invalid", code, "table needs: 3 rows")

    assert letter.subject == said
    assert letter.body == (f"{said} (slutkod {code}).\n\nKörningen sade:\n\ntable needs: 3 rows\n")
