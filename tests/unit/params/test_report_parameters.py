"""Parameters of reports: what a run cannot be given is refused where it stands."""

import shutil
from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

REPORT = """notebook: reports/small.ipynb
area: nyttjande
slug: small
title: Liten
question: Går det?
owner: analys@example.invalid
units: [hu-cop]
periods: {kind: month, last: 1}
parameters:
  months: 12
"""


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Project:
    """The real params, with one report."""
    (tmp_path / "params" / "reports").mkdir(parents=True)
    for path in (root / "params").glob("*.yml"):
        shutil.copy(path, tmp_path / "params")
    # The packs are of reports that this one does not have.
    (tmp_path / "params" / "packs.yml").unlink()
    (tmp_path / "_quarto.yml").touch()
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "small.ipynb").touch()
    return Project(tmp_path)


def _load(project: Project, parameters: str) -> object:
    path = project.params / "reports" / "small.yml"
    path.write_text(REPORT + parameters, encoding="utf-8")
    return load_params(project).reports["small"].parameters


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        (
            "  since: 2026-01-01",
            "11: parameter 'since' is a date; write it as a text in quotes: '2026-01-01'",
        ),
        (
            "  at:\n    - 2026-01-01 10:00:00",
            "12: a time of day, where a day is expected; if it shall be a text, write it in "
            "quotes: '2026-01-01 10:00:00' (at parameters.at.0)",
        ),
        (
            "  names:\n    deep:\n      1: one",
            "13: the key 1 is no text; write it in quotes: '1' (at parameters.names.deep)",
        ),
        ("  limit: .nan", "11: .nan is no number; leave it out (at parameters.limit)"),
        ("  limit: -.inf", "11: -.inf is no number; leave it out (at parameters.limit)"),
        ("  some: !!set {a, b}", "11: the tag '!!set' means nothing here"),
        ("  some: !!binary aGVq", "11: the tag '!!binary' means nothing here"),
        ('  half: "\\ud83d"', "11: holds a sign that cannot be seen"),
    ],
)
def test_what_a_run_cannot_be_given_is_refused(
    project: Project, parameters: str, problem: str
) -> None:
    """With file, line and name, and what to write instead."""
    with pytest.raises(ParamsError) as error:
        _load(project, parameters)

    assert str(error.value).startswith(f"params/reports/small.yml:{problem}")


def test_all_that_json_holds_is_taken(project: Project) -> None:
    """Deep or not; a date in quotes is a text."""
    given = "  since: '2026-01-01'\n  deep: {a: [1, 2.5, true, null, {b: Åsa 😀}]}\n"

    assert _load(project, given) == {
        "months": 12,
        "since": "2026-01-01",
        "deep": {"a": [1, 2.5, True, None, {"b": "Åsa 😀"}]},
    }
