"""What a page is made of besides its notebook is looked at before it is made again."""

from pathlib import Path

import pytest

from lpe_reports.cli.live.making import Making, Wanted
from lpe_reports.warehouse.nights.folders import find_night
from lpe_reports.warehouse.nights.manifest import FILE
from previewed import PERIOD, REPORT, UNIT, Previewed


def test_a_night_that_was_extracted_again_in_its_place_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook's process that is kept has read the night's manifest as it was."""
    project = Previewed(tmp_path / "office").project
    monkeypatch.setenv("LPE_PROJECT", str(project.root))
    night = find_night(project).folder
    making = Making(Wanted(REPORT, UNIT, PERIOD, night.name))
    before = making._around()
    assert making._around() == before

    again = night / "again"
    again.write_bytes((night / FILE).read_bytes())
    again.replace(night / FILE)

    assert making._around() != before
