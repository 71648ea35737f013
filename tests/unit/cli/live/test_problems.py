"""What went wrong is told to an author in plain words, with the place."""

import ast
from pathlib import Path

import pytest

from lpe_reports.cli.live import words
from lpe_reports.cli.live.problems import FailedCell, Places, Problem, of_cell, of_end, of_error
from lpe_reports.errors import NotebookError, ParamsError, RenderError

SOURCE = "a = 1\nb = opertions\nc = 3"


def cell(places: Places, *, number: int | None = 7, error: str = "NameError") -> Problem:
    """A failed cell's problem, raised in the package below the cell's second line."""
    measure = places.package / "measures" / "waiting.py"
    trace = [
        "\x1b[31m---\x1b[39m",
        "Cell In[3], line 2\n----> 2 b = opertions",
        f"File {measure}:5, in waiting()",
        f"{error}: name 'opertions' is not defined",
    ]
    said = "name 'opertions' is not defined"
    return of_cell(FailedCell("reports/a.ipynb", number, SOURCE, error, said, trace), places)


def test_a_failed_cell_is_told_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    """Notebook, cell, line, the line itself; the package's own line where that raised."""
    problem = cell(Places(tmp_path))

    assert problem.title == "Cell 7 gick inte att köra"
    assert problem.where.startswith("reports/a.ipynb, cell 7, rad 2")
    assert "lpe_reports/measures/waiting.py, rad 5" in problem.where
    assert [line.text for line in problem.source if line.marked] == ["b = opertions"]
    assert "namn" in problem.meaning and "spara" in problem.todo
    assert "\x1b" not in problem.traceback


def test_a_module_that_a_cell_cannot_import_is_shown_instead_of_the_cell(tmp_path: Path) -> None:
    """As IPython tells of a SyntaxError: places set in, the module's last."""
    places = Places(tmp_path)
    module = places.package / "measures" / "waiting.py"
    trace = [
        "Traceback (most recent call last):",
        "  Cell In[2], line 1\n    from lpe_reports import page",
        f"  File {module}:3\n    def a(:",
        "SyntaxError: invalid syntax",
    ]

    failed = FailedCell("reports/a.ipynb", 3, SOURCE, "SyntaxError", "invalid syntax", trace)
    problem = of_cell(failed, places)

    assert problem.title == "lpe_reports/measures/waiting.py innehåller ett fel"
    assert problem.where == "lpe_reports/measures/waiting.py, rad 3"
    assert [line.number for line in problem.source if line.marked] == [3]


def test_an_error_when_the_page_is_closed_names_no_cell(tmp_path: Path) -> None:
    """The closing cell is none of the author's."""
    problem = cell(Places(tmp_path), number=None)

    assert problem.title == words.CLOSED
    assert problem.source == ()


def test_a_params_file_is_shown_at_its_line(tmp_path: Path) -> None:
    """The line stands in the text, whatever raised knows of it."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "site.yml").write_text("a: 1\nb: {\nc: 3\n", encoding="utf-8")

    problem = of_error(ParamsError("params/site.yml", 2, "no end"), Places(tmp_path))

    assert problem.where == "params/site.yml, rad 2"
    assert [line.text for line in problem.source if line.marked] == ["b: {"]
    assert problem.said == "no end"


def test_broken_code_is_shown_at_its_line(tmp_path: Path) -> None:
    """A module that is no Python names itself, not the machinery that read it."""
    broken = tmp_path / "measure.py"
    broken.write_text("def a(:\n    pass\n", encoding="utf-8")
    with pytest.raises(SyntaxError) as error:
        ast.parse(broken.read_text(encoding="utf-8"), str(broken))

    problem = of_error(error.value, Places(tmp_path))

    assert problem.title == "measure.py innehåller ett fel"
    assert problem.where == "measure.py, rad 1"
    assert [line.text for line in problem.source if line.marked] == ["def a(:"]


def test_what_surrounds_a_notebook_is_told_apart(tmp_path: Path) -> None:
    """A notebook that cannot be run, a page that cannot be rendered."""
    places = Places(tmp_path)

    wrong = of_error(NotebookError("reports/a.ipynb, cell 4: the picture x is missing"), places)
    assert wrong.where == "reports/a.ipynb, cell 4"
    assert of_error(RenderError("x: Pandoc could not"), places).title == words.RENDER


def test_advice_on_what_cannot_be_shown_does_not_contradict_the_error(tmp_path: Path) -> None:
    """A misspelt column has nothing to do with how a data frame is shown."""
    meaning, todo = words.explained("DisclosureError", "table 'a' has no column 'medain'")

    assert "dataram" not in meaning + todo
    assert "Felet säger" in todo


def test_paths_of_the_project_are_told_without_what_is_above_it(tmp_path: Path) -> None:
    """As its author knows them, with forward slashes."""
    places = Places(tmp_path)

    assert places.name(tmp_path / "reports" / "a.ipynb") == "reports/a.ipynb"
    assert places.plain(f"in {tmp_path}/reports/a.ipynb") == "in reports/a.ipynb"


@pytest.mark.parametrize("kind", [kind for kind in words.ENDED if kind])
def test_every_way_to_end_early_has_words(kind: str) -> None:
    """Each says what it means and what to do."""
    problem = of_end(kind, "reports/a.ipynb", 3, "x = 1")

    assert problem.meaning
    assert problem.todo
    assert problem == Problem.from_json(problem.as_json())


def test_the_ways_to_end_early_are_those_of_the_build() -> None:
    """A way that a build knows and no author's run can end in needs no words."""
    from lpe_reports.build.runs import FailureKind

    without = {"raised", "not rendered", "told", "disk full"}
    assert {str(kind) for kind in FailureKind} - without == {kind for kind in words.ENDED if kind}
