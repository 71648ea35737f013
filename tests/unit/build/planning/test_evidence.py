"""How things stand now: digests from the manifest alone, data only where they differ."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.build.planning.evidence import NightEvidence
from lpe_reports.build.planning.traces import Question
from lpe_reports.params.loading import Params, load_params
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.manifest import read_manifest
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import SmallOffice, operation, small_office

REPORT = """notebook: reports/tiny.ipynb
area: nyttjande
slug: tiny
title: Tiny
question: Is it?
owner: a@example.invalid
units: [hu-cop]
periods: {kind: month, last: 1}
"""


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A small office with one night."""
    made = small_office(tmp_path)
    made.extract()
    return made


def _ask(office: SmallOffice, *units: str) -> list[Question]:
    extract = open_extract(office.project)
    extract.has("comments")
    for unit in units:
        extract.read("operations", units=[unit], start=date(2026, 1, 1), end=date(2026, 4, 1))
    return [question.to_json() for question in extract.questions]


def _evidence(office: SmallOffice, params: Params) -> NightEvidence:
    return NightEvidence(office.project, params, open_extract(office.project).night)


@pytest.fixture
def params(tmp_path: Path, root: Path) -> Params:
    """The project's own params, without its reports."""
    folder = tmp_path / "office"
    shutil.copytree(
        root / "params", folder / "params", ignore=shutil.ignore_patterns("reports", "packs.yml")
    )
    shutil.copytree(root / "reports", folder / "reports")
    (folder / "reports" / "tiny.ipynb").touch()
    (folder / "params" / "reports").mkdir()
    (folder / "params" / "reports" / "tiny.yml").write_text(REPORT, encoding="utf-8")
    return load_params(Project(folder))


def test_unchanged_data_is_known_from_the_manifest(office: SmallOffice, params: Params) -> None:
    """The same data in a later load: the digests of the parts are the same."""
    questions = _ask(office, "hu-cop", "ga-cop")
    office.extract()

    evidence = _evidence(office, params)

    for question in questions:
        assert evidence.parts_digest(question) == question["parts_digest"]


def test_a_changed_row_concerns_those_who_read_it(office: SmallOffice, params: Params) -> None:
    """One operation more in one unit: other answers there, none elsewhere."""
    questions = _ask(office, "hu-cop", "ga-cop", "bo-opc", "ga-dagkir")
    office.tables["operations"].append(operation(8, operation_id="more", need_id=None))
    office.extract()

    evidence = _evidence(office, params)
    changed = [
        question["units"]
        for question in questions
        if evidence.parts_digest(question) != question["parts_digest"]
        and evidence.answer_digest(question) != question["answer_digest"]
    ]

    assert len(changed) == 1 and len(changed[0]) == 1


def test_a_change_outside_the_days_asked_for_is_seen_through(
    office: SmallOffice, params: Params
) -> None:
    """The part of the month is another one, the days asked for are the same."""
    extract = open_extract(office.project)
    extract.read("operations", start=date(2026, 1, 1), end=date(2026, 1, 15))
    (question,) = [question.to_json() for question in extract.questions]
    office.tables["operations"].append(operation(20, operation_id="more", need_id=None))
    office.extract()

    evidence = _evidence(office, params)

    assert evidence.parts_digest(question) != question["parts_digest"]
    assert evidence.answer_digest(question) == question["answer_digest"]


def test_a_table_that_is_gone_is_another_answer(office: SmallOffice, params: Params) -> None:
    """It cannot be asked again, so whoever read it has to run."""
    (question,) = [q for q in _ask(office, "hu-cop") if q["about"] == "rows"]
    gone = {**question, "table": "comments", "units": None, "start": None, "end": None}

    assert _evidence(office, params).answer_digest(gone) is None


def test_entries_of_params_have_digests(office: SmallOffice, params: Params) -> None:
    """One entry's change is no other's, and an entry that is gone has none."""
    evidence = _evidence(office, params)
    other = replace(params, site=params.site.model_copy(update={"office": "Kontoret"}))
    changed = _evidence(office, other)

    assert evidence.params_digest("site/office") != changed.params_digest("site/office")
    assert evidence.params_digest("units/hu-cop") == changed.params_digest("units/hu-cop")
    assert evidence.params_digest("units/nope") is None


def test_comparing_parts_imports_no_pandas(office: SmallOffice) -> None:
    """Deciding that nothing changed must be quick."""
    assert read_manifest(open_extract(office.project).folder).tables
    code = (
        "import sys\nimport lpe_reports.build.planning.evidence, lpe_reports.build.planning.plan\n"
        "import lpe_reports.cli.steps\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'papermill', 'altair', 'duckdb'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
