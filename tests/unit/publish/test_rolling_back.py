"""Going back to an earlier version and forward again, as often as one likes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.journal import entries
from lpe_reports.publish.pointer import latest_id
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions", "Readers are led back to any whole version, again and again, and to no damaged one"
)

FIRST_DAY = datetime(2026, 5, 11, 3, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three versions: 2026-05-11, 12 and 13."""
    made = Project(tmp_path)
    for day in range(3):
        candidate = make_candidate(made, {"a/1.html": f"day {day}"})
        publish(made, candidate, now=FIRST_DAY + timedelta(days=day))
    return made


def shown(project: Project) -> str:
    return (project.public / "latest/a/1.html").read_text()


def test_going_back_leads_readers_to_the_version_before(project: Project) -> None:
    """Again and again, one further each time; forward by name; nothing is removed."""
    steps = [roll_back(project) for _ in range(2)]

    assert [(before.id, now.id) for before, now in steps] == [
        ("2026-05-13", "2026-05-12"),
        ("2026-05-12", "2026-05-11"),
    ]
    assert shown(project) == "day 0"
    with pytest.raises(UsageError, match="no version before 2026-05-11"):
        roll_back(project)
    roll_back(project, "2026-05-13")
    assert shown(project) == "day 2"
    assert [version.id for version in list_versions(project)] == [
        "2026-05-13",
        "2026-05-12",
        "2026-05-11",
    ]


def test_the_menu_says_what_was_taken_back_and_why(project: Project) -> None:
    """Also after a newer version has come; and no longer when it was gone forward to."""
    roll_back(project, why="väntetiderna var fel", now=FIRST_DAY + timedelta(days=3))
    newer = make_candidate(project, {"a/1.html": "mended"})
    publish(project, newer, now=FIRST_DAY + timedelta(days=4))

    menu = json.loads((project.public / "versions.json").read_bytes())

    recalls = {version["id"]: version["recall"] for version in menu["versions"]}
    told = {"since": "2026-05-14T05:00:00+02:00", "why": "väntetiderna var fel"}
    assert recalls == {
        "2026-05-15": None,
        "2026-05-13": told,
        "2026-05-12": None,
        "2026-05-11": None,
    }
    roll_back(project, "2026-05-13")
    assert [version.id for version in list_versions(project) if version.recall] == ["2026-05-15"]


def test_going_back_passes_over_versions_that_were_taken_back(project: Project) -> None:
    """After a bad version, the one before it is the next to go to, not the bad one again."""
    roll_back(project)
    publish(project, make_candidate(project, {"a/1.html": "new"}), now=FIRST_DAY + timedelta(9))

    _, now = roll_back(project)

    assert now.id == "2026-05-12"


def test_a_damaged_version_is_not_gone_back_to(project: Project) -> None:
    """Readers stay where they are, and the journal tells of nothing."""
    spoilt = project.public / "v/2026-05-12/a/1.html"
    spoilt.chmod(0o644)
    spoilt.write_text("spoilt")

    with pytest.raises(SettingsError, match=r"v/2026-05-12/a/1\.html: changed.*--repair"):
        roll_back(project)

    assert latest_id(project.public) == "2026-05-13"
    assert [entry.deed for entry in entries(project.public)] == ["published"] * 3


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("2026-05-13", "leads to version 2026-05-13 already"),
        ("2026-05-10", r"no version '2026-05-10'; the newest are 2026-05-13, 2026-05-12"),
        ("../../etc", r"no version '\.\./\.\./etc'"),
    ],
)
def test_a_version_that_cannot_be_gone_to_is_refused(project: Project, to: str, said: str) -> None:
    """The present one, one that is not there, one that is no version."""
    with pytest.raises(UsageError, match=said):
        roll_back(project, to)


def test_with_nothing_published_there_is_nothing_to_go_back_from(tmp_path: Path) -> None:
    """A clear error, and no file is made."""
    with pytest.raises(UsageError, match="nothing is published"):
        roll_back(Project(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_journal_with_a_torn_line_is_read_and_written_on(project: Project) -> None:
    """What a kill cut is no entry; the next one stands on a line of its own."""
    journal = project.public / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"at": "2026-05-13T')

    roll_back(project)

    told = [entry.deed for entry in entries(project.public)]
    assert told == ["published"] * 3 + ["rolled back"]
