"""Wrong input on the way to a site: one clear error each, and the published site untouched."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from chart_library import share_chart_library
from lpe_reports.cli import run
from lpe_reports.settings import Project
from small_warehouse import small_office
from tiny_project import source_notebook

pytestmark = pytest.mark.promise(
    "builds",
    "Wrong input on the way to a site is one clear error each, and the published site untouched",
)

PARAMETERS = 'unit = ""\nperiod = ""\nmonths = 12'
OPEN = 'from lpe_reports import page\np = page.open("small", unit=unit, period=period)'
READ = 'p.read("operations", units=[unit], start=p.period.start, end=p.period.end).shape'
GOOD = [OPEN, READ, 'p.note("Allt är som det ska.")']
REPORT = """
notebook: reports/small.ipynb
area: nyttjande
slug: liten
title: Liten
question: Går det?
owner: analys@example.invalid
units: [hu-cop, ga-cop]
periods: {kind: month, last: 1}
parameters: {months: 12}
"""


def _write_notebook(
    project: Project, cells: list[str], parameters: str | None = PARAMETERS
) -> None:
    made = nbformat.from_dict(source_notebook(cells, parameters))
    (project.reports / "small.ipynb").write_text(nbformat.writes(made), encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Project:
    """A small project with one published version."""
    office = small_office(tmp_path_factory.mktemp("office"), operations=150)
    office.write()
    project = office.project
    for path in (root / "params").glob("*.yml"):
        # The packs are of reports that this one does not have.
        if path.name not in ("sources.yml", "packs.yml"):
            shutil.copy(path, project.params)
    shutil.copy(root / "_quarto.yml", project.root)
    (project.params / "reports").mkdir()
    (project.params / "reports" / "small.yml").write_text(REPORT, encoding="utf-8")
    project.reports.mkdir()
    _write_notebook(project, GOOD)
    share_chart_library(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LPE_PROJECT", str(project.root))
        patch.setenv("LPE_DEBUG", "1")
        assert run(["nightly", "--jobs", "1"]) == 0
    return project


@pytest.fixture
def project(published: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The published project, to be spoilt in one place."""
    monkeypatch.setenv("LPE_PROJECT", str(published.root))
    monkeypatch.delenv("LPE_DEBUG", raising=False)
    return published


def _site(project: Project) -> dict[str, str]:
    files = (path for path in sorted(project.public.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _edit(name: str, old: str, new: str) -> Callable[[Project], None]:
    def spoil(project: Project) -> None:
        path = project.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return spoil


FAULTS: dict[str, tuple[Callable[[Project], None], int, str]] = {
    "a tab": (
        _edit("params/reports/small.yml", "title: Liten", "\ttitle: Liten"),
        2,
        "lpe: params/reports/small.yml:5: a tab in the indentation",
    ),
    "units: no": (
        _edit("params/reports/small.yml", "[hu-cop, ga-cop]", "no"),
        2,
        "lpe: params/reports/small.yml:8: units",
    ),
    "an unknown unit": (
        _edit("params/reports/small.yml", "[hu-cop, ga-cop]", "[hu-cop, hu-copp]"),
        2,
        "lpe: params/reports/small.yml:8: no unit 'hu-copp'; did you mean 'hu-cop'?",
    ),
    "an unknown parameter": (
        _edit("params/reports/small.yml", "{months: 12}", "{month: 12}"),
        2,
        "lpe: reports/small.ipynb: has no parameter 'month', which params/reports/small.yml gives; "
        "it has unit, period, months; did you mean 'months'?",
    ),
    "a parameter of another type": (
        _edit("params/reports/small.yml", "{months: 12}", "{months: twelve}"),
        2,
        "lpe: reports/small.ipynb: parameter 'months' is of type int, params/reports/small.yml "
        "gives str",
    ),
    "no parameters cell": (
        lambda project: _write_notebook(project, GOOD, None),
        2,
        "lpe: reports/small.ipynb: no code cell with the tag 'parameters'",
    ),
    "no notebook": (
        lambda project: (project.reports / "small.ipynb").unlink(),
        2,
        "lpe: params/reports/small.yml:2: there is no reports/small.ipynb",
    ),
    "a cut notebook": (
        lambda project: (project.reports / "small.ipynb").write_text('{"cells": ['),
        2,
        "lpe: reports/small.ipynb: not a notebook (no valid JSON)",
    ),
    "a notebook that raises": (
        lambda project: _write_notebook(project, [OPEN, "raise ValueError('19121212-1212')"]),
        4,
        "lpe: all 2 runs failed, so there is nothing new to publish and the published site is "
        "untouched; the first: small · hu-cop · 2026-05: cell 4 raised ValueError",
    ),
    "a notebook that asks for what there is not": (
        lambda project: _write_notebook(project, [OPEN, 'p.read("nope")']),
        4,
        "cell 4 raised UsageError",
    ),
    "a broken site description": (
        _edit("_quarto.yml", "lang: sv", "language: sv"),
        2,
        "lpe: _quarto.yml:1: expected the language, 'lang: sv'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_one_clear_error(
    project: Project, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code, place and problem; no value, no traceback; the site is what it was."""
    spoil, exit_code, message = FAULTS[name]
    before = _site(project)
    spoilt = [project.root / "_quarto.yml", project.params / "reports" / "small.yml"]
    kept = {path: path.read_bytes() for path in (*spoilt, project.reports / "small.ipynb")}
    spoil(project)
    try:
        assert run(["nightly", "--jobs", "1"]) == exit_code
        said = capsys.readouterr().err
    finally:
        for path, content in kept.items():
            path.write_bytes(content)

    assert message in said
    assert said.count("lpe: ") == 1
    assert "1212" not in said and "Traceback" not in said
    assert _site(project) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "smal"], "there is no report 'smal'; did you mean 'small'?"),
        (["--unit", "bo-opc"], "there is no unit of report small 'bo-opc'"),
        (["--period", "2026-W19"], "'2026-W19' is a week, but report small is made per month"),
        (["--period", "2026-13"], "'2026-13' is not in the calendar"),
        (["--period", "may"], "'may' is not a period; write it like"),
        (["--renderer", "word"], "no renderer 'word'"),
    ],
)
def test_a_selection_of_what_there_is_not_is_told(
    project: Project, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and the candidate and the site stay as they are."""
    before = _site(project)

    assert run(["build", *arguments]) == 2

    assert message in capsys.readouterr().err
    assert _site(project) == before


def test_a_selection_is_not_published_as_the_whole_site(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would take every other page away; after a whole build there is nothing to publish."""
    assert run(["build", "--unit", "hu-cop"]) == 0
    assert run(["publish"]) == 4
    assert "the candidate holds only the pages" in capsys.readouterr().err

    assert run(["build", "--json"]) == 0
    built = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert built["counts"] == {"built": 0, "reused": 2, "kept": 0, "failed": 0}
    assert run(["publish"]) == 0
    assert "the site shows all of this already" in capsys.readouterr().out


def test_a_damaged_extract_stops_a_run_that_reads_it(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cut Parquet file: no number is taken from it, and stored runs still hold."""
    before = _site(project)
    parts = sorted(project.extracts.glob("*/operations/**/*.parquet"))
    contents = {path: path.read_bytes() for path in parts}
    for path, content in contents.items():
        path.chmod(0o644)
        path.write_bytes(content[: len(content) // 2])
    try:
        assert run(["build", "--fresh"]) == 4
        assert "cell 4 raised ExtractError" in capsys.readouterr().err
        assert run(["check"]) == 9
        assert "operations/" in capsys.readouterr().err
    finally:
        for path, content in contents.items():
            path.write_bytes(content)

    assert _site(project) == before
