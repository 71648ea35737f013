"""The clock is set in the middle of a night, over midnight and New Year: its pages tell one day."""

import json
from pathlib import Path

import pytest

from changing_project import ChangingProject
from drawn import LONG
from lpe_reports.publish.verifying import verify
from new_years_office import JUMPS, LAST_DAY, MOMENTS, NewYearsOffice
from reliability.trials import Tried

pytestmark = pytest.mark.faketime

NIGHTS = [
    ("back an hour", "notebooks"),
    ("forward a day", "notebooks"),
    *([(jump, moment) for jump in JUMPS for moment in MOMENTS] if LONG else ()),
]
# What tells of a build and of when it was published, and not of what pages show.
TELLS_OF_THE_BUILD = ("build.json", "byggstatus", "version.json", "files.json")


@pytest.mark.promise(
    "clock", "A clock that is set in the middle of a night, over midnight too, changes no page"
)
@pytest.mark.timeout(1200)  # on a machine that has much else to do
def test_pages_tell_the_day_that_the_night_began_with(tmp_path: Path, tried: Tried) -> None:
    """Set back an hour, forward a day: the same bytes, one night, nothing that took too long."""
    office = NewYearsOffice(tmp_path)
    nights = list(dict.fromkeys(NIGHTS))
    shown = [_site(office.night(*night)) for night in nights]

    assert office.days_seen(*NIGHTS[0]) >= {"2026-12-31 2026-12-30"}
    assert office.days_seen(*NIGHTS[1]) >= {"2026-12-31 2027-01-01"}
    for each in shown:
        pages = {place for place in each if place.endswith("/2026-12.html")}
        assert len(pages) == 2
        assert all(b"Natten 2026-12-31" in each[page] for page in pages)
        assert each == shown[0]
    tried(len(nights), "nights")


def _site(project: ChangingProject) -> dict[str, bytes]:
    """What a project's only version shows, once it is whole and of the night it began with."""
    (version,) = json.loads((project.project.public / "versions.json").read_bytes())["versions"]
    assert version["night"] == LAST_DAY.isoformat()
    assert verify(project.project) == []
    assert [path.name for path in project.project.extracts.iterdir()] == [LAST_DAY.isoformat()]
    folder = project.project.public / "v" / version["id"]
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not (name := path.relative_to(folder).as_posix()).startswith(TELLS_OF_THE_BUILD)
    }
