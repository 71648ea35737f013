"""`lpe check` on spellings: every one that leads nowhere, with its file and line."""

import shutil
from pathlib import Path

import pytest

from checked import wrong as check_wrong
from lpe_reports.settings import Project
from parsed_params import share_parsed_params

pytestmark = pytest.mark.promise(
    "warehouse",
    "A spelling that leads to no unit or code is counted, told and, beyond a limit, refused",
)


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Project:
    """This project's params in a folder of its own."""
    shutil.copytree(root / "params", tmp_path / "params")
    shutil.copy(root / "_quarto.yml", tmp_path)
    (tmp_path / "reports").mkdir()
    share_parsed_params(Project(tmp_path))
    return Project(tmp_path)


def _change(project: Project, file: str, old: str, new: str) -> int:
    """Change the first place where something stands; gives its line."""
    path = project.params / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def _about_spellings(project: Project) -> list[str]:
    return [line for line in check_wrong(project) if "leads to" in line or "means both" in line]


def test_check_finds_nothing_wrong_with_the_shipped_spellings(project: Project) -> None:
    """They are examples, and they hold."""
    assert _about_spellings(project) == []


def test_check_names_the_line_of_every_wrong_spelling(project: Project) -> None:
    """Of a system and of a source, of units and of codes, all in one go."""
    unit = _change(project, "sources.yml", "Utomläns: other", "Utomläns: others")
    code = _change(project, "sources.yml", "Ingen: none", "Ingen: non")
    own = _change(project, "sources.yml", "Operation Bollnäs: bo-opc", "Operation Bollnäs: bo")
    twice = _change(project, "units.yml", "provisio: [DKGA", "provisio: [OPGA, DKGA")

    told = _about_spellings(project)

    assert {line.split(": ")[0] for line in told} == {
        f"params/sources.yml:{unit}",
        f"params/units.yml:{twice}",
        f"params/sources.yml:{code}",
        f"params/sources.yml:{own}",
    }


def test_check_names_a_column_that_the_contract_does_not_have(project: Project) -> None:
    """What an extract would refuse, before there is one."""
    line = _change(project, "sources.yml", "          theatre: Sal\n", "          theater: Sal\n")

    told = [line for line in check_wrong(project) if "has no column 'theater'" in line]
    assert [each.split(": ")[0] for each in told] == [f"params/sources.yml:{line}"]


def test_check_names_a_table_of_freshness_that_there_is_not(project: Project) -> None:
    """It would be judged by nothing, and nobody would know."""
    line = _change(project, "sources.yml", "tables: {operations: 3", "tables: {operationz: 3")

    assert [each for each in check_wrong(project) if "operationz" in each] == [
        f"params/sources.yml:{line}: sources.demo.freshness.tables: no table 'operationz'; did "
        "you mean 'operations'?"
    ]
