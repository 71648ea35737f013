"""Publishing: a candidate becomes a version, `latest` leads to it, and nothing is ever half."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpe_reports.errors import NothingToPublishError, SettingsError
from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.pointer import latest_id
from lpe_reports.publish.versions import mend, publish, same_pages
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions", "What is published is whole, read-only, and never of half a build"
)

# 23:30 UTC is the next day in Sweden.
LATE = datetime(2026, 5, 11, 23, 30, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_version_is_named_by_its_day_in_sweden(project: Project) -> None:
    """The second of a day gets .2, the third .3."""
    candidate = make_candidate(project, {"a/1.html": "one"})

    names = [publish(project, candidate, now=LATE).id for _ in range(3)]

    assert names == ["2026-05-12", "2026-05-12.2", "2026-05-12.3"]
    assert latest_id(project.public) == "2026-05-12.3"
    assert [version.id for version in list_versions(project)] == names[::-1]


def test_readers_find_pages_assets_and_the_menu(project: Project) -> None:
    """Through latest and through the version, with the assets that all versions share."""
    candidate = make_candidate(project, {"a/1.html": "one"}, kept={"a/1.html": {}})

    version = publish(project, candidate, now=LATE)

    latest = project.public / "latest"
    assert (latest / "a/1.html").read_text() == "one"
    assert (latest / "assets" / "site.0a1b.css").read_text() == "body{}"
    assert (latest / "assets").readlink() == Path("../../assets")
    menu = json.loads((project.public / "versions.json").read_text())
    assert menu["latest"] == "2026-05-12"
    assert menu["versions"][0]["published_at"] == "2026-05-12T01:30:00+02:00"
    record = json.loads((latest / "version.json").read_text())
    assert (record["id"], record["night"], record["pages"]) == ("2026-05-12", "2026-05-11", 1)
    assert version.kept == 1
    assert 'href="latest/index.html"' in (project.public / "index.html").read_text()


def test_the_menu_tells_until_when_each_version_is_fresh(project: Project) -> None:
    """And what stood still in its night; a version from before that was told says nothing."""
    publish(project, make_candidate(project, {"a/1.html": "one"}), now=LATE)
    standing = [{"table": "needs", "name": "operationsbehov", "newest": "2026-05-01"}]
    told = make_candidate(project, {}, fresh_until="2026-05-13", standing=standing)

    newest = publish(project, told, now=LATE)

    menu = json.loads((project.public / "versions.json").read_text())["versions"]
    assert [version["fresh_until"] for version in menu] == ["2026-05-13", None]
    assert [version["standing"] for version in menu] == [["needs"], []]
    assert (newest.fresh_until, newest.standing) == ("2026-05-13", ("needs",))
    record = json.loads((project.public / "latest" / "version.json").read_text())
    assert record["standing"] == standing


def test_what_is_published_is_read_only_and_shared(project: Project) -> None:
    """Unchanged files are one file on the disk, also when the build was made from scratch."""
    candidate = make_candidate(project, {"a/1.html": "one", "a/2.html": "two"})
    publish(project, candidate, now=LATE)
    make_candidate(project, {"a/1.html": "one", "a/2.html": "other"})

    publish(project, candidate, now=LATE)

    first, second = (project.public / "v" / name for name in ("2026-05-12", "2026-05-12.2"))
    assert (first / "a/1.html").samefile(second / "a/1.html")
    assert (first / "a/2.html").read_text() == "two"
    assert (second / "a/2.html").read_text() == "other"
    files = [path for path in second.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o222 for path in files} == {0}


def test_a_damaged_earlier_file_is_not_linked_again(project: Project) -> None:
    """What a disk has spoilt in one version does not reach the next one."""
    candidate = make_candidate(project, {"a/1.html": "one"})
    publish(project, candidate, now=LATE)
    make_candidate(project, {"a/1.html": "one"})
    spoilt = project.public / "v/2026-05-12/a/1.html"
    spoilt.chmod(0o644)
    spoilt.write_text("0ne")

    publish(project, candidate, now=LATE)

    assert (project.public / "latest/a/1.html").read_text() == "one"


def test_the_same_pages_are_known_as_the_same(project: Project) -> None:
    """Records of the build are no pages; a changed page, file or kept page is a difference."""
    candidate = make_candidate(project, {"a/1.html": "one"}, at=1)
    assert not same_pages(project, candidate)
    publish(project, candidate, now=LATE)

    make_candidate(project, {"a/1.html": "one"}, at=2)
    assert same_pages(project, candidate, but_for=["build.json"])
    assert not same_pages(project, candidate)
    make_candidate(project, {"a/1.html": "1ne"}, at=2)
    assert not same_pages(project, candidate, but_for=["build.json"])
    make_candidate(project, {"a/1.html": "one"}, kept={"a/1.html": {}}, at=2)
    assert not same_pages(project, candidate, but_for=["build.json"])


def test_no_candidate_is_nothing_to_publish(project: Project) -> None:
    """No candidate, or one whose build did not end: exit code 4 and nothing is written."""
    with pytest.raises(NothingToPublishError, match="lpe build"):
        publish(project, project.candidate)
    candidate = make_candidate(project, {})
    (candidate / "version.json").write_text("{")

    with pytest.raises(NothingToPublishError, match=r"no readable version\.json"):
        publish(project, candidate)
    assert list_versions(project) == []


def test_a_folder_in_place_of_latest_is_refused(project: Project) -> None:
    """Nothing of the reader's is replaced, and nothing is published."""
    (project.public / "latest").mkdir(parents=True)

    with pytest.raises(SettingsError, match="move it away"):
        publish(project, make_candidate(project, {}))
    assert list_versions(project) == []


def test_what_a_killed_publishing_left_is_mended(project: Project) -> None:
    """The menu names what latest leads to, and nothing half-written stays."""
    candidate = make_candidate(project, {"a/1.html": "one"})
    publish(project, candidate, now=LATE)
    menu = project.public / "versions.json"
    stale = menu.read_bytes()
    version = publish(project, candidate, now=LATE)
    menu.write_bytes(stale)
    (project.public / ".part-1-versions.json").write_bytes(b"half")
    (project.public / "index.html").unlink()

    mend(project)

    assert json.loads(menu.read_bytes())["latest"] == version.id
    assert (project.public / "index.html").is_file()
    assert not list(project.public.glob(".part-*"))
