"""What notebooks cost is kept between builds, and nothing is lost with it."""

from pathlib import Path

import pytest

from lpe_reports.build.running.costs import Cost, read_costs, write_costs
from lpe_reports.settings import Project


def test_costs_are_kept_beside_those_of_other_reports(tmp_path: Path) -> None:
    """A build of one report forgets nothing of the others."""
    project = Project(tmp_path)
    write_costs(project, {"a": Cost(1.5, 100), "b": Cost(2.0, 200)})
    write_costs(project, {"b": Cost(3.0, 400)})

    assert read_costs(project) == {"a": Cost(1.5, 100), "b": Cost(3.0, 400)}


def test_a_larger_peak_is_forgotten_slowly(tmp_path: Path) -> None:
    """One light night is no proof; several are."""
    project = Project(tmp_path)
    write_costs(project, {"a": Cost(1.0, 1000)})
    write_costs(project, {"a": Cost(1.0, 100)})

    assert read_costs(project)["a"].peak_bytes == 750


@pytest.mark.parametrize("body", ["", "{", "[]", '{"a": 1}', '{"a": {"seconds": "x"}}'])
def test_a_damaged_file_is_as_none(tmp_path: Path, body: str) -> None:
    """It only helps; it never stops a build."""
    project = Project(tmp_path)
    project.build.mkdir()
    (project.build / "costs.json").write_text(body)

    assert read_costs(project) == {}
