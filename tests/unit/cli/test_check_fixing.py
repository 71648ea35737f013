"""`lpe check --fix`: outputs and execution counts go, every other byte stays."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import lpe
from drawn import drawn
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import find_in
from lpe_reports.cli.checks.fixing import clear_outputs, cleared_text
from lpe_reports.cli.checks.notebook import Notebook
from lpe_reports.settings import Project
from notebook_cells import NAME, notebook

pytestmark = pytest.mark.promise(
    "authors", "`lpe check --fix` takes outputs away and leaves every other byte"
)

_MARK = "@outputs-here@"
_COUNT = "@count-here@"
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    sources=st.lists(st.text(), min_size=1, max_size=4),
    outputs=st.lists(_json, min_size=1),
    count=st.integers(),
    indent=st.sampled_from([None, 1, 2, "\t"]),
    separators=st.sampled_from([(",", ":"), (", ", " : "), (" ,\n", ":\r\n ")]),
    plain=st.booleans(),
    other=_json,
)
@drawn(40)
def test_every_other_byte_stays(
    sources: list[str],
    outputs: list[Any],
    count: int,
    indent: int | str | None,
    separators: tuple[str, str],
    plain: bool,
    other: Any,
) -> None:
    """However it is laid out, and whatever stands beside: only the values themselves go."""
    document = notebook(*sources)
    document["metadata"]["outputs"] = other  # no cell's
    for cell in document["cells"][3:]:
        cell["metadata"] = {"outputs": other, "execution_count": 3}
        if cell["cell_type"] == "code":
            cell |= {"outputs": _MARK, "execution_count": _COUNT}
    text = json.dumps(document, indent=indent, separators=separators, ensure_ascii=plain)
    full = text.replace(f'"{_MARK}"', json.dumps(outputs)).replace(f'"{_COUNT}"', str(count))
    empty = text.replace(f'"{_MARK}"', "[]").replace(f'"{_COUNT}"', "null")

    cleared, cells = cleared_text(full)

    assert cleared == empty
    assert cells == sum(cell["cell_type"] == "code" for cell in document["cells"][3:])


def test_notebook_without_outputs_is_not_written(root: Path) -> None:
    """Its file keeps its time, and what watches it is not woken."""
    for path in root.glob("reports/*/*.ipynb"):
        before = path.stat().st_mtime_ns

        assert clear_outputs(path) == 0
        assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [1, {}]}', "null"])
def test_file_that_is_no_notebook_stays(tmp_path: Path, text: str) -> None:
    """The check tells of it; nothing is written."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(text.encode())

    assert clear_outputs(path) == 0
    assert path.read_bytes() == text.encode()


def test_fix_clears_and_tells(tmp_path: Path) -> None:
    """What it cleared; what else is wrong is told as before."""
    (tmp_path / "params").mkdir()
    (tmp_path / "_quarto.yml").write_text("x: 1\n", encoding="utf-8")
    document = notebook("import os")
    document["cells"][3] |= {"outputs": [{"output_type": "stream"}], "execution_count": 4}
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    # A mark at the beginning and line ends of Windows, which it leaves as they are.
    text = "\ufeff" + json.dumps(document, indent=1).replace("\n", "\r\n")
    path.write_bytes(text.encode())

    told = lpe(tmp_path, "check", "--fix", NAME)

    cleared = path.read_bytes().decode()
    assert told.stdout.startswith(f"{NAME}: cleared 1 cell\n")
    assert "imports os" in told.stderr
    assert "lpe.outputs" not in told.stderr
    assert cleared.startswith("\ufeff{\r\n")
    assert cleared.replace("\r\n", "\n").count('"outputs": []') == 3


def test_fix_tells_of_a_file_that_it_cannot_clear(tmp_path: Path) -> None:
    """JSON may be UTF-16, and is read: its author is told why it stays as it is, and first."""
    (tmp_path / "params").mkdir()
    (tmp_path / "_quarto.yml").write_text("x: 1\n", encoding="utf-8")
    document = notebook("x = 1")
    document["cells"][3] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": ""}]}
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document), encoding="utf-16")

    told = lpe(tmp_path, "check", "--fix", NAME).stderr

    own = [line for line in told.splitlines() if NAME in line]
    assert "not UTF-8" in own[0]
    assert "`lpe check --fix` cannot clear" in own[0]
    (outputs,) = (line for line in own if "lpe.outputs" in line)
    assert "`lpe check --fix` clears nothing; save it as UTF-8 first" in outputs
    assert "clears it" not in told


def test_time_grows_with_the_cells_and_no_faster(tmp_path: Path) -> None:
    """Of several thousand cells; with their number squared each part would take half a minute."""
    large = notebook(*["x = 1"] * 5_000)
    for cell in large["cells"][1:]:
        cell["outputs"] = [{"text": "x" * 2_000}]
    text = json.dumps(large)
    rows = [f's{n} = p.series("operations")\np.lines(s{n})' for n in range(1_500)]
    many = notebook(*rows)

    begun = time.process_time()
    _, cells = cleared_text(text)
    fixed = time.process_time()
    findings = list(find_in(Notebook(NAME, tmp_path / NAME, many), Facts(Project(tmp_path))))
    checked = time.process_time()

    assert cells == 5_002
    assert len(findings) >= 1_500
    assert fixed - begun < 5
    assert checked - fixed < 5
