"""A source whose files are as they were need not be read again on the same day."""

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.planning.source_stamp import source_stamp, unchanged_night, write_stamp
from small_warehouse import ROOT, SmallOffice, small_office

TODAY = date(2026, 5, 11)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A small office whose extract was made today, and stamped."""
    made = small_office(tmp_path)
    shutil.copy(ROOT / "params" / "units.yml", tmp_path / "params")
    folder = made.extract()
    write_stamp(made.project, _stamp(made), folder)
    return made


def _stamp(office: SmallOffice, today: date = TODAY) -> str | None:
    return source_stamp(office.project, "demo", office.params.sources.get("demo"), today)


def _unchanged(office: SmallOffice, today: date = TODAY) -> Path | None:
    return unchanged_night(office.project, _stamp(office, today), today)


def _touch(path: Path) -> None:
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


def test_unchanged_files_need_no_new_extract(office: SmallOffice) -> None:
    """The night that was made of them is told."""
    assert _unchanged(office) == office.project.extracts / "2026-05-11"


def test_a_new_day_reads_again(office: SmallOffice) -> None:
    """A night is an extract of its own, whatever its source."""
    assert _unchanged(office, date(2026, 5, 12)) is None


def test_another_file_or_mapping_reads_again(office: SmallOffice) -> None:
    """The database's size or time, or what params say of the source."""
    database = office.project.demo_warehouse
    stat = database.stat()
    os.utime(database, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert _unchanged(office) is None
    os.utime(database, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert _unchanged(office) is not None

    units = office.project.params / "units.yml"
    units.write_text(units.read_text() + "\n# changed\n")
    assert _unchanged(office) is None


def test_another_extract_since_then_reads_again(office: SmallOffice) -> None:
    """The newest night must be the one that was made of these files."""
    office.extract()

    assert _unchanged(office) is None


def test_a_damaged_stamp_reads_again(office: SmallOffice) -> None:
    """As does a missing one."""
    (office.project.build / "source.json").write_text("{")

    assert _unchanged(office) is None


def test_a_server_is_always_read(office: SmallOffice) -> None:
    """No file tells whether its rows are as they were."""
    entry = office.params.sources.get("demo").model_copy(update={"kind": "sql", "path": None})
    stamp = source_stamp(office.project, "demo", entry, TODAY)
    write_stamp(office.project, stamp, office.project.extracts / "2026-05-11")

    assert unchanged_night(office.project, stamp, TODAY) is None


def test_a_source_that_was_changed_while_it_was_read_is_read_again(office: SmallOffice) -> None:
    """The stamp is of what it was before."""
    before = _stamp(office)
    _touch(office.project.demo_warehouse)  # by the time that the extract is done
    write_stamp(office.project, before, office.project.extracts / "2026-05-11")

    assert _unchanged(office) is None


def test_a_night_of_a_day_to_come_is_not_gone_on_with(office: SmallOffice) -> None:
    """The clock was ahead when it was made."""
    yesterday = TODAY - timedelta(days=1)
    write_stamp(office.project, _stamp(office, yesterday), office.project.extracts / "2026-05-11")

    assert _unchanged(office, yesterday) is None
