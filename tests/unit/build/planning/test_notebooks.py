"""Source notebooks are read and refused before anything is started."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lpe_reports.build.planning.notebooks import SourceNotebook, check_parameters, read_notebook
from lpe_reports.errors import NotebookError
from lpe_reports.settings import Project
from tiny_project import TinyProject, source_notebook

pytestmark = pytest.mark.promise(
    "notebooks", "A notebook or a parameter that is wrong is refused before a kernel starts"
)


def _read(tmp_path: Path, *cells: str, parameters: str | None = "unit = ''\nperiod = ''"):
    path = tmp_path / "n.ipynb"
    path.write_text(nbformat.writes(nbformat.from_dict(source_notebook(cells, parameters))))
    return read_notebook(path, Project(tmp_path))


def test_parameters_are_read_with_name_and_type(tmp_path: Path) -> None:
    """Plain and annotated assignments of literals are parameters; comments are not."""
    text = 'unit = "a"  # the unit\nperiod: str = ""\nweeks: int = 8\ncut = ["14:00"]\nlimit = None'

    found = _read(tmp_path, parameters=text).parameters

    assert {name: p.type_name for name, p in found.items()} == {
        "unit": "str", "period": "str", "weeks": "int", "cut": "list", "limit": "NoneType",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        (None, "no code cell with the tag 'parameters'"),
        ("unit = open('x')", "parameters cell, line 1: only `name = literal` may stand there"),
        ("unit = ''\nimport os", "parameters cell, line 2"),
        ("unit = ''\nunit = 'b'", "line 2: 'unit' stands twice"),
        ("unit = = 1", "its parameters cell is not Python (line 1)"),
    ],
)
def test_a_parameters_cell_that_cannot_be_read_is_refused(
    tmp_path: Path, parameters: str | None, problem: str
) -> None:
    """The message names the notebook and the line of the cell."""
    with pytest.raises(NotebookError) as error:
        _read(tmp_path, parameters=parameters)

    assert str(error.value).startswith("n.ipynb: ")
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no valid JSON"),
        (b"\xff\xfe", "no valid JSON"),
        (b"[" * 100_000, "no valid JSON"),
        (b"[]", "not a notebook of nbformat 4"),
        (b'{"nbformat": 3}', "not a notebook of nbformat 4"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', "at cells.0"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "at the top level"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "cells": 3, "metadata": {}}', "at the top level"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": '
            b'{"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}}',
            "language is not Python",
        ),
    ],
)
def test_what_is_no_python_notebook_is_refused(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    """Any file at all gives a notebook or a NotebookError, nothing else."""
    (tmp_path / "n.ipynb").write_bytes(content)

    with pytest.raises(NotebookError, match=r"^n\.ipynb: ") as error:
        read_notebook(tmp_path / "n.ipynb", Project(tmp_path))

    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("place", "named"),
    [(("cells", 0, "source"), "cell 1"), (("cells", 2, "source"), "cell 3"),
     (("cells", 2, "metadata", "title"), "cell 3"), (("metadata", "title"), "its metadata")],
    ids=str,
)  # fmt: skip
def test_half_a_sign_is_refused_where_it_stands(
    tmp_path: Path, place: tuple[str | int, ...], named: str
) -> None:
    """JSON can spell one that no file of UTF-8 can hold; cells are counted as authors do."""
    path = tmp_path / "n.ipynb"
    document = source_notebook(["1"], "unit = ''\nperiod = ''")
    *steps, last = place
    part: Any = document
    for step in steps:
        part = part[step]
    part[last] = "# \ud83d"
    path.write_text(json.dumps(document))

    with pytest.raises(NotebookError) as error:
        read_notebook(path, Project(tmp_path))

    assert str(error.value) == (
        f"n.ipynb: {named} holds half of a sign (\\ud83d); type the sign anew"
    )


def test_a_missing_notebook_is_refused(tmp_path: Path) -> None:
    """The message names the file as it stands in params."""
    with pytest.raises(NotebookError, match=r"^n\.ipynb: there is no such notebook"):
        read_notebook(tmp_path / "n.ipynb", Project(tmp_path))


def test_unknown_parameter_is_refused_with_what_there_is(tmp_path: Path) -> None:
    """papermill only warns; here notebook, parameter, giver and the nearest name are told."""
    notebook = _read(tmp_path, parameters="unit = ''\nperiod = ''\ncutoffs = []")

    with pytest.raises(NotebookError) as error:
        check_parameters(notebook, {"cutofs": ["14:00"]}, given_by="params/reports/end_times.yml")

    assert str(error.value) == (
        "n.ipynb: has no parameter 'cutofs', which params/reports/end_times.yml gives; "
        "it has unit, period, cutoffs; did you mean 'cutoffs'?"
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"weeks": "8"}, "'weeks' is of type int, r.yml gives str"),
        ({"weeks": True}, "'weeks' is of type int, r.yml gives bool"),
        ({"share": "1"}, "'share' is of type float, r.yml gives str"),
        ({"unit": "a"}, "r.yml: 'unit' is set for each run"),
    ],
)
def test_parameter_of_another_type_is_refused(
    tmp_path: Path, given: dict[str, object], problem: str
) -> None:
    """A parameter takes what its default is."""
    notebook = _read(tmp_path, parameters="unit = ''\nperiod = ''\nweeks = 8\nshare = 0.5")

    with pytest.raises(NotebookError, match=problem):
        check_parameters(notebook, given, given_by="r.yml")
    check_parameters(notebook, {"weeks": 3, "share": 1}, given_by="r.yml")


def test_every_notebook_takes_unit_and_period(tmp_path: Path) -> None:
    """A run is of a unit and a period, so a notebook that takes none of them cannot be run."""
    notebook = _read(tmp_path, parameters="unit = ''")

    with pytest.raises(NotebookError, match="no 'period', which every run is given; it has unit"):
        check_parameters(notebook, {}, given_by="r.yml")


def test_code_and_prose_have_digests_of_their_own(tmp_path: Path) -> None:
    """Text changes only the prose digest, code only the code digest, outputs neither."""
    base = _read(tmp_path, "1 + 1", "#:Words")

    assert _changed(base, _read(tmp_path, "1 + 1", "#:Other words")) == (False, True)
    assert _changed(base, _read(tmp_path, "1 + 2", "#:Words")) == (True, False)
    assert _changed(base, _read(tmp_path, "#:Words", "1 + 1")) == (False, True)
    path = tmp_path / "n.ipynb"
    document = json.loads(
        nbformat.writes(nbformat.from_dict(source_notebook(["1 + 1", "#:Words"])))
    )
    document["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    document["cells"][2]["execution_count"] = 7
    document["cells"][1]["source"] = "unit = ''\nperiod = ''"
    path.write_text(json.dumps(document))
    with_outputs = read_notebook(path, Project(tmp_path))
    assert _changed(base, with_outputs) == (False, False)
    assert with_outputs.cells_with_outputs == 1


def _changed(one: SourceNotebook, other: SourceNotebook) -> tuple[bool, bool]:
    return one.code_digest != other.code_digest, one.prose_digest != other.prose_digest


def test_tiny_project_is_what_it_says(tmp_path: Path) -> None:
    """The notebooks that other tests run pass the same checks as real ones."""
    path = TinyProject(tmp_path).write_report(["1"])

    assert set(read_notebook(path, Project(tmp_path)).parameters) == {"unit", "period", "weeks"}
