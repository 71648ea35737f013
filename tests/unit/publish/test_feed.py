"""The feed of versions and signals, as a feed reader finds it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)
SIGNAL = {
    "page": "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html",
    "title": "Ortopedi <vecka> 19",
    "label": "Öppna salar",
    "value": "18",
    "words": "lägre än vanligt",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two versions, the newer with a signal."""
    made = Project(tmp_path)
    publish(made, make_candidate(made, {"a/1.html": "1"}), now=NOW)
    told = make_candidate(made, {"a/1.html": "2"}, site="Våra rapporter", signals=[SIGNAL])
    publish(made, told, now=NOW + timedelta(days=1))
    return made


def read(project: Project) -> ElementTree.Element:
    return ElementTree.parse(project.public / "feed.xml").getroot()


def titles(project: Project) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in read(project).iter(f"{ATOM}entry")]


def test_each_version_is_an_entry_with_its_signals(project: Project) -> None:
    """The newest first; a signal is said in words and leads to its page in that version."""
    root = read(project)

    assert root.findtext(f"{ATOM}title") == "Våra rapporter"
    assert root.findtext(f"{ATOM}updated") == "2026-05-12T05:00:00+02:00"
    assert titles(project) == ["12 maj 2026: 1 sida", "11 maj 2026: 1 sida"]
    newest = next(root.iter(f"{ATOM}entry"))
    (link,) = newest.iter("{http://www.w3.org/1999/xhtml}a")
    assert link.get("href") == f"v/2026-05-12/{SIGNAL['page']}"
    assert link.text == "Ortopedi <vecka> 19: Öppna salar 18, lägre än vanligt"
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 2
    assert all(name.startswith("urn:uuid:") for name in ids)


def test_an_entry_keeps_its_id_and_a_version_that_was_taken_back_says_so(project: Project) -> None:
    """A feed reader takes it for the same entry, changed now."""
    before = [entry.findtext(f"{ATOM}id") for entry in read(project).iter(f"{ATOM}entry")]

    roll_back(project, why="fel i källan", now=NOW + timedelta(days=2))

    after = list(read(project).iter(f"{ATOM}entry"))
    assert [entry.findtext(f"{ATOM}id") for entry in after] == before
    assert titles(project)[0] == "Återkallad: 12 maj 2026: 1 sida"
    assert after[0].findtext(f"{ATOM}updated") == "2026-05-13T05:00:00+02:00"
    said = "".join(after[0].itertext())
    assert "fel i källan" in said
    assert "lägre än vanligt" not in said


def test_a_record_of_another_form_has_no_signals(project: Project) -> None:
    """The feed is for all versions, also those whose records know of none."""
    candidate = make_candidate(project, {"a/1.html": "3"}, signals=[{"page": "x"}, "y"])

    publish(project, candidate, now=NOW + timedelta(days=3))

    newest = next(read(project).iter(f"{ATOM}entry"))
    assert "Inget nyckeltal" in "".join(newest.itertext())
