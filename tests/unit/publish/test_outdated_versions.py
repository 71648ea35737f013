"""Which published versions go, and which never do."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.storing.pruning import prune
from lpe_reports.cli.pruning import prune_all
from lpe_reports.params.loading import load_params
from lpe_reports.params.retention import VersionsKept
from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.outdated_versions import outdated_versions
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import mend, publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate
from sample_site import make_project

pytestmark = pytest.mark.promise(
    "versions", "No version goes that readers are led to, that somebody cites, or before its time"
)

TODAY = date(2026, 5, 11)
KEPT = VersionsKept()


def published(project: Project, *ids: str) -> None:
    """Versions by their names alone; `latest` leads to the last."""
    for each in ids:
        folder = project.public / "v" / each
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(f"<link href=assets/site.{'a' * 10}.css>")
    (project.public / "latest").symlink_to(f"v/{ids[-1]}")


def going(project: Project, kept: VersionsKept = KEPT, cited: tuple[str, ...] = ()) -> list[str]:
    return [each.path.name for each in outdated_versions(project, kept, cited, TODAY)]


def test_a_thousand_nights_are_thinned_to_days_weeks_and_months(tmp_path: Path) -> None:
    """Thirty days whole, one a week for a year, one a month before that; the last of each."""
    project = Project(tmp_path)
    days = [TODAY - timedelta(days=back) for back in range(1000, -1, -1)]
    published(project, *map(str, days))

    gone = set(going(project))

    stays = [day for day in days if str(day) not in gone]
    young = [day for day in stays if (TODAY - day).days <= 30]
    assert len(young) == 31
    # Weeks: as many as 364 days before those 30 begin in; each by its last day, a Sunday.
    of_weeks = [day for day in stays if 30 < (TODAY - day).days <= 394]
    assert sum(day.isoweekday() == 7 for day in of_weeks) == 52
    others = [day for day in of_weeks if day.isoweekday() != 7]
    assert all((day + timedelta(days=1)).day == 1 for day in others)
    # Months before that: each by its last day.
    old = [day for day in stays if (TODAY - day).days > 394]
    assert len(old) == 20
    assert all((day + timedelta(days=1)).day == 1 for day in old)


def test_months_can_end(tmp_path: Path) -> None:
    """Where the office does not keep versions for ever."""
    project = Project(tmp_path)
    published(project, "2023-01-31", "2025-03-31", "2026-05-11")

    assert going(project) == []
    assert going(project, VersionsKept(months=24)) == ["2023-01-31"]


def test_the_latest_and_the_cited_stay_however_old(tmp_path: Path) -> None:
    """Also where `latest` leads to an old one."""
    project = Project(tmp_path)
    published(project, "2025-01-07", "2025-01-07.2", "2025-01-08", "2025-01-31", "2026-05-11")
    assert going(project) == ["2025-01-07", "2025-01-07.2", "2025-01-08"]
    latest = project.public / "latest"
    latest.unlink()
    latest.symlink_to("v/2025-01-08")

    assert going(project, cited=("2025-01-07",)) == ["2025-01-07.2"]
    latest.unlink()
    assert going(project) == []


def test_shared_files_go_with_the_last_version_that_uses_them(tmp_path: Path) -> None:
    """What a stylesheet names stays with it; a file that nobody has named so is not ours."""
    project = Project(tmp_path)
    published(project, "2025-01-07", "2026-05-11")
    assets = project.public / "assets"
    assets.mkdir()
    font, used, unused = (f"font.{'b' * 10}.woff2", f"site.{'a' * 10}.css", f"site.{'c' * 10}.css")
    (assets / used).write_text(f"url({font})")
    for name in (font, unused):
        (assets / name).write_text("x")

    assert going(project, VersionsKept(months=1)) == ["2025-01-07", unused]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with an old, a cited and a new version, all published for real."""
    made = make_project(tmp_path)
    times = (datetime(2025, 1, day, 9, tzinfo=UTC) for day in (7, 8, 9))
    for number, now in enumerate([*times, datetime(2026, 5, 11, 9, tzinfo=UTC)]):
        publish(made, make_candidate(made, {"a/1.html": f"{number}"}), now=now)
    cited = "versions:\n  - {id: 2025-01-07, cited: 'Styrelsen 2025-01-15, § 4'}\n"
    (tmp_path / "params" / "citations.yml").write_text(cited)
    return made


def test_pruning_removes_versions_and_tells_the_menu(project: Project) -> None:
    """A dry run removes none; the cited one stays; a removed one's name is never given again."""
    params = load_params(project)
    dry = prune_all(project, params, TODAY, dry_run=True)
    assert [each.path.name for each in dry.removed if each.kind == "versions"] == ["2025-01-08"]
    assert len(list_versions(project)) == 4

    prune_all(project, params, TODAY)

    menu = json.loads((project.public / "versions.json").read_bytes())
    stay = ["2026-05-11", "2025-01-09", "2025-01-07"]
    assert [version["id"] for version in menu["versions"]] == stay
    again = publish(
        project,
        make_candidate(project, {"a/1.html": "x"}),
        now=datetime(2025, 1, 8, 12, tzinfo=UTC),
    )
    assert again.id == "2025-01-08.2"
    roll_back(project, "2025-01-07")


def test_pruning_of_builds_alone_leaves_versions(project: Project) -> None:
    """Versions go only where a caller names them: none can forget the citations."""
    params = load_params(project)

    prune(project, params, TODAY)

    assert len(list_versions(project)) == 4
    mend(project)
