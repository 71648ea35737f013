"""What a version says of its night: until when it is fresh, and which tables stand still."""

import json
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.params.loading import Params
from lpe_reports.render.build_record import version_record, version_script
from lpe_reports.render.edition import Edition
from lpe_reports.render.freshness import fresh_until, standing
from lpe_reports.warehouse.nights.manifest import Manifest
from sample_night import NIGHT, OPERATIONS, sample_night, sample_table
from sample_site import make_project, read_params, site_of


@pytest.fixture
def params(tmp_path: Path) -> Params:
    """The repository's params, with a source whose nights may be five days old."""
    project = make_project(tmp_path)
    file = project.params / "sources.yml"
    agreed = "    kind: files\n    freshness: {days: 5, tables: {operations: 2, needs: 1}}\n"
    file.write_text(file.read_text("utf-8").replace("    kind: files\n", agreed), "utf-8")
    return read_params(project)


@pytest.fixture
def edition(params: Params, tmp_path: Path) -> Edition:
    """A version of a real night whose needs are nine days old."""
    needs = sample_table("needs", latest_event_at="2026-05-02T12:00:00+02:00")
    return edition_of(params, tmp_path, sample_night(OPERATIONS, needs))


def edition_of(params: Params, root: Path, manifest: Manifest | None) -> Edition:
    return Edition(site_of(make_project(root / "site"), params), NIGHT, manifest=manifest)


def test_a_night_is_fresh_as_long_as_is_agreed_with_its_source(edition: Edition) -> None:
    """Days of the source that it came from, not of another."""
    assert fresh_until(edition) == date(2026, 5, 16)
    assert standing(edition) == [("needs", date(2026, 5, 2))]


def test_made_up_data_are_never_old(params: Params, tmp_path: Path) -> None:
    """The demo's last night is long past, and says nothing of any hospital."""
    demo = sample_night(OPERATIONS, source="demo", demo=True)

    assert fresh_until(edition_of(params, tmp_path, demo)) is None


def test_a_night_whose_source_is_no_longer_known_has_a_limit(
    params: Params, tmp_path: Path
) -> None:
    """An office that has renamed its source still tells that its night is old."""
    edition = edition_of(params, tmp_path, sample_night(OPERATIONS, source="before"))

    assert fresh_until(edition) == date(2026, 5, 13)


def test_the_version_tells_pages_and_machines_the_same(edition: Edition) -> None:
    """As JSON, and as a script in plain ASCII that every page runs."""
    record = json.loads(version_record(edition))
    script = version_script(edition).decode("ascii")

    assert record["fresh_until"] == "2026-05-16"
    assert record["standing"] == [
        {"table": "needs", "name": "operationsbehov", "newest": "2026-05-02"}
    ]
    told = json.loads(script.removeprefix("globalThis.lpeVersion=").removesuffix(";\n"))
    of_machines = {"pages", "site", "signals"}
    assert told == {name: value for name, value in record.items() if name not in of_machines}


def test_without_a_manifest_nothing_is_said(params: Params, tmp_path: Path) -> None:
    """A version of before extracts had manifests."""
    record = json.loads(version_record(edition_of(params, tmp_path, None)))

    assert (record["fresh_until"], record["standing"]) == (None, [])
