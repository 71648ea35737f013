"""What pages tell is kept with their traces, in the same bytes, and noticed when it is damaged."""

from pathlib import Path

from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import (
    exposure_path,
    has_exposure,
    put_exposure,
    read_exposure,
    remove_exposure,
)
from lpe_reports.settings import Project

KEY = RunKey("weekly", "kirurgi", "2026-W12--2026-W21")
RECORD = {"cells": {"b|namn=Övrigt": None, "a": 7}, "whole": [["a", ["b"]]], "lost": [1, 2]}


def test_the_same_record_is_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order of its keys; and only the account that builds reads it."""
    project = Project(tmp_path)

    digest = put_exposure(project, KEY, RECORD)
    data = exposure_path(project, KEY).read_bytes()

    assert put_exposure(project, KEY, dict(reversed(RECORD.items()))) == digest
    assert exposure_path(project, KEY).read_bytes() == data
    assert exposure_path(project, KEY).stat().st_mode & 0o777 == 0o600
    assert read_exposure(project, KEY, digest) == RECORD


def test_what_is_damaged_or_gone_is_not_there(tmp_path: Path) -> None:
    """Then its run is made again; a run that shows nothing of people needs no file."""
    project = Project(tmp_path)
    digest = put_exposure(project, KEY, RECORD)
    assert has_exposure(project, KEY, digest) and has_exposure(project, KEY, None)

    exposure_path(project, KEY).write_bytes(b"")
    assert not has_exposure(project, KEY, digest)
    assert read_exposure(project, KEY, digest) is None

    remove_exposure(project, KEY)
    assert not has_exposure(project, KEY, digest)
    assert RunKey.from_stem(KEY.file_stem) == KEY
