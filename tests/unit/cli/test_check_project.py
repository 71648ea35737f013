"""`lpe check` over a project: params, files, what is allowed, and how it is told."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from checked import notes, wrong
from command_line import lpe
from lpe_reports.cli.checks.project import check_project, looked_at
from lpe_reports.cli.checks.table import table
from lpe_reports.errors import UsageError
from lpe_reports.settings import Project
from notebook_cells import NAME, notebook
from parsed_params import share_parsed_params

pytestmark = pytest.mark.promise(
    "authors", "`lpe check` names all that is wrong at once, each with its file, cell or line"
)

WEEKLY = "params/reports/weekly.yml"


@pytest.fixture
def office(tmp_path: Path, root: Path) -> Project:
    """This project's params and notebooks in a folder of its own."""
    for part in ("params", "reports"):
        shutil.copytree(root / part, tmp_path / part)
    shutil.copy(root / "_quarto.yml", tmp_path)
    share_parsed_params(Project(tmp_path))
    return Project(tmp_path)


@pytest.fixture
def project(office: Project) -> Project:
    """The same with two of its reports: each takes a moment to look at."""
    for path in [*office.params.glob("reports/*.yml"), *office.reports.glob("*/*.ipynb")]:
        if path.stem not in ("weekly", "flow"):
            path.unlink()
    (office.params / "packs.yml").unlink()
    return office


def change(project: Project, file: str, old: str, new: str) -> int:
    """Change the first place where something stands; gives its line."""
    path = project.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    return text[: text.index(old)].count("\n") + 1


def write(project: Project, *sources: str, name: str = NAME) -> Path:
    """Write a notebook of these cells."""
    path = project.root / name
    path.write_text(json.dumps(notebook(*sources)), encoding="utf-8", newline="\n")
    return path


def test_this_project_is_in_order(root: Path) -> None:
    """Its ten notebooks, its params and `_quarto.yml`: no error, and nothing to note."""
    named = [root / "_quarto.yml", *root.glob("reports/*/*.ipynb")]

    assert [str(one) for one in check_project(Project(root), named)] == []


def test_params_of_one_file_are_told_all(project: Project) -> None:
    """Two mistakes of a file's shape, and two names in it that lead nowhere, each with its line."""
    first = change(project, "params/site.yml", "office:", "offise:")
    owner = change(project, WEEKLY, "owner: analys@example.invalid", "owner: nobody")
    last = change(project, WEEKLY, "last: 8", "last: many")
    units = change(project, "params/reports/flow.yml", "units: [", "units: [nowhere, no-one, ")

    told = wrong(project)

    places = [line.split(": ")[0] for line in told]
    for place in (
        f"params/site.yml:{first}",
        f"{WEEKLY}:{owner}",
        f"{WEEKLY}:{last}",
        f"params/reports/flow.yml:{units}",
    ):
        assert place in places
    assert sum("no unit" in line for line in told) == 2


def test_packs_that_name_nothing_are_told_all(office: Project) -> None:
    """Not the first of them alone."""
    path = office.params / "packs.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("report: flow", "report: flou"), encoding="utf-8", newline="\n")

    told = [line for line in wrong(office) if "no report 'flou'" in line]

    assert len(told) == text.count("report: flow")


def test_measure_without_definition_is_told(project: Project) -> None:
    """For the package's measure, and where a notebook asks for it or for an answer."""
    change(project, "params/glossary.yml", "- id: open_theatres", "- id: opened_theatres")
    change(project, "params/glossary.yml", "- id: unit_costs", "- id: unit_cost")

    told = "\n".join(wrong(project))

    assert "params/glossary.yml: no entry 'open_theatres' for the measure" in told
    assert "reports/followup/weekly.ipynb, cell 4, line 2: the measure 'open_theatres'" in told
    assert "flow.ipynb, cell 30, line 2: p.answer('flow_resources.costs') has no entry" in told


def test_table_that_no_contract_has_is_told_with_its_line(project: Project) -> None:
    """Where the report requires its rows."""
    line = change(project, WEEKLY, "parameters:", "requires_rows: [operation]\nparameters:")

    (told,) = [one for one in wrong(project) if "no table 'operation'" in one]
    assert told.startswith(f"{WEEKLY}:{line}: ")


def test_parameter_of_another_type_is_told_where_it_is_given(project: Project) -> None:
    """In the params file, by its line."""
    line = change(project, WEEKLY, "table_weeks: 26", "table_weeks: many")

    assert wrong(project) == [
        f"{WEEKLY}:{line}: reports/followup/weekly.ipynb: parameter 'table_weeks' is of type int, "
        f"{WEEKLY} gives str"
    ]


def test_report_without_notebook_and_notebook_without_report(project: Project) -> None:
    """Both are told, each where it stands."""
    (project.root / NAME).rename(project.root / "reports/followup/draft.ipynb")

    told = wrong(project)

    assert f"{WEEKLY}:1: there is no {NAME}" in told
    assert any(one.startswith("reports/followup/draft.ipynb: no file in params") for one in told)


def test_runtime_over_budget_is_noted(project: Project) -> None:
    """By what the notebooks took when they last ran; a slow machine stops nobody's commit."""
    project.build.mkdir(exist_ok=True)
    costs = {name: {"seconds": 9.0, "peak_bytes": 1} for name in ("weekly", "flow")}
    (project.build / "costs.json").write_text(json.dumps(costs), encoding="utf-8")
    text = (project.root / WEEKLY).read_text(encoding="utf-8")
    (project.root / WEEKLY).write_text(f"{text}budget_seconds: 4\n", encoding="utf-8")

    line = text.count("\n") + 1
    (told,) = notes(project)
    assert told.startswith(f"{WEEKLY}:{line}: its notebooks took 9.0 s each when they last ran")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "byte order mark"),
        (lambda data: data.replace(b"\n", b"\r\n"), "line ends of Windows"),
        (lambda data: data.decode().encode("utf-16"), "not UTF-8"),
    ],
)
def test_text_that_is_not_utf8_with_lf_is_told(
    project: Project, spoil: Callable[[bytes], bytes], said: str
) -> None:
    """Of a notebook and of params alike."""
    for name in (NAME, "params/site.yml"):
        path = project.root / name
        path.write_bytes(spoil(path.read_bytes()))

    told = [*wrong(project), *notes(project)]

    for name in (NAME, "params/site.yml"):
        assert any(one.startswith(name) and said in one for one in told), told


def test_file_that_is_no_notebook_is_told_beside_the_others(project: Project) -> None:
    """One damaged file hides nothing of another."""
    (project.root / NAME).write_text("{", encoding="utf-8")
    write(project, "import os", name="reports/followup/flow.ipynb")

    told = "\n".join(wrong(project))

    assert f"{NAME}: not a notebook (no valid JSON)" in told
    assert "reports/followup/flow.ipynb, cell 4, line 1: imports os" in told


def test_cell_is_let_off_with_a_reason_alone(project: Project) -> None:
    """One rule in one cell; one that is not needed any more is noted."""
    write(
        project,
        "# lpe: allow import because the library comes with the next version\nimport os",
        "# lpe: allow import because of nothing\nx = 1",
        "import os",
        "# lpe: allow loop because of another rule\nimport os",
        "# lpe: allow import\nimport os",
    )

    found = [one.split(":")[0] for one in wrong(project) if "imports os" in one]
    unused = [one.split(":")[0] for one in notes(project) if "needs" in one]

    assert found == [f"{NAME}, cell {cell}" for cell in ("6, line 1", "7, line 2", "8, line 2")]
    assert unused == [f"{NAME}, cell 5, line 1", f"{NAME}, cell 7, line 1"]


def test_prose_is_let_off_by_a_comment_that_no_page_shows(project: Project) -> None:
    """And the comment itself is no construct that is lost."""
    write(
        project, "#:<!-- lpe: allow unhonoured because Quarto shows it -->\n\n```{mermaid}\nx\n```"
    )

    assert notes(project) == []


def test_json_tells_machines_the_same(project: Project) -> None:
    """Rule, level, file, cell and line of each; exit code 9 where one is an error."""
    write(project, "import os")

    told = lpe(project.root, "check", "--json", NAME)

    body = json.loads(told.stdout)
    found = next(one for one in body["findings"] if one["rule"] == "lpe.import")
    assert told.returncode == 9
    assert body["errors"] == len([one for one in body["findings"] if one["level"] == "error"])
    assert (found["file"], found["cell"], found["line"]) == (NAME, 4, 1)


def test_files_are_looked_at_alone(project: Project) -> None:
    """A notebook is held against params, and tells of itself; what is no matter is passed over."""
    write(project, "import os")
    write(project, "import sys", name="reports/followup/flow.ipynb")
    (project.root / "README.md").write_text("x", encoding="utf-8")

    told = lpe(project.root, "check", NAME, "README.md")

    assert told.returncode == 9
    assert "imports os" in told.stderr
    assert "imports sys" not in told.stderr
    assert lpe(project.root, "check", "README.md").stdout == "0 files in order\n"


def test_params_among_the_files_bring_all_notebooks(project: Project) -> None:
    """A unit that is renamed is missing in notebooks that nobody has touched."""
    write(project, 'p.trend(p.series("operations", unit="bo-opc"))')
    change(project, "params/units.yml", "id: bo-opc", "id: bo-opk")

    told = lpe(project.root, "check", "params/units.yml")

    assert f"{NAME}, cell 4, line 1: no unit 'bo-opc'" in told.stderr


def test_picture_is_its_notebooks(project: Project) -> None:
    """A picture that is committed brings the notebooks that it lies beside or below."""
    picture = project.reports / "followup" / "bilder" / "a.svg"
    picture.parent.mkdir()
    picture.write_text("x", encoding="utf-8")

    found = {path.name for path in looked_at(project, [picture])}

    assert found == {path.name for path in (project.reports / "followup").glob("*.ipynb")}


def test_files_that_are_not_there_are_refused(project: Project, tmp_path: Path) -> None:
    """A misspelt name is not passed over as if it were in order."""
    with pytest.raises(UsageError, match=r"there is no file .*weekli\.ipynb"):
        looked_at(project, [project.reports / "followup" / "weekli.ipynb"])
    with pytest.raises(UsageError, match="outside the project"):
        looked_at(project, [tmp_path.parent])


def test_docs_have_every_rule(root: Path) -> None:
    """docs/checks.md is made from the code; `make docs` makes it."""
    assert (root / "docs" / "checks.md").read_text(encoding="utf-8") == table()


def test_what_is_no_file_is_told_and_stops_nothing(project: Project) -> None:
    """A folder in a notebook's place, a link to itself, params that are gone: a line for each."""
    folder = project.reports / "followup"
    (folder / "folder.ipynb").mkdir()
    (folder / "loop.ipynb").symlink_to("loop.ipynb")
    (project.params / "units.yml").unlink()
    (project.params / "glossary.yml").unlink()
    write(project, "import os")

    told = "\n".join(wrong(project))

    assert "params/units.yml: the file is missing" in told
    assert "params/glossary.yml: the file is missing" in told
    assert "folder.ipynb: is no file" in told
    assert "loop.ipynb: is no file" in told
    assert f"{NAME}, cell 4, line 1: imports os" in told
