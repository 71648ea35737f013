"""What the last nights of a source came to."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.history import last_loads, load_of
from lpe_reports.warehouse.nights.manifest import Manifest, write_manifest
from sample_night import FULL_NIGHT, OPERATIONS, sample_night


def keep(project: Project, manifest: Manifest, name: str = "") -> Manifest:
    """A night's folder with nothing but its manifest."""
    folder = project.extracts / (name or manifest.night.isoformat())
    folder.mkdir(parents=True)
    write_manifest(folder, manifest)
    return manifest


def test_a_night_is_counted_over_the_tables_that_came_from_the_source() -> None:
    """Copies that were dropped are no mended rows."""
    load = load_of(FULL_NIGHT)

    assert (load.fetched, load.rows) == (95_730, 2_207_287)
    assert (load.rejected, load.duplicates, load.repaired) == (21, 350, 4)


def test_the_last_nights_of_the_same_source_are_told(tmp_path: Path) -> None:
    """The last load of each day, the newest first; no other source's, none that is damaged."""
    project = Project(tmp_path)
    newest = keep(project, FULL_NIGHT)
    keep(project, sample_night(night=date(2026, 5, 9), source="files"))
    again = sample_night(OPERATIONS, night=date(2026, 5, 9), accepted=True)
    keep(project, again, "2026-05-09.2")
    keep(project, replace(again, night=date(2026, 5, 8), source="other"))
    keep(project, replace(again, night=date(2026, 5, 7)))
    (project.extracts / "2026-05-07" / "manifest.json").write_bytes(b"{}")
    keep(project, replace(again, night=date(2026, 5, 12)))

    found = last_loads(project, newest)

    assert [(load.night.day, load.rows, load.accepted) for load in found] == [
        (11, 2_207_287, False),
        (9, 60_186, True),
    ]
    assert len(last_loads(project, newest, count=1)) == 1
